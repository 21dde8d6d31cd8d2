"""Laboratory values and vital signs: "platelets ≥ 100 × 10⁹/L", "ALT ≤ 2.5 × ULN", "creatinine within normal"."""

import re
from functools import partial

from service.criteria.finding import Finding, Spoken, lacking, settled, unread
from service.criteria.kind import Kind
from service.criteria.patient.bearing import measured, observed
from service.criteria.patient.dates import days_of, window_truth
from service.criteria.patient.derive import SOURCES, derived
from service.criteria.patient.facts import Facts
from service.criteria.patient.interval import HIGHEST, LOWEST, Interval
from service.criteria.patient.record import Entry
from service.criteria.patient.result import Result, limits_of
from service.criteria.patient.wording import compared, counted, ranged, spanned
from service.reference.analytes import ANALYTES, Analyte
from service.schemas.expression import Limit, Measurement
from service.schemas.patient import Observation
from service.schemas.quantity import exact
from service.schemas.report import Evidence
from service.schemas.truth import FALSE, TRUE, UNKNOWN, Truth

NORMAL = re.compile(r"^(?:within )?normal(?: range| limits)?$|^wnl$", re.IGNORECASE)
ABNORMAL = re.compile(r"^(?:abnormal|elevated|high|low|increased|decreased|raised|reduced)$", re.IGNORECASE)
_MISTAKEN = "the criterion's number or unit is wrong"


def evaluate(leaf: Measurement, facts: Facts) -> Finding:
    """The newest result decides; several that may be the newest must agree."""
    analyte = ANALYTES.get(leaf.analyte or "")
    special = derived(leaf, facts)
    entries = _entries(leaf, facts)
    if special is not None and not entries:
        return special
    if not entries:
        return _unmeasured(leaf, analyte, facts)
    findings = [_by_entry(leaf, each, analyte, facts) for each in entries]
    if len({finding.truth for finding in findings}) == 1:
        return findings[0]
    reason = f"results of {leaf.name} disagree and none is certainly the newest"
    datums = tuple(datum for finding in findings for datum in finding.evidence)
    return lacking(reason, f"date of each {leaf.name}", f"{entries[0].pointer}/date", *datums)


def _entries(leaf: Measurement, facts: Facts) -> tuple[Entry[Observation], ...]:
    if leaf.analyte is not None:
        return facts.results.measured(leaf.analyte)
    return facts.results.named(leaf.name)


def _unmeasured(leaf: Measurement, analyte: Analyte | None, facts: Facts) -> Finding:
    """What measures nearly the same is offered to whoever answers, never taken for it."""
    reason, ask = f"no {analyte.name if analyte else leaf.name} is recorded", _asked(leaf, analyte)
    comparable = [each for key in analyte.comparable for each in facts.results.measured(key)] if analyte else []
    if comparable:
        return lacking(
            f"{reason}, only {comparable[0].name}",
            f"{ask}, or whether {comparable[0].name} may stand for it",
            "/observations/-",
            comparable[0].evidence,
        )
    return lacking(reason, ask, "/observations/-")


def _asked(leaf: Measurement, analyte: Analyte | None) -> str:
    name = analyte.name if analyte is not None else leaf.name
    recent = f", {spanned(leaf.window)}" if leaf.window is not None and leaf.window.within is not None else ""
    return f"{name}{recent}"


def _by_entry(leaf: Measurement, entry: Entry[Observation], analyte: Analyte | None, facts: Facts) -> Finding:
    fact = entry.fact
    if (stale := _stale(leaf, entry, analyte, facts)) is not None:
        return stale
    if fact.value is None:
        return _worded(leaf, entry, analyte)
    name = fact.text or leaf.name
    result = facts.once(("result", entry.pointer, name, leaf.analyte), lambda: Result(name, entry, analyte))
    if leaf.relative_to is not None:
        return _relative(leaf, result)
    return _absolute(leaf, result)


def _stale(leaf: Measurement, entry: Entry[Observation], analyte: Analyte | None, facts: Facts) -> Finding | None:
    """A dated result must lie in the window; one without a date counts as current."""
    window = leaf.window
    if window is None or window.within is None or (days := days_of(entry.fact.date)) is None:
        return None
    if window_truth(window, days, facts.on) is TRUE:
        return None
    datum = Evidence(pointer=f"{entry.pointer}/date", value=entry.fact.date)
    ask = _asked(leaf, analyte)
    return lacking(lambda: f"the newest {leaf.name} may not be {spanned(window)}", ask, "/observations/-", datum)


def _worded(leaf: Measurement, entry: Entry[Observation], analyte: Analyte | None) -> Finding:
    """A result in words decides only whether it is normal."""
    words = (entry.fact.result or "").strip()
    datum = Evidence(pointer=f"{entry.pointer}/result", value=words or None)
    if leaf.relative_to is Limit.NORMAL and leaf.range.is_open:
        for pattern, holds in ((NORMAL, True), (ABNORMAL, False)):
            if pattern.search(words):
                return settled(holds, f"{leaf.name} is {words.lower()}", datum)
    return lacking(
        f"{leaf.name} is recorded without a number",
        _asked(leaf, analyte),
        f"{entry.pointer}/value",
        *([datum] if words else []),
    )


