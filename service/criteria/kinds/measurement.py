"""Laboratory values and vital signs: "platelets ≥ 100 × 10⁹/L", "ALT ≤ 2.5 × ULN", "creatinine within normal"."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from service.criteria.finding import Finding, lacking, settled, unread
from service.criteria.kind import Kind
from service.criteria.patient.bearing import measured, observed
from service.criteria.patient.dates import days_of, window_truth
from service.criteria.patient.derive import SOURCES, derived
from service.criteria.patient.facts import Facts
from service.criteria.patient.interval import HIGHEST, LOWEST, Interval
from service.criteria.patient.record import Entry
from service.criteria.patient.wording import compared, counted, ranged, spanned
from service.reference.analytes import ANALYTES, Analyte, assumed
from service.reference.units import commensurable, convert, ucum
from service.schemas.expression import Limit, Measurement
from service.schemas.patient import Comparator, Observation
from service.schemas.quantity import Range, exact
from service.schemas.report import Evidence
from service.schemas.truth import Truth

NORMAL = re.compile(r"^(?:within )?normal(?: range| limits)?$|^wnl$", re.IGNORECASE)
MOLAR_SLACK = Decimal("0.001")
"""Across mass and amount, so close to a limit is at the limit: authors round molar masses and converted limits."""
ABNORMAL = re.compile(r"^(?:abnormal|elevated|high|low|increased|decreased|raised|reduced)$", re.IGNORECASE)


class Result(NamedTuple):
    """One observation as an interval of its own unit."""

    interval: Interval
    unit: str | None
    entry: Entry[Observation]
    spoken: str

    @property
    def evidence(self) -> Evidence:
        """The number as sent."""
        return Evidence(pointer=f"{self.entry.pointer}/value", value=self.entry.fact.value)


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
        return facts.measured(leaf.analyte)
    return facts.named(leaf.name)


def _unmeasured(leaf: Measurement, analyte: Analyte | None, facts: Facts) -> Finding:
    """What measures nearly the same is offered to whoever answers, never taken for it."""
    reason, ask = f"no {analyte.name if analyte else leaf.name} is recorded", _asked(leaf, analyte)
    comparable = [each for key in analyte.comparable for each in facts.measured(key)] if analyte else []
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
    result = facts.once(("result", entry.pointer, name), lambda: _result(name, entry))
    if leaf.relative_to is not None:
        return _relative(leaf, result)
    return _absolute(leaf, result, analyte, facts)


def _result(name: str, entry: Entry[Observation]) -> Result:
    """`<0.2` is every number below 0.2."""
    fact = entry.fact
    assert fact.value is not None
    value = exact(fact.value)
    interval = {
        Comparator.LT: Interval(LOWEST, (value, -1)),
        Comparator.LE: Interval(LOWEST, (value, 0)),
        Comparator.GE: Interval((value, 0), HIGHEST),
        Comparator.GT: Interval((value, 1), HIGHEST),
    }.get(fact.comparator, Interval.of(value)) if fact.comparator else Interval.of(value)  # fmt: skip
    sign = fact.comparator.value if fact.comparator else ""
    return Result(
        interval,
        (ucum(fact.unit) or fact.unit) if fact.unit else None,
        entry,
        f"{name} {sign}{counted(fact.value, fact.unit)}",
    )


def _stale(leaf: Measurement, entry: Entry[Observation], analyte: Analyte | None, facts: Facts) -> Finding | None:
    """A dated result must lie in the window; one without a date counts as current."""
    days = days_of(entry.fact.date)
    if leaf.window is None or leaf.window.within is None or days is None:
        return None
    if window_truth(leaf.window, days, facts.on) is Truth.TRUE:
        return None
    datum = Evidence(pointer=f"{entry.pointer}/date", value=entry.fact.date)
    return lacking(
        f"the newest {leaf.name} may not be {spanned(leaf.window)}", _asked(leaf, analyte), "/observations/-", datum
    )


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
        reason = f"{result.spoken} has no {name} limit of normal recorded"
        return lacking(reason, f"{name} limit of normal of {leaf.name}", pointer, result.evidence)
    truth = result.interval.within(Interval.stated(leaf.range).times(exact(limit)))
    ask = f"an exact {result.entry.name}"
    multiple = f" × {name[0].upper()}LN, which is {counted(limit, fact.unit)}"
    return _told(truth, result, compared(truth, leaf.range, of=multiple), ask, Evidence(pointer=pointer, value=limit))


def _normal(leaf: Measurement, result: Result) -> Finding:
    fact = result.entry.fact
    low = LOWEST if fact.reference_low is None else (exact(fact.reference_low), 0)
    high = HIGHEST if fact.reference_high is None else (exact(fact.reference_high), 0)
    truth = result.interval.within(Interval(low, high))
    ends = (("referenceLow", fact.reference_low), ("referenceHigh", fact.reference_high))
    known = tuple(
        Evidence(pointer=f"{result.entry.pointer}/{member}", value=end) for member, end in ends if end is not None
    )
    if truth is not Truth.FALSE and (lack := next((member for member, end in ends if end is None), None)):
        reason = f"{result.spoken} has no full reference range recorded"
        return lacking(
            reason, f"reference range of {leaf.name}", f"{result.entry.pointer}/{lack}", result.evidence, *known
        )
    wanted = f"{'outside' if truth is Truth.FALSE else 'within'} its reference range"
    return _told(truth, result, wanted, f"an exact {result.entry.name}", *known)


def _absolute(leaf: Measurement, result: Result, analyte: Analyte | None, facts: Facts) -> Finding:
    wanted = leaf.range.unit or assumed(analyte, leaf.range.low, leaf.range.high)
    given = result.unit or assumed(analyte, result.entry.fact.value)
    unit = f"{result.entry.pointer}/unit"
    if wanted is None and given not in {None, "1"}:
        return unread(f"{result.spoken}; the criterion names no unit", result.evidence)
    if analyte is not None and _is_beyond(leaf.range, wanted or "1", analyte.key):
        reason = (
            f"{result.spoken}; no {leaf.name} is {ranged(leaf.range, wanted)}: the criterion's number or unit is wrong"
        )
        return unread(reason, result.evidence)
    if given is None and wanted not in {None, "1"}:
        return lacking(f"{result.spoken} is recorded without a unit", f"unit of {leaf.name}", unit, result.evidence)
    if analyte is not None and facts.once(
        ("implausible", result.entry.pointer, analyte.key), lambda: _implausible(result, given, analyte)
    ):
        reason = f"{result.spoken} is implausible: its number or unit must be wrong"
        return lacking(reason, f"{leaf.name}, checked", f"{result.entry.pointer}/value", result.evidence)
    interval = _converted(result.interval, given or "1", wanted or "1", analyte)
    if interval is None:
        reason = f"{result.spoken} cannot be compared with {wanted}"
        return lacking(reason, f"{leaf.name} in {wanted}", unit, result.evidence)
    bounds = Interval.stated(leaf.range)
    if not commensurable(given or "1", wanted or "1"):
        interval = interval.snapped(bounds, MOLAR_SLACK)
    truth = interval.within(bounds)
    return _told(truth, result, compared(truth, leaf.range, wanted), f"an exact {result.entry.name}")


@lru_cache(maxsize=4096)
def _is_beyond(range_: Range, unit: str, key: str) -> bool:
    """Whether a limit lies where no result can: `hemoglobin ≥ 10 mg/dL`."""
    analyte = ANALYTES[key]
    ends, plausible = (
        _converted(Interval.stated(range_), unit, analyte.unit, analyte),
        Interval.stated(analyte.plausible),
    )
    numbers = [number for number, _ in ends or () if number.is_finite() and number]
    return any(Interval.of(number).within(plausible) is Truth.FALSE for number in numbers)


def _implausible(result: Result, unit: str | None, analyte: Analyte) -> bool:
    canonical = _converted(result.interval, unit or "1", analyte.unit, analyte)
    return canonical is not None and canonical.within(Interval.stated(analyte.plausible)) is Truth.FALSE


def _converted(interval: Interval, given: str, wanted: str, analyte: Analyte | None) -> Interval | None:
    """Both ends in the wanted unit; None when the units measure different things."""
    if given == wanted:
        return interval
    ends = []
    for number, side in interval:
        if number.is_infinite():
            ends.append((number, side))
        elif (other := convert(number, given, wanted, analyte)) is None:
            return None
        else:
            ends.append((other, side))
    return Interval(*ends)


def _told(truth: Truth, result: Result, wanted: str, ask: str, *evidence: Evidence) -> Finding:
    datums = (result.evidence, *evidence)
    if truth is Truth.UNKNOWN:
        return lacking(f"{result.spoken} may or may not be {wanted}", ask, f"{result.entry.pointer}/value", *datums)
    return settled(truth, f"{result.spoken} is {wanted}", *datums)


def keys(leaf: Measurement) -> frozenset[str]:
    """A result of it, of what it is derived from, or of what may stand for it."""
    if leaf.analyte is None:
        return observed(leaf.name)
    analyte = ANALYTES.get(leaf.analyte)
    instead = measured(*analyte.comparable) if analyte is not None else frozenset[str]()
    return measured(leaf.analyte) | instead | SOURCES.get(leaf.analyte, frozenset())


KIND = Kind(Measurement, evaluate, keys=keys)
