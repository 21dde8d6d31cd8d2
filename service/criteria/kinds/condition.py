"""Diseases: "acute leukemia", "history of severe asthma", "active hepatitis B"."""

import re
from functools import partial

from msgspec.structs import replace

from service.criteria.bounds import Bounds
from service.criteria.finding import Finding, decisive, lacking, settled, standing, unsure
from service.criteria.kind import Kind
from service.criteria.patient.aims import covers_all_studied, is_studied_disease
from service.criteria.patient.bearing import PERSON, entry_keys
from service.criteria.patient.exceptions import exception_truth
from service.criteria.patient.facts import Facts
from service.criteria.patient.meaning import ancestry, named, telling_words
from service.criteria.patient.qualify import (
    ELSEWHERE,
    HISTORY,
    OTHER,
    SUSPECTED,
    qualified,
)
from service.criteria.patient.record import Entry, Related
from service.criteria.patient.shortfall import lacks_presence, lacks_qualifiers, lacks_time
from service.criteria.patient.wording import timed
from service.reference import concepts as vocabulary
from service.schemas.envelope import ANY, WORD
from service.schemas.expression import ConditionIs, Expression, Unparsed
from service.schemas.patient import PatientCondition, Section, VerificationStatus
from service.schemas.truth import FALSE, TRUE, UNKNOWN, Truth

Mine = Entry[PatientCondition]
ADULT_DAYS = 18 * 365
_DOUBT = re.compile(r"\b(?:suspected|suspicion of|possible|probable)\b", re.IGNORECASE)
_AGED = re.compile(r"(?:(?P<young>childhood|pa?ediatric)|adult)\s+", re.IGNORECASE)


def evaluate(leaf: ConditionIs, facts: Facts) -> Finding:
    """A narrower disease is the disease; a broader one may be. Only a refuted entry, or a closed record, says no."""
    leaf = _at_this_age(leaf, facts)
    related = facts.conditions.related(leaf.concept, leaf.name)
    if not ELSEWHERE.isdisjoint(leaf.qualifiers):
        return _elsewhere(leaf, facts)
    if SUSPECTED in leaf.qualifiers:
        return _suspected(leaf, related)
    refuted = _refuting(leaf, related)
    held = [each for each in related.same if not _is(each, VerificationStatus.REFUTED)]
    findings = [_by_entry(leaf, each, facts) for each in held]
    if refuted:
        return _denied(leaf, findings, refuted[0])
    if (best := standing(findings)) is not None:
        return best
    if findings and not _near(related) and (closed(leaf, facts) or _told(leaf, held, related)):
        return findings[0]
    return _unsaid(leaf, related, findings, facts)


def _at_this_age(leaf: ConditionIs, facts: Facts) -> ConditionIs:
    """What is left of "childhood leukemia" for a child, of "adult leukemia" for an adult: leukemia."""
    hit = _AGED.match(leaf.name)
    if hit is None or facts.age is None:
        return leaf
    low, high = facts.age.in_days()
    fits = high < ADULT_DAYS if hit["young"] else low > ADULT_DAYS
    known = vocabulary.lookup(leaf.name[hit.end() :]) if fits else ()
    return replace(leaf, concept=known[0].id) if len(known) == 1 else leaf


def _told(leaf: ConditionIs, held: list[Mine], related: Related[PatientCondition]) -> bool:
    """Whether what the entries deny is denied of the very disease: not of a kind of it, another bout or another one."""
    return leaf.window is None and OTHER not in leaf.qualifiers and all(each in related.exact for each in held)


def _elsewhere(leaf: ConditionIs, facts: Facts) -> Finding:
    """Risk and family history: only an entry that says so in these words."""
    phrase = next(qualifier for qualifier in leaf.qualifiers if qualifier in ELSEWHERE)
    for each in facts.conditions.entries:
        said = phrase in each.name.lower() and not _is(each, VerificationStatus.REFUTED)
        if said and any(leaf.concept in ancestry(concept) for concept in each.meaning.hinted):
            return settled(True, f"the record lists {each.name}", each.evidence)
    return lacking(f"{phrase} {leaf.name} is not recorded", f"{phrase} {leaf.name}", "/conditions/-")


