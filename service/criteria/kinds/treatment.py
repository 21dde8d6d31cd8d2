"""Therapies: "prior allogeneic transplant", "at least two lines", "no steroids within 4 weeks"."""

import re
from decimal import Decimal
from functools import partial

from service.criteria.finding import Finding, Spoken, decisive, lacking, settled, standing
from service.criteria.kind import Kind
from service.criteria.patient.bearing import PERSON, entry_keys
from service.criteria.patient.dates import Days, days_of, window_truth
from service.criteria.patient.exceptions import exception_truth
from service.criteria.patient.facts import Facts
from service.criteria.patient.interval import HIGHEST, Interval
from service.criteria.patient.meaning import ancestry, named
from service.criteria.patient.qualify import said
from service.criteria.patient.record import Entry, Related
from service.criteria.patient.wording import ranged, spanned, timed
from service.schemas.expression import Expression, Timing, TreatmentIs, TreatmentOutcome, Window
from service.schemas.patient import PatientTreatment, Section, TreatmentStatus
from service.schemas.report import Evidence
from service.schemas.truth import FALSE, TRUE, UNKNOWN, Truth

Mine = Entry[PatientTreatment]

RESPONSES = {
    TreatmentOutcome.FAILED: re.compile(
        r"fail|progress|refractor|relaps|recur|no response|non-?respon|\bpd\b|resistan|ineffective|inadequate",
        re.IGNORECASE,
    ),
    TreatmentOutcome.RESPONDED: re.compile(
        r"remission|\bcr\b|\bpr\b|(?<!no )(?<!non-)respon[ds]|effective|controlled", re.IGNORECASE
    ),
    TreatmentOutcome.INTOLERANT: re.compile(
        r"intoleran|not tolerated|toxicit|adverse|side effect|allerg", re.IGNORECASE
    ),
}
GIVEN = frozenset({None, TreatmentStatus.ONGOING, TreatmentStatus.COMPLETED})
TIMES: dict[Timing, dict[TreatmentStatus | None, Truth]] = {
    Timing.PRIOR: {None: TRUE, TreatmentStatus.ONGOING: TRUE, TreatmentStatus.COMPLETED: TRUE},
    Timing.ANY: {None: TRUE, TreatmentStatus.ONGOING: TRUE, TreatmentStatus.COMPLETED: TRUE},
    Timing.CURRENT: {None: UNKNOWN, TreatmentStatus.ONGOING: TRUE},
    Timing.PLANNED: {TreatmentStatus.PLANNED: TRUE, TreatmentStatus.ONGOING: UNKNOWN},
}
"""Whether a status fits a timing; what is not listed does not."""
DIAGNOSTIC, THERAPEUTIC = "MESH:D019937", "MESH:D013812"
SYSTEMIC = re.compile(
    r"chemotherap|systemic|therap(?:y|ies)$|treatments?$|regimens?$|lines?\b|anti-?cancer|anti-?neoplastic",
    re.IGNORECASE,
)
"""Names of therapies that the patient's `priorLines` counts."""


def evaluate(leaf: TreatmentIs, facts: Facts) -> Finding:
    """An agent of a class is the class. Only "never", or a closed record, says no."""
    related = facts.treatments.related(leaf.concept, leaf.name)
    had = [each for each in related.same if each.fact.status is not TreatmentStatus.NEVER]
    never = [each for each in _never(leaf, related) if leaf.timing is not Timing.PLANNED]
    if never:
        return _denied(leaf, had, never[0])
    if leaf.lines is not None:
        return _lines(leaf, had, related, facts)
    findings = [_by_entry(leaf, each, facts) for each in had]
    return standing(findings) or _unsaid(leaf, related, findings, facts)


def closed(leaf: TreatmentIs, facts: Facts) -> bool:
    """Whether silence about it is a "no"; neither plans nor examinations are part of a record of therapies."""
    return (
        Section.TREATMENTS in facts.closed
        and facts.treatments.rule_out(leaf.concept, leaf.name)
        and leaf.timing is not Timing.PLANNED
        and not _is_examination(leaf.concept)
    )


def _is_examination(concept: str | None) -> bool:
    """MRI, biopsy, endoscopy; leukapheresis treats as well."""
    above = ancestry(concept) if concept is not None else frozenset[str]()
    return DIAGNOSTIC in above and THERAPEUTIC not in above


def keys(leaf: TreatmentIs) -> frozenset[str]:
    """An entry that is the therapy, may be it or sounds like it; `priorLines`, where lines are counted."""
    return entry_keys("treatments", leaf.concept, leaf.name) | (frozenset() if leaf.lines is None else PERSON)


def _never(leaf: TreatmentIs, related: Related[PatientTreatment]) -> list[Mine]:
    """Denials of the therapy or of a broader one, with nothing beside the name that would narrow them."""
    told = [each for each in (*related.exact, *related.broader) if leaf.concept is None or each.meaning.whole]
    return [each for each in told if each.fact.status is TreatmentStatus.NEVER]


