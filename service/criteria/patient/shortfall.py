"""Where one entry of a disease falls short of what is asked of it: to be there, to be so qualified, to be of that time.

Each function answers None where it does not.
"""

from datetime import date
from functools import lru_cache

from service.criteria.finding import Finding, Spoken, lacking, settled
from service.criteria.patient.dates import Days, days_of, window_truth
from service.criteria.patient.qualify import HISTORY, PRESENT, open_qualifier, qualified, status_of
from service.criteria.patient.record import Entry
from service.criteria.patient.wording import spanned
from service.reference import concepts as vocabulary
from service.schemas.expression import ConditionIs, Window
from service.schemas.patient import ClinicalStatus, PatientCondition
from service.schemas.truth import FALSE, TRUE, UNKNOWN, Truth

Mine = Entry[PatientCondition]


def lacks_presence(leaf: ConditionIs, entry: Mine, spoken: Spoken) -> Finding | None:
    """A disease in remission may count as present; a resolved one counts only where history is asked about."""
    status = status_of(entry.fact)
    if HISTORY in leaf.qualifiers or "resolved" in leaf.qualifiers:
        return None
    if leaf.window is not None and leaf.window.within is not None:
        return None
    if entry.past and status is None:
        return lacking(
            f"{entry.name} may be over",
            f"whether {leaf.name} is still present",
            f"{entry.pointer}/clinicalStatus",
            entry.evidence,
        )
    if status is None or status in PRESENT:
        return None
    said = status.value
    if status is ClinicalStatus.RESOLVED or "active" in leaf.qualifiers:
        return settled(False, lambda: f"{spoken()}, {said}", entry.evidence)
    return lacking(
        lambda: f"{spoken()}, {said}: whether that counts as present is not said",
        f"whether {entry.name} is active",
        f"{entry.pointer}/clinicalStatus",
        entry.evidence,
    )


def lacks_qualifiers(leaf: ConditionIs, entry: Mine, spoken: Spoken) -> Finding | None:
    """A qualifier that the disease's name tells, or the entry's, is told."""
    open_ones = tuple(qualifier for qualifier in leaf.qualifiers if not _is_named(qualifier, leaf.name, entry))
    truth = qualified(open_ones, entry)
    if truth is TRUE:
        return None
    if truth is FALSE:
        return settled(False, lambda: f"{spoken()}, but not {' '.join(leaf.qualifiers)}", entry.evidence)
    qualifier, member = open_qualifier(open_ones, entry)
    return lacking(
        lambda: f"{spoken()}; whether {qualifier} is not recorded",
        f"whether {entry.name} is {qualifier}",
        f"{entry.pointer}/{member}",
        entry.evidence,
    )


def _is_named(qualifier: str, name: str, entry: Mine) -> bool:
    """Whether the entry's disease is by its very name so: acute lymphoblastic leukemia is acute."""
    return _sole_meaning(f"{qualifier} {name}") in entry.meaning.implied


@lru_cache(maxsize=4096)
def _sole_meaning(name: str) -> str | None:
    """Of words of a criterion."""
    known = vocabulary.lookup(name)
    return known[0].id if len(known) == 1 else None


def lacks_time(leaf: ConditionIs, entry: Mine, spoken: Spoken, on: date) -> Finding | None:
    """Against the onset and the abatement of the entry."""
    window = leaf.window
    if window is None or (window.within is None and window.at_least is None):
        return None
    onset, end = days_of(entry.fact.onset_date), days_of(entry.fact.abatement_date)
    truth = _overlap(window, onset, end, on)
    if truth is TRUE:
        return None
    if truth is FALSE:
        return settled(False, lambda: f"{spoken()}, but not {spanned(window)}", entry.evidence)
    member = "onsetDate" if onset is None else "abatementDate"
    return lacking(
        lambda: f"{spoken()}; whether {spanned(window)} is not recorded",
        f"{'since' if onset is None else 'until'} when the patient has had {entry.name}",
        f"{entry.pointer}/{member}",
        entry.evidence,
    )


def _overlap(window: Window, onset: Days | None, end: Days | None, on: date) -> Truth:
    """Begun or ended in the window is in it; begun before it, with no end recorded, may be."""
    starts = window_truth(window, onset, on) if onset else UNKNOWN
    if window.at_least is not None or starts is TRUE:
        return starts
    ends = window_truth(window, end, on) if end else UNKNOWN
    if ends is TRUE:
        return ends
    return FALSE if ends is FALSE and end is not None else UNKNOWN