def _suspected(leaf: ConditionIs, related: Related[PatientCondition]) -> Finding:
    """A suspicion is recorded as provisional or in words; records seldom list them, so only a refutation says no."""
    others = tuple(qualifier for qualifier in leaf.qualifiers if qualifier != SUSPECTED)
    plain = leaf.window is None and not leaf.other_than
    for each in (*related.same, *related.perhaps):
        by_status = each in related.same and _is(each, VerificationStatus.PROVISIONAL)
        in_words = bool(_DOUBT.search(each.name)) and not _is(each, VerificationStatus.REFUTED)
        if plain and (by_status or in_words) and qualified(others, each) is TRUE:
            return settled(True, f"{each.name} is {'provisional' if by_status else 'recorded'}", each.evidence)
    refuted = _refuting(leaf, related)
    if refuted and len(refuted) >= len(related.same):
        return settled(False, f"{refuted[0].name} is refuted", refuted[0].evidence)
    name = named(leaf.concept, leaf.name)
    near = (*related.same, *related.near)
    reason = f"the record does not say whether {leaf.name} is suspected"
    return lacking(reason, f"whether {name} is suspected", near[0].pointer if near else "/conditions/-")


def closed(leaf: ConditionIs, facts: Facts) -> bool:
    """Whether silence about this disease is a "no"."""
    return Section.CONDITIONS in facts.closed and facts.conditions.rule_out(leaf.concept, leaf.name)


def bounds(leaf: ConditionIs) -> Bounds:
    """The concept; of a name without one meaning, every meaning and every telling word."""
    hit = _AGED.match(leaf.name)
    grown = frozenset(known.id for known in vocabulary.lookup(leaf.name[hit.end() :])) if hit else frozenset[str]()
    if leaf.concept is not None:
        return Bounds(keys=grown | {leaf.concept})
    words = frozenset(WORD + word for word in telling_words(leaf.name))
    readings = frozenset(known.id for known in vocabulary.lookup(leaf.name))
    return Bounds(keys=words | readings | grown or frozenset({ANY}))


def keys(leaf: ConditionIs) -> frozenset[str]:
    """An entry that is the disease, may be it or sounds like it; the age, where the disease's name speaks of it."""
    return entry_keys("conditions", leaf.concept, leaf.name) | (PERSON if _AGED.match(leaf.name) else frozenset())


def _is(entry: Mine, status: VerificationStatus) -> bool:
    return entry.fact.verification_status is status


def _refuting(leaf: ConditionIs, related: Related[PatientCondition]) -> list[Mine]:
    """Denials of the disease or of a broader one, with nothing beside the name that would narrow them."""
    told = related.exact if leaf.concept is None else (*related.exact, *related.broader)
    refuted = [each for each in told if _is(each, VerificationStatus.REFUTED)]
    return [each for each in refuted if leaf.concept is None or each.meaning.whole]


def _denied(leaf: ConditionIs, findings: list[Finding], refuted: Mine) -> Finding:
    stated = [finding for finding in findings if finding.truth is not FALSE]
    if stated:
        reason = f"the record both states and refutes {leaf.name}"
        return lacking(
            reason, f"whether the patient has {leaf.name}", refuted.pointer, *stated[0].evidence, refuted.evidence
        )
    return settled(False, f"{refuted.name} is refuted", refuted.evidence)


def _near(related: Related[PatientCondition]) -> list[Mine]:
    return [each for each in related.near if not _is(each, VerificationStatus.REFUTED)]


def _by_entry(leaf: ConditionIs, entry: Mine, facts: Facts) -> Finding:
    """What one entry of the disease says about the whole sentence."""
    if _is(entry, VerificationStatus.PROVISIONAL):
        return lacking(
            f"{entry.name} is provisional",
            f"whether {entry.name} is confirmed",
            f"{entry.pointer}/verificationStatus",
            entry.evidence,
        )
    spoken = partial(_spoken, leaf, entry, facts)
    tests = (
        _excepted(leaf, entry, facts),
        lacks_presence(leaf, entry, spoken),
        lacks_qualifiers(leaf, entry, spoken),
        lacks_time(leaf, entry, spoken, facts.on),
    )
    return decisive(tests) or settled(True, spoken, entry.evidence)