def _denied(leaf: TreatmentIs, had: list[Mine], never: Mine) -> Finding:
    if had:
        reason = f"the record both states and denies {leaf.name}"
        return lacking(
            reason, f"whether the patient has had {leaf.name}", never.pointer, had[0].evidence, never.evidence
        )
    if leaf.lines is None:
        return settled(False, f"the patient never had {never.name}", never.evidence)
    truth = Interval.of(Decimal(0)).within(Interval.stated(leaf.lines))
    return settled(truth, f"the patient never had {never.name}", never.evidence)


def _by_entry(leaf: TreatmentIs, entry: Mine, facts: Facts) -> Finding:
    """What one entry of the therapy says about the whole sentence."""
    if leaf.other_than and (excepted := _excepted(leaf, entry, facts)) is not None:
        return excepted
    spoken = partial(_spoken, leaf, entry, facts)
    tests = (
        _timed(leaf, entry, spoken),
        _qualified(leaf, entry, spoken),
        _in_window(leaf, entry, spoken, facts),
        _outcome(leaf, entry, spoken),
    )
    return decisive(tests) or settled(True, spoken, entry.evidence)


def _excepting(leaf: Expression, alone: Facts) -> Truth:
    return evaluate(leaf, alone).truth if isinstance(leaf, TreatmentIs) else UNKNOWN


def _excepted(leaf: TreatmentIs, entry: Mine, facts: Facts) -> Finding | None:
    """An entry that is one of the exceptions does not count."""
    alone = facts.alone(None, entry)
    for exception in leaf.other_than:
        truth = exception_truth(exception, lambda leaf: _excepting(leaf, alone))
        if truth is TRUE:
            return settled(False, f"{entry.name} is among the exceptions", entry.evidence)
        if truth is UNKNOWN:
            ask = f"whether {entry.name} is among the exceptions"
            return lacking(f"{entry.name} may be among the exceptions", ask, entry.pointer, entry.evidence)
    return None


def _timed(leaf: TreatmentIs, entry: Mine, spoken: Spoken) -> Finding | None:
    status = entry.fact.status
    truth = TIMES[leaf.timing].get(status, FALSE)
    if truth is TRUE:
        return None
    if truth is FALSE:
        said = status.value if status else "not now"
        return settled(False, lambda: f"{spoken()}, {said}", entry.evidence)
    ask = f"whether {entry.name} is {'planned' if leaf.timing is Timing.PLANNED else 'ongoing'}"
    return lacking(lambda: f"{spoken()}; {ask} is not recorded", ask, f"{entry.pointer}/status", entry.evidence)


def _qualified(leaf: TreatmentIs, entry: Mine, spoken: Spoken) -> Finding | None:
    """Only the entry's own words tell that it is `major`, `systemic` or `of the chest`."""
    silent = next((each for each in leaf.qualifiers if said(each, entry.name) is not TRUE), None)
    if silent is None:
        return None
    ask = f"whether {entry.name} is meant by: {silent} {leaf.name}"
    return lacking(lambda: f"{spoken()}; whether {silent} is not recorded", ask, entry.pointer, entry.evidence)


def _in_window(leaf: TreatmentIs, entry: Mine, spoken: Spoken, facts: Facts) -> Finding | None:
    window = leaf.window
    if window is None or (window.within is None and window.at_least is None):
        return None
    truth = _overlap(window, entry.fact, facts)
    if truth is TRUE:
        return None
    if truth is FALSE:
        return settled(False, lambda: f"{spoken()}, but not {spanned(window)}", entry.evidence)
    if window.after or days_of(entry.fact.end) is not None:
        return lacking(
            lambda: f"{spoken()}; whether {spanned(window)} is not recorded",
            f"when {entry.name} was given",
            entry.pointer,
            entry.evidence,
        )
    began = window.at_least is not None and entry.fact.status is TreatmentStatus.ONGOING
    event, member = ("began", "start") if began else ("ended", "end")
    return lacking(
        lambda: f"{spoken()}; when it {event} is not recorded",
        f"when {entry.name} {event}",
        f"{entry.pointer}/{member}",
        entry.evidence,
    )


def _overlap(window: Window, fact: PatientTreatment, facts: Facts) -> Truth:
    """`within` looks at the last dose; `at_least` at the last dose too, or at the first while it goes on."""
    start, end = days_of(fact.start), days_of(fact.end)
    if fact.status is TreatmentStatus.ONGOING:
        since = Days(facts.on, facts.on) if window.at_least is None else start
        return window_truth(window, since, facts.on) if since is not None else UNKNOWN
    if end is not None:
        return window_truth(window, end, facts.on)
    if start is None:
        return UNKNOWN
    begun = window_truth(window, start, facts.on)
    settled_by_start = TRUE if window.at_least is None else FALSE
    return begun if begun is settled_by_start else UNKNOWN


