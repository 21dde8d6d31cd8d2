"""Qualifiers of a disease: "relapsed", "severe", "stage III", held against one entry of the record."""

import re
from collections.abc import Callable
from functools import lru_cache

from service.criteria.patient.record import Entry
from service.schemas.coding import ICD10CM
from service.schemas.patient import ClinicalStatus, PatientCondition, Severity
from service.schemas.truth import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of

Qualify = Callable[[PatientCondition], Truth]

PRESENT = frozenset({None, ClinicalStatus.ACTIVE, ClinicalStatus.RECURRENCE, ClinicalStatus.RELAPSE})
OVER = frozenset({ClinicalStatus.INACTIVE, ClinicalStatus.REMISSION, ClinicalStatus.RESOLVED})
RELAPSED = frozenset({ClinicalStatus.RECURRENCE, ClinicalStatus.RELAPSE})
HISTORY = "history"
OTHER = "other"
SUSPECTED = "suspected"
ELSEWHERE = frozenset({"at risk of", "family history of"})
"""Qualifiers of a disease that the patient need not have."""

_HAEMATOLOGIC = re.compile(r"C9[0-5]\.?[0-9A-Z]([0-2])", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:no|not|non|never|without)\b[\s-]*(?:\w+[\s-]+)?$", re.IGNORECASE)
_STAGE = re.compile(r"\b(?:stage\s*)?(iv|i{1,3}|[0-4])\s*([a-d]?)\d?\b", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_OR = re.compile(r"\s*(?:/|\bor\b|\band/or\b|,)\s*")
_SYNONYMS = {
    "relapsed": ("relapse", "relapsed", "recurrent", "recurrence", "relapsing"),
    "refractory": ("refractory", "resistant"),
    "severe": ("severe", "serious"),
    "metastatic": ("metastatic", "metastasis", "metastases", "metastasized"),
    "newly diagnosed": ("newly diagnosed", "new diagnosis", "de novo"),
}


def status_of(fact: PatientCondition) -> ClinicalStatus | None:
    """As recorded; else as the code tells: ICD-10-CM C90 to C95 end in 1 for remission, in 2 for relapse."""
    if fact.clinical_status is not None or fact.code is None or fact.code.system != ICD10CM:
        return fact.clinical_status
    hit = _HAEMATOLOGIC.fullmatch(fact.code.code.strip())
    return {"1": ClinicalStatus.REMISSION, "2": ClinicalStatus.RELAPSE}.get(hit[1]) if hit else None


def qualified(qualifiers: tuple[str, ...], entry: Entry[PatientCondition]) -> Truth:
    """Whether the entry satisfies every qualifier; UNKNOWN where it is silent about one."""
    if not qualifiers:
        return TRUE
    wanted = [q for q in map(str.lower, qualifiers) if q not in {HISTORY, OTHER}]
    return all_of([any_of([_one(part, entry) for part in _OR.split(q) if part]) for q in wanted])


def open_qualifier(qualifiers: tuple[str, ...], entry: Entry[PatientCondition]) -> tuple[str, str]:
    """The first qualifier that the entry is silent about, and the member that would tell."""
    for qualifier in qualifiers:
        if qualified((qualifier,), entry) is UNKNOWN:
            return qualifier, MEMBERS.get(_head(qualifier), "text")
    return "", "text"


def _one(qualifier: str, entry: Entry[PatientCondition]) -> Truth:
    rule = RULES.get(_head(qualifier))
    truth = rule(entry.fact) if rule is not None else UNKNOWN
    if qualifier.startswith(("stage", "grade")):
        truth = _stage(qualifier, entry.fact)
    return truth if truth is not UNKNOWN else said(qualifier, entry.name)


def _head(qualifier: str) -> str:
    low = qualifier.lower()
    for head, words in _SYNONYMS.items():
        if low in words:
            return head
    return low.split()[0] if low.startswith(("stage", "grade")) else low


def said(qualifier: str, name: str) -> Truth:
    """TRUE where the entry's own words carry the qualifier, not denied."""
    for hit in _words(qualifier).finditer(name):
        if not _NEGATED.search(name[: hit.start()]):
            return TRUE
    return UNKNOWN


@lru_cache(maxsize=2048)
def _words(qualifier: str) -> re.Pattern[str]:
    """A qualifier in any of its words."""
    spelled = "|".join(map(re.escape, _SYNONYMS.get(_head(qualifier), (qualifier,))))
    return re.compile(rf"\b(?:{spelled})\b", re.IGNORECASE)


def _active(fact: PatientCondition) -> Truth:
    return UNKNOWN if status_of(fact) is None else Truth.of(status_of(fact) in PRESENT)


def _relapsed(fact: PatientCondition) -> Truth:
    return TRUE if status_of(fact) in RELAPSED else UNKNOWN


def _refractory(fact: PatientCondition) -> Truth:
    return UNKNOWN if fact.refractory is None else Truth.of(fact.refractory)


def _severity(wanted: Severity) -> Qualify:
    return lambda fact: UNKNOWN if fact.severity is None else Truth.of(fact.severity is wanted)


def _stage(qualifier: str, fact: PatientCondition) -> Truth:
    """A recorded "IIIB" is stage III; a recorded "III" may be stage IIIB."""
    wanted, given = _stages(qualifier), _stages(fact.stage or "")
    if not wanted or len(given) != 1:
        return UNKNOWN
    number, letter = given[0]
    return any_of([_same_stage(number, letter, *each) for each in _spread(qualifier, wanted)])


def _same_stage(number: int, letter: str, wanted: int, wanted_letter: str) -> Truth:
    if number != wanted:
        return FALSE
    if not wanted_letter or letter == wanted_letter:
        return TRUE
    return FALSE if letter else UNKNOWN


def _stages(text: str) -> list[tuple[int, str]]:
    return [
        (_ROMAN.get(number.lower()) or int(number), letter.lower())
        for number, letter in _STAGE.findall(text)
        if number.isdigit() or number.lower() in _ROMAN
    ]


def _spread(qualifier: str, stages: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Every stage between those that "III-IV" or "I to III" name."""
    if (
        len(stages) == 2
        and re.search(r"[-–]|\bto\b|\bthrough\b", qualifier)
        and not any(letter for _, letter in stages)
    ):
        return [(number, "") for number in range(stages[0][0], stages[1][0] + 1)]
    return stages


def _resolved(fact: PatientCondition) -> Truth:
    return Truth.of(True) if status_of(fact) in OVER else UNKNOWN


def _new(fact: PatientCondition) -> Truth:
    return FALSE if status_of(fact) in RELAPSED else UNKNOWN


def _now(fact: PatientCondition) -> Truth:
    return Truth.of(status_of(fact) in PRESENT)


RULES: dict[str, Qualify] = {
    "active": _active,
    "concomitant": _now,
    "relapsed": _relapsed,
    "refractory": _refractory,
    "newly diagnosed": _new,
    "resolved": _resolved,
    "mild": _severity(Severity.MILD),
    "moderate": _severity(Severity.MODERATE),
    "severe": _severity(Severity.SEVERE),
}
MEMBERS = {
    "active": "clinicalStatus", "concomitant": "clinicalStatus", "relapsed": "clinicalStatus",
    "resolved": "clinicalStatus", "newly diagnosed": "onsetDate", "refractory": "refractory",
    "mild": "severity", "moderate": "severity", "severe": "severity", "stage": "stage", "grade": "stage",
}  # fmt: skip
"""Where in a condition the answer to an open qualifier belongs."""