def _excepting(leaf: Expression, alone: Facts) -> Truth:
    return evaluate(leaf, alone).truth if isinstance(leaf, ConditionIs) else UNKNOWN


def _excepted(leaf: ConditionIs, entry: Mine, facts: Facts) -> Finding | None:
    """An entry that is one of the exceptions does not count; nor, after "other", the disease that the trial studies."""
    if (own := _studied(leaf, entry, facts)) is not None:
        return own
    alone = facts.alone(entry, None) if leaf.other_than else facts
    for exception in leaf.other_than:
        truth = exception_truth(exception, lambda leaf: _excepting(leaf, alone))
        if truth is TRUE:
            return settled(False, f"{entry.name} is among the exceptions", entry.evidence)
        if truth is UNKNOWN:
            ask = f"whether {entry.name} is among the exceptions"
            return lacking(f"{entry.name} may be among the exceptions", ask, entry.pointer, entry.evidence)
    return None


def _studied(leaf: ConditionIs, entry: Mine, facts: Facts) -> Finding | None:
    """What follows where the entry is, or may be, the disease that the trial studies."""
    words = [exception.text for exception in leaf.other_than if isinstance(exception, Unparsed)]
    if OTHER in leaf.qualifiers or any(map(is_studied_disease, words)):
        if entry.pointer in facts.aims.same:
            return settled(False, f"{entry.name} is the disease that the trial studies", entry.evidence)
        if OTHER in leaf.qualifiers and (entry.pointer in facts.aims.near or not facts.aims.is_known):
            ask = f"whether {entry.name} is another disease than the one studied"
            return lacking(f"{entry.name} may be the disease studied", ask, entry.pointer, entry.evidence)
    if facts.guarded and covers_all_studied(leaf, entry, facts.aims):
        return unsure(lambda: f"{entry.name} is what the trial studies, so {leaf.name} may not mean it", entry.evidence)
    return None


def _spoken(leaf: ConditionIs, entry: Mine, facts: Facts) -> str:
    """`the patient has T-ALL`, and how that is the disease asked about."""
    if leaf.concept is None or leaf.concept in entry.meaning.stated:
        return f"the patient has {entry.name}"
    return facts.chain(entry, leaf.concept) or f"the patient has {entry.name}, which is {leaf.name}"


def _unsaid(leaf: ConditionIs, related: Related[PatientCondition], findings: list[Finding], facts: Facts) -> Finding:
    """No entry is the disease as asked: one may be, another may be missing, or the record is silent."""
    ask = f"whether the patient has or has had {named(leaf.concept, leaf.name)}"
    near = _near(related)
    if near:
        return lacking(partial(_perhaps, near[0], leaf), ask, near[0].pointer, near[0].evidence)
    if closed(leaf, facts):
        doubtful = facts.conditions.alike(leaf.concept, leaf.name)
        if doubtful:
            return lacking(partial(_perhaps, doubtful[0], leaf), ask, doubtful[0].pointer)
        return settled(False, f"the record lists no {leaf.name}")
    if findings:
        return lacking(
            lambda: f"{findings[0].reason}; more may be unrecorded", ask, "/conditions/-", *findings[0].evidence
        )
    return lacking(partial(_silent, leaf), ask, "/conditions/-")


def _perhaps(entry: Mine, leaf: ConditionIs) -> str:
    return f"{entry.name} may or may not be {_wanted(leaf)}"


def _silent(leaf: ConditionIs) -> str:
    when = timed(leaf.window)
    verb = "has had" if HISTORY in leaf.qualifiers or when else "has"
    return f"the record does not say whether the patient {verb} {_wanted(leaf)}{when}"


def _wanted(leaf: ConditionIs) -> str:
    """The disease with the qualifiers that its name does not tell."""
    beside = (q for q in leaf.qualifiers if q != HISTORY and q.lower() not in leaf.name.lower())
    return " ".join((*beside, leaf.name))


KIND = Kind(ConditionIs, evaluate, bounds, keys)
