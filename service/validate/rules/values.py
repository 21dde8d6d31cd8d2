"""Numbers as they were typed."""

import re
from collections.abc import Iterator

from service.reference.analytes import ANALYTES, Analyte
from service.reference.units import convert
from service.schemas.criterion import Criterion
from service.schemas.expression import Measurement
from service.schemas.quantity import exact
from service.schemas.trial import Trial
from service.validate.demands import of_type, wishes
from service.validate.issues import CRITERIA, Found, field, information, warning, words

FLATTENED = re.compile(
    r"(?<![\d.,^])\d+(?:[.,]\d+)?\s*[×xX✕*]\s*10(?P<power>[3-9]|1[0-2])(?!\d|[.,]\d|\s*[×xX]\s*\d)(?!\s*(?:mg|g|ml|mm|cm|µg|mcg)\b)"
)
TEN = "10"
PER = "/"  # in the unit of what a laboratory counts or weighs; lengths and shares may be of a disc, or of a change


def powers_are_marked(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """`1×108` where 1×10^8 is meant: the superscript was lost."""
    for pointer, text in _texts(trial):
        lost = tuple(FLATTENED.finditer(text)) if TEN in text else ()
        if lost:
            first = lost[0]
            message = f"`{first[0]}` is written without its superscript: 10^{first['power']} is meant"
            yield information("power_flattened", message, field(pointer, ", ".join(match[0] for match in lost)))


def limits_are_plausible(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """A limit that no patient's value can come near: a lost superscript, another unit."""
    for criterion, leaf, _ in of_type(wishes(criteria), Measurement):
        analyte = ANALYTES.get(leaf.analyte or "")
        if analyte is None or PER not in analyte.unit or leaf.relative_to is not None or leaf.range.unit is None:
            continue
        impossible = next(
            (end for end in (leaf.range.low, leaf.range.high) if _is_impossible(end, leaf.range.unit, analyte)), None
        )
        if impossible is not None:
            limits = f"{analyte.plausible.low:g} to {analyte.plausible.high:g} {analyte.unit}"
            message = f"{analyte.name} {impossible:g} {leaf.range.unit} lies outside of what is possible, {limits}"
            yield warning("value_implausible", message, words(criterion, leaf.span), words(criterion))


def _is_impossible(end: float | None, unit: str, analyte: Analyte) -> bool:
    """Whether an end is stated and beyond every value; zero is an end like another."""
    value = convert(exact(end), unit, analyte.unit, analyte) if end else None
    return value is not None and not analyte.plausible.contains(value)


def _texts(trial: Trial) -> Iterator[tuple[str, str]]:
    """Every prose of the record that holds doses or limits."""
    if trial.eligibility and trial.eligibility.criteria:
        yield CRITERIA, trial.eligibility.criteria
    for index, arm in enumerate(trial.arms):
        yield f"/arms/{index}/description", arm.description or ""
    for index, each in enumerate(trial.interventions):
        yield f"/interventions/{index}/description", each.description or ""
    yield "/briefSummary", trial.brief_summary or ""
    yield "/detailedDescription", trial.detailed_description or ""
