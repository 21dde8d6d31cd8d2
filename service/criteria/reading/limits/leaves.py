"""What can be bounded, and the leaf each bounded subject becomes."""

from typing import NamedTuple

from service.criteria.reading.limits.ends import Bound
from service.criteria.reading.limits.windows import TIME
from service.criteria.reading.tokens.lex import Token
from service.reference.analytes import ANALYTES, GROUPS
from service.reference.concepts import ConceptKind, concept
from service.reference.scales import SCALES, Scale
from service.reference.units import commensurable
from service.schemas.expression import (
    Age,
    AllOf,
    AnyOf,
    Biomarker,
    Expression,
    Measurement,
    ScaleScore,
    Survival,
    Timing,
    TreatmentIs,
)  # fmt: skip
from service.schemas.quantity import Range
from service.schemas.text import Span

SUBJECTS = ("gestation", "age", "survival", "lines", "scale", "analyte", "analytes")
_KNOWING = frozenset({*SUBJECTS, "concept"})
_RIGHT = frozenset({"gestation", "age", "survival", "lines", "scale", "analyte", "marker", "therapy"})
_THERAPIES = frozenset({ConceptKind.DRUG, ConceptKind.DRUG_CLASS})
SCORES = frozenset({None, "{score}", "1", "%"})
_MOST = 20
"""More than so many is no count of therapies: `opioids > 60 MME/day`."""

_RANKED = "{percentile}"
"""A place among others; UCUM has it for a pure number, but 95 % is no 95th percentile."""
_CELLS = frozenset({"%", "1"})


class Subject(NamedTuple):
    """What a bound is about: the table that knows it, its key there and the text's words."""

    table: str
    key: str
    name: str
    start: int
    end: int

    @property
    def on_right(self) -> bool:
        """Whether texts put it behind its number."""
        return self.table in _RIGHT

    @property
    def _is_measured(self) -> bool:
        return self.table in ("analyte", "analytes")

    def accepts(self, bound: Bound) -> bool:  # noqa: PLR0911 – one line a table
        """Whether a bound of this form and unit can be about it."""
        unit = bound.ranges[0].unit
        if bound.aged:
            return self.table == "age"
        if bound.relative_to is not None:
            return self._is_measured and not bound.bare
        if self._is_measured and bound.bare and bound.ranges[0].low == bound.ranges[0].high:
            return False
        if self.table in ("age", "survival", "gestation"):
            return unit is None or unit in TIME
        if self.table == "scale":
            return unit in SCORES and not (bound.bare and _off(SCALES[self.key], bound.ranges[0]))
        if self.table == "lines":
            return unit is None
        if self.table == "therapy":
            return unit is None and 0 < (bound.ranges[0].low or 0) <= _MOST
        if self.table == "marker":
            return unit in _CELLS or (unit is None and not bound.bare)
        if unit is None and (bound.bare or _is_count(bound, self)):
            return False
        return unit is None or self.table == "analytes" or fits(self.key, unit)


def _is_count(bound: Bound, subject: Subject) -> bool:
    """`at least one measurable lesion` counts lesions; it does not measure one."""
    low, high = bound.ranges[0].low, bound.ranges[0].high
    return subject.table == "analyte" and low == 1 and high is None and ANALYTES[subject.key].unit not in ("1", "%")


def _off(scale: Scale, range_: Range) -> bool:
    """A bare number that is no score of the scale."""
    return range_.low is not None and range_.high is not None and (range_.low < scale.low or range_.high > scale.high)


def fits(key: str, unit: str) -> bool:
    """Whether the analyte, or one beside it, is measured in units like this one."""
    return any(_is_measured_in(one, unit) for one in (key, *ANALYTES[key].siblings))


def _is_measured_in(key: str, unit: str) -> bool:
    analyte = ANALYTES[key]
    if _RANKED in (unit, analyte.unit):
        return unit == analyte.unit
    return commensurable(unit, analyte.unit, analyte)


