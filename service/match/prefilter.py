"""The patient's side of the candidate query: which trials could fit, for the store to find.

The claim, proved against brute force by a property test: a trial is missed only if it is ineligible, or if none of
the patient's recorded conditions is a kind of one of its conditions, may be one, or shares a word with one that the
vocabulary does not know. A patient with no condition that can be searched by is led to every trial that the age and
sex admit. (Under policy `unknown` a trial of a disease that the record does not mention at all stays undetermined
as well; there are as many of those as there are diseases, and they are not looked at.)
"""

from collections.abc import Iterable

from service.criteria.narrower import narrower
from service.criteria.patient.facts import Facts
from service.criteria.patient.meaning import ancestry, meaning_of
from service.criteria.patient.record import Entry
from service.criteria.patient.wording import content_words
from service.schemas.coding import ICD10CM, Coding
from service.schemas.envelope import ANY, WORD, CandidateQuery, Envelope
from service.schemas.patient import PatientCondition, Sex, VerificationStatus
from service.schemas.report import TrialFilter
from service.schemas.trial import EligibleSex

_SEXES = {Sex.MALE: EligibleSex.MALE, Sex.FEMALE: EligibleSex.FEMALE}


LONGEST_DAYS = 2**31 - 1
"""Older than any trial can ask, were it by a slip of the pen."""


def prefilter(facts: Facts, where: TrialFilter | None = None) -> CandidateQuery:
    """Ages, sex and keys; whatever is unknown stays unbounded. A trial that the caller names is judged in any case."""
    if where is not None and where.nct_ids:
        return CandidateQuery(age_high_days=LONGEST_DAYS, within=within(where), where=where)
    low, high = facts.age.in_days() if facts.age is not None else (0, CandidateQuery().age_high_days)
    return CandidateQuery(
        age_low_days=low,
        age_high_days=high,
        sex=_SEXES.get(facts.patient.sex) if facts.patient.sex else None,
        keys=keys_of(facts.conditions.entries),
        within=within(where),
        where=where,
    )


def keys_of(entries: Iterable[Entry[PatientCondition]]) -> frozenset[str] | None:
    """Every concept the conditions are, may be or may turn out to be, and every word; None when nothing is recorded."""
    held = [each for each in entries if each.fact.verification_status is not VerificationStatus.REFUTED]
    concepts = {concept for each in held for concept in each.meaning.stated | each.meaning.hinted}
    if not concepts:
        return None
    words = {WORD + word for each in held for word in each.words}
    return frozenset({ANY}).union(words, *(ancestry(concept) | narrower(concept) for concept in concepts))


def within(where: TrialFilter | None) -> frozenset[str] | None:
    """Keys of the conditions that the caller asks for, with everything narrower; None when none is asked for."""
    asked = where.condition if where is not None else ()
    names = (asked,) if isinstance(asked, str) else asked
    if not names:
        return None
    meant = {concept for name in names for concept in _meant(name)}
    words = {WORD + word for name in names for word in content_words(name)}
    return frozenset(words | meant).union(*map(narrower, meant))


def _meant(name: str) -> set[str]:
    """Every concept that a name, or a code of ICD-10-CM, may mean."""
    meaning = meaning_of(name, Coding(ICD10CM, name[:64]))
    return {*meaning.stated, *meaning.hinted}


def admits(query: CandidateQuery, envelope: Envelope) -> bool:
    """The candidate query's own condition, as the store's SQL states it."""
    if query.age_low_days > envelope.age_max_days or query.age_high_days < envelope.age_min_days:
        return False
    if query.sex is not None and envelope.sex not in {EligibleSex.ALL, query.sex}:
        return False
    return all(keys is None or not keys.isdisjoint(envelope.keys) for keys in (query.keys, query.within))