def _outcome(leaf: TreatmentIs, entry: Mine, spoken: Spoken) -> Finding | None:
    if leaf.outcome is None:
        return None
    response = entry.fact.response
    if response and RESPONSES[leaf.outcome].search(response):
        return None
    pointer = f"{entry.pointer}/response"
    verb = "was not tolerated" if leaf.outcome is TreatmentOutcome.INTOLERANT else leaf.outcome.value
    ask = f"whether {entry.name} {verb}"
    return lacking(lambda: f"{spoken()}; {ask} is not recorded", ask, pointer, entry.evidence)


def _lines(leaf: TreatmentIs, had: list[Mine], related: Related[PatientTreatment], facts: Facts) -> Finding:
    """How many lines or agents: `priorLines` where the name means them all, else no fewer than the record lists."""
    lines = leaf.lines
    assert lines is not None
    total = facts.patient.prior_lines
    general = bool(SYSTEMIC.search(leaf.name))
    plain = leaf.outcome is None and leaf.window is None and not leaf.qualifiers
    if general and plain and total is not None:
        truth = Interval.of(Decimal(total)).within(Interval.stated(lines))
        datum = Evidence(pointer="/priorLines", value=total)
        return settled(truth, lambda: f"{total} prior lines; {ranged(lines)} asked for", datum)
    sure, possible = _counted(leaf, had or (_in_lines(facts) if general else []), facts)
    open_ended = not closed(leaf, facts) or bool(related.near)
    least = len({each.fact.line or 0 for each in sure})
    if general:
        least = max([least, *(each.fact.line or 0 for each in sure)])
    highest = HIGHEST if open_ended else (Decimal(max(len(possible), least)), 0)
    if general and total is not None:
        highest = min(highest, (Decimal(max(total, least)), 0))
    interval = Interval((Decimal(least), 0), highest)
    truth = interval.within(Interval.stated(lines))
    datums = tuple(each.evidence for each in sure)
    if truth is UNKNOWN:
        ask = f"how many lines of {leaf.name} the patient has had"
        pointer = "/priorLines" if general else "/treatments/-"
        return lacking(f"{least} or more lines of {leaf.name} recorded", ask, pointer, *datums)
    return settled(truth, lambda: f"{least} or more lines of {leaf.name} recorded; {ranged(lines)} asked for", *datums)


def _in_lines(facts: Facts) -> list[Mine]:
    """What the record itself counts as a line of therapy."""
    given = (each for each in facts.treatments.entries if each.fact.status is not TreatmentStatus.NEVER)
    return [each for each in given if each.fact.line is not None]


def _counted(leaf: TreatmentIs, had: list[Mine], facts: Facts) -> tuple[list[Mine], list[Mine]]:
    """Entries that count for certain, and those that may."""
    findings = [(each, _by_entry(leaf, each, facts).truth) for each in had]
    possible = [each for each, truth in findings if truth is not FALSE]
    return [each for each, truth in findings if truth is TRUE], possible


def _spoken(leaf: TreatmentIs, entry: Mine, facts: Facts) -> str:
    if leaf.concept is None or leaf.concept in entry.meaning.stated:
        return f"the record lists {entry.name}"
    return facts.chain(entry, leaf.concept) or f"the record lists {entry.name}, which is {leaf.name}"


def _unsaid(leaf: TreatmentIs, related: Related[PatientTreatment], findings: list[Finding], facts: Facts) -> Finding:
    """No entry fits: one may, another course may, or the record is silent."""
    ask = f"whether and when the patient has had {named(leaf.concept, leaf.name)}"
    near = [each for each in related.near if each.fact.status in GIVEN]
    if near:
        return lacking(lambda: f"{near[0].name} may or may not be {leaf.name}", ask, near[0].pointer, near[0].evidence)
    if closed(leaf, facts):
        doubtful = [] if findings else facts.treatments.alike(leaf.concept, leaf.name)
        if doubtful:
            return lacking(lambda: f"{doubtful[0].name} may or may not be {leaf.name}", ask, doubtful[0].pointer)
        return findings[0] if findings else settled(False, f"the record lists no {leaf.name}")
    if findings:
        return lacking(
            lambda: f"{findings[0].reason}; another course is not ruled out",
            ask,
            "/treatments/-",
            *findings[0].evidence,
        )
    return lacking(partial(_silent, leaf), ask, "/treatments/-")


def _silent(leaf: TreatmentIs) -> str:
    verb = {Timing.CURRENT: "is on", Timing.PLANNED: "is to have"}.get(leaf.timing, "has had")
    return f"the record does not say whether the patient {verb} {leaf.name}{timed(leaf.window)}"


KIND = Kind(TreatmentIs, evaluate, keys=keys)