def subject_of(token: Token, text: str) -> Subject | None:
    """The subject a token names, if it names one."""
    tags = token.tags
    if _KNOWING.isdisjoint(tags):
        return None
    for table in SUBJECTS:
        key = tags.get(table)
        if isinstance(key, str):
            return Subject(table, key, token.text(text), token.start, token.end)
    for found in _concepts(token):
        if concept(found).kind is ConceptKind.ANTIGEN:
            return Subject("marker", found, token.text(text), token.start, token.end)
        if concept(found).kind in _THERAPIES:
            return Subject("therapy", found, token.text(text), token.start, token.end)
    return None


def _concepts(token: Token) -> tuple[str, ...]:
    found = token.tags.get("concept")
    return found if isinstance(found, tuple) else ()


def leaf_of(subject: Subject, bound: Bound, span: Span) -> Expression:
    """The leaf, or a pair of leaves where both ends of the bound have units of their own."""
    leaves = tuple(_leaf(subject, range_, bound, span) for range_ in bound.ranges)
    return leaves[0] if len(leaves) == 1 else AllOf(of=leaves)


def _leaf(subject: Subject, range_: Range, bound: Bound, span: Span) -> Expression:  # noqa: PLR0911 – one line a table
    match subject.table:
        case "age":
            return Age(range=ranged(range_, range_.unit or "a"), span=span)
        case "survival":
            return Survival(range=ranged(range_, range_.unit or "mo"), span=span)
        case "gestation":
            return Measurement(
                analyte="gestational_age", name=subject.name, range=ranged(range_, range_.unit or "wk"), span=span
            )
        case "lines":
            return TreatmentIs(name="therapy", lines=range_, timing=Timing.PRIOR, span=span)
        case "therapy":
            return TreatmentIs(name=subject.name, concept=subject.key, lines=range_, timing=Timing.PRIOR, span=span)
        case "scale":
            return ScaleScore(scale=subject.key, range=ranged(range_, None), span=span)
        case "marker":
            return Biomarker(marker=subject.name, concept=subject.key, range=range_, span=span)
        case "analytes":
            return _group(subject, range_, bound, span)
        case "analyte":
            return Measurement(
                analyte=_sibling(subject.key, range_.unit),
                name=subject.name,
                range=range_,
                relative_to=bound.relative_to,
                span=span,
            )
        case _:
            return Measurement(name=subject.name, range=range_, relative_to=bound.relative_to, span=span)


def _sibling(key: str, unit: str | None) -> str:
    """`lymphocytes > 20 %` bounds the share, not the count."""
    if unit is None or _is_measured_in(key, unit):
        return key
    return next((one for one in ANALYTES[key].siblings if _is_measured_in(one, unit)), key)


def _group(subject: Subject, range_: Range, bound: Bound, span: Span) -> Expression:
    """`transaminases ≤ 3 × ULN`: a ceiling is for all of them, a floor for any."""
    keys = GROUPS[subject.key]
    leaves = tuple(
        Measurement(
            analyte=key,
            name=subject.name,
            range=_second(range_, bound) if i else range_,
            relative_to=bound.relative_to,
            span=span,
        )
        for i, key in enumerate(keys)
    )
    return AnyOf(of=leaves) if range_.low is not None and range_.high is None else AllOf(of=leaves)


def _second(range_: Range, bound: Bound) -> Range:
    """The diastolic range of `≥ 160/100 mmHg`."""
    if bound.over is None:
        return range_
    if range_.low is not None:
        return Range(low=bound.over, low_inclusive=range_.low_inclusive, unit=range_.unit)
    return Range(high=bound.over, high_inclusive=range_.high_inclusive, unit=range_.unit)


def ranged(range_: Range, unit: str | None) -> Range:
    """The same ends in another unit."""
    return Range(
        low=range_.low,
        low_inclusive=range_.low_inclusive,
        high=range_.high,
        high_inclusive=range_.high_inclusive,
        unit=unit,
    )
