"""Criteria that seem to say the contrary of what they mean: sick organs demanded, sound ones shut out."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from service.criteria.patient.interval import HIGHEST, LOWEST, Interval
from service.criteria.tree import leaves
from service.reference import concepts
from service.reference.analytes import ANALYTES
from service.reference.units import convert
from service.schemas.criterion import Criterion, Polarity
from service.schemas.expression import AnyLeaf, Limit, Measurement, ScaleScore
from service.schemas.issue import Place
from service.schemas.trial import Trial
from service.validate.demands import admitted, of_type, wishes
from service.validate.issues import Found, field, warning, words

LIVER = ("MESH:D008107", "MESH:D001660", "MESH:D007565")  # liver, biliary tract, jaundice
KIDNEY = ("MESH:D007674", "MESH:D002318")  # kidney, cardiovascular
HEART = ("MESH:D002318", "MESH:D006331")  # cardiovascular, heart
BLOOD = ("MESH:D006402", "MESH:D019337", "MESH:D006470")  # blood, its neoplasms, bleeding


class Harm(NamedTuple):
    """A limit that sound organs keep, in `unit`; beyond it the value is a disease's, or `explained_by` one of these."""

    high_is_bad: bool
    sound: float
    unit: str
    explained_by: tuple[str, ...]


HARMS = {
    "alt": Harm(True, 40, "U/L", LIVER),
    "ast": Harm(True, 40, "U/L", LIVER),
    "alp": Harm(True, 120, "U/L", LIVER),
    "ggt": Harm(True, 60, "U/L", LIVER),
    "bilirubin": Harm(True, 1.2, "mg/dL", LIVER),
    "bilirubin_direct": Harm(True, 0.3, "mg/dL", LIVER),
    "creatinine": Harm(True, 1.3, "mg/dL", KIDNEY),
    "egfr": Harm(False, 60, "mL/min/{1.73_m2}", KIDNEY),
    "creatinine_clearance": Harm(False, 60, "mL/min", KIDNEY),
    "lvef": Harm(False, 50, "%", HEART),
    "platelets": Harm(False, 150, "10*9/L", (*BLOOD, *LIVER)),
    "anc": Harm(False, 1.5, "10*9/L", BLOOD),
}


TAIL = re.compile(r"\b(?:unless|except|with the exception)\b.*", re.IGNORECASE | re.DOTALL)
EXCEPTION = re.compile(
    r"\b(if|allowed|in case|provided|metasta\w+|gilbert\w*|involvement|baseline|one of|any of|absence"
    r"|for (participants?|patients?|subjects?|those|children|adults)"
    r"|(?<!limit of )(?<!limits of )(?<!limit )normal(?! limit| upper))\b",
    re.IGNORECASE,
)
BELOW = re.compile(
    r"[<≤]|\b(less|below|under|within|up to|exceed|lower|no more|not more|max\w*|\w*fold)\b", re.IGNORECASE
)
ABOVE = re.compile(r"[>≥]|\b(more|greater|above|over|exceed\w*|higher|at least|min\w*|\w*fold)\b", re.IGNORECASE)


class Suspect(NamedTuple):
    """A measurement for which only a sick organ's value passes."""

    criterion: Criterion
    leaf: Measurement
    harm: Harm


def criteria_are_not_inverted(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """Only abnormal values pass, in a trial about no disease of that organ. Reported, never turned round."""
    suspects = [suspect for criterion in criteria for suspect in _suspects(criterion)]
    about = _about(trial) if suspects else set()
    reported: set[str] = set()
    for suspect in suspects:
        if suspect.criterion.id not in reported and about.isdisjoint(suspect.harm.explained_by):
            reported.add(suspect.criterion.id)
            yield warning("criterion_looks_inverted", _message(suspect), words(suspect.criterion), _conditions(trial))


def _suspects(criterion: Criterion) -> Iterator[Suspect]:
    """Measurements that pass for sick organs only, where no exception and no sign the other way may be misread."""
    if not any(type(leaf) is Measurement and leaf.analyte in HARMS for leaf in leaves(criterion.expression)):
        return
    inclusion, said = criterion.polarity is Polarity.INCLUSION, TAIL.sub("", criterion.text)
    stated = [each for each in wishes((criterion,)) if each.leaf.span is None or each.leaf.span.start < len(said)]
    if EXCEPTION.search(said) or any(_is_of_fitness(each.leaf) for each in stated):
        return
    found = [(leaf, holds) for _, leaf, holds in of_type(iter(stated), Measurement)]
    for leaf, _ in found:
        harm = HARMS.get(leaf.analyte or "")
        contrary = BELOW if harm and harm.high_is_bad is inclusion else ABOVE
        if harm is None or contrary.search(leaf.span.of(criterion.text) if leaf.span else said):
            continue
        if all(_only_sick(other, holds, harm) for other, holds in found if other.analyte == leaf.analyte):
            yield Suspect(criterion, leaf, harm)


def _is_of_fitness(leaf: AnyLeaf) -> bool:
    """A sentence that grades the patient as a whole may well be looking for the unfit."""
    return isinstance(leaf, ScaleScore) and leaf.scale != "grade"


def _only_sick(leaf: Measurement, holds: bool, harm: Harm) -> bool:
    """Whether no sound value passes."""
    passing = admitted(leaf.range, holds)
    if (
        passing is None
        or (passing.low == LOWEST) is harm.high_is_bad
        or (passing.high == HIGHEST) is not harm.high_is_bad
    ):
        return False
    edge = _edge(leaf, passing, harm)
    return edge is not None and (edge >= harm.sound if harm.high_is_bad else edge <= harm.sound)


def _edge(leaf: Measurement, passing: Interval, harm: Harm) -> float | None:
    """Where the passing values begin or end, in the unit of `harm`; multiples of a limit count from `sound`."""
    number = passing.low[0] if harm.high_is_bad else passing.high[0]
    if leaf.relative_to is not None:
        limit = Limit.ULN if harm.high_is_bad else Limit.LLN
        return float(number) * harm.sound if leaf.relative_to is limit else None
    if leaf.range.unit is None:
        return None
    edge = convert(number, leaf.range.unit, harm.unit, ANALYTES[leaf.analyte or ""])
    return None if edge is None else float(edge)


def _about(trial: Trial) -> set[str]:
    """Every concept that conditions, titles and keywords name, and all that is broader."""
    text = "\n".join([*trial.conditions, *trial.keywords, trial.brief_title or "", trial.official_title or ""])
    named = {each for mention in concepts.mentions(text) for each in mention.concepts}
    return named.union(*(concepts.ancestors(each) for each in named))


def _message(suspect: Suspect) -> str:
    name = ANALYTES[suspect.leaf.analyte or ""].name
    if suspect.criterion.polarity is Polarity.INCLUSION:
        return f"an inclusion asks for an abnormal {name}; it may have been meant as an exclusion"
    return f"an exclusion shuts out those with a sound {name}; it may have been meant as an inclusion"


def _conditions(trial: Trial) -> Place:
    return field("/conditions", "; ".join(trial.conditions))