def _relative(leaf: Measurement, result: Result) -> Finding:
    """Against the result's own reference limits, which are in its own unit; multiples of them are plain factors."""
    fact = result.entry.fact
    if leaf.relative_to is Limit.NORMAL and leaf.range.is_open:
        return _normal(leaf, result)
    member = "referenceLow" if leaf.relative_to is Limit.LLN else "referenceHigh"
    limit = fact.reference_low if leaf.relative_to is Limit.LLN else fact.reference_high
    name = "lower" if leaf.relative_to is Limit.LLN else "upper"
    pointer = f"{result.entry.pointer}/{member}"
    if limit is None or limit <= 0:
        ask = f"{name} limit of normal of {leaf.name}"
        return lacking(lambda: f"{result.spoken} has no {name} limit of normal recorded", ask, pointer, result.evidence)
    truth = result.interval.within(Interval.stated(leaf.range).times(exact(limit)))

    def wanted() -> str:
        return compared(truth, leaf.range, of=f" × {name[0].upper()}LN, which is {counted(limit, fact.unit)}")

    return _told(truth, result, wanted, Evidence(pointer=pointer, value=limit))


def _normal(leaf: Measurement, result: Result) -> Finding:
    fact = result.entry.fact
    low = LOWEST if fact.reference_low is None else (exact(fact.reference_low), 0)
    high = HIGHEST if fact.reference_high is None else (exact(fact.reference_high), 0)
    truth = result.interval.within(Interval(low, high))
    ends = (("referenceLow", fact.reference_low), ("referenceHigh", fact.reference_high))
    known = tuple(
        Evidence(pointer=f"{result.entry.pointer}/{member}", value=end) for member, end in ends if end is not None
    )
    if truth is not FALSE and (lack := next((member for member, end in ends if end is None), None)):
        return lacking(
            lambda: f"{result.spoken} has no full reference range recorded",
            f"reference range of {leaf.name}",
            f"{result.entry.pointer}/{lack}",
            result.evidence,
            *known,
        )
    return _told(truth, result, lambda: f"{'outside' if truth is FALSE else 'within'} its reference range", *known)


def _absolute(leaf: Measurement, result: Result) -> Finding:
    """In the unit of the sentence, stated or the only one that can be meant."""
    bounds, wanted, are_beyond = limits_of(leaf.range, leaf.analyte)
    given, datum, pointer = result.given, result.evidence, result.entry.pointer
    if wanted is None and given not in {None, "1"}:
        return unread(lambda: f"{result.spoken}; the criterion names no unit", datum)
    if are_beyond:
        return unread(lambda: f"{result.spoken}; no {leaf.name} is {ranged(leaf.range, wanted)}: {_MISTAKEN}", datum)
    if given is None and wanted not in {None, "1"}:
        ask = f"unit of {leaf.name}"
        return lacking(lambda: f"{result.spoken} is recorded without a unit", ask, f"{pointer}/unit", datum)
    if result.is_implausible:
        ask = f"{leaf.name}, checked"
        reason = "is implausible: its number or unit must be wrong"
        return lacking(lambda: f"{result.spoken} {reason}", ask, f"{pointer}/value", datum)
    truth = result.within(bounds, wanted or "1")
    if truth is None:
        ask = f"{leaf.name} in {wanted}"
        return lacking(lambda: f"{result.spoken} cannot be compared with {wanted}", ask, f"{pointer}/unit", datum)
    return _told(truth, result, partial(compared, truth, leaf.range, wanted))


def _told(truth: Truth, result: Result, wanted: Spoken, *evidence: Evidence) -> Finding:
    datums = (result.evidence, *evidence)
    if truth is not UNKNOWN:
        return settled(truth, partial(_said, result, "is", wanted), *datums)
    said, entry = partial(_said, result, "may or may not be", wanted), result.entry
    return lacking(said, f"an exact {entry.name}", f"{entry.pointer}/value", *datums)


def _said(result: Result, verb: str, wanted: Spoken) -> str:
    return f"{result.spoken} {verb} {wanted()}"


def keys(leaf: Measurement) -> frozenset[str]:
    """A result of it, of what it is derived from, or of what may stand for it."""
    if leaf.analyte is None:
        return observed(leaf.name)
    analyte = ANALYTES.get(leaf.analyte)
    instead = measured(*analyte.comparable) if analyte is not None else frozenset[str]()
    return measured(leaf.analyte) | instead | SOURCES.get(leaf.analyte, frozenset())


KIND = Kind(Measurement, evaluate, keys=keys)
