"""A number of the record as an interval, in whatever unit it is asked for, and what a sentence asks of it."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from service.criteria.patient.interval import HIGHEST, LOWEST, End, Interval
from service.criteria.patient.record import Entry
from service.criteria.patient.wording import counted
from service.reference.analytes import ANALYTES, Analyte, assumed
from service.reference.units import commensurable, convert, ucum
from service.schemas.patient import Comparator, Observation
from service.schemas.quantity import Range, exact
from service.schemas.report import Evidence
from service.schemas.truth import FALSE, Truth

MOLAR_SLACK = Decimal("0.001")
"""Across mass and amount, so close to a limit is at the limit: authors round molar masses and converted limits."""


class Result:
    """One observation with a number; `<0.2` is every number below 0.2. What many sentences ask is worked out once.

    `unit` is None where none is recorded; `given` is then the one that the number must be in, if there is only one.
    """

    def __init__(self, name: str, entry: Entry[Observation], analyte: Analyte | None) -> None:
        fact = entry.fact
        assert fact.value is not None
        self.entry, self.analyte, self._name = entry, analyte, name
        self.interval = _interval(exact(fact.value), fact.comparator)
        self.unit = (ucum(fact.unit) or fact.unit) if fact.unit else None
        self.given = self.unit or assumed(analyte, fact.value)
        self.evidence = Evidence(pointer=f"{entry.pointer}/value", value=fact.value)
        self.is_implausible = analyte is not None and _is_implausible(self.interval, self.given or "1", analyte)
        self._in_units: dict[str, Interval | None] = {}

    @property
    def spoken(self) -> str:
        """As sent: `CRP <0.2 mg/dL`."""
        fact = self.entry.fact
        sign = fact.comparator.value if fact.comparator else ""
        return f"{self._name} {sign}{counted(fact.value or 0, fact.unit)}"

    def in_unit(self, unit: str) -> Interval | None:
        """None when the units measure different things."""
        if unit not in self._in_units:
            self._in_units[unit] = _converted(self.interval, self.given or "1", unit, self.analyte)
        return self._in_units[unit]

    def within(self, bounds: Interval, unit: str) -> Truth | None:
        """Whether it lies in bounds of that unit; None when the units measure different things."""
        interval = self.in_unit(unit)
        if interval is None:
            return None
        if not commensurable(self.given or "1", unit):
            interval = interval.snapped(bounds, MOLAR_SLACK)
        return interval.within(bounds)


class Limits(NamedTuple):
    """What a sentence asks of a number in `unit`; `are_beyond` where no result can lie: `hemoglobin ≥ 10 mg/dL`."""

    bounds: Interval
    unit: str | None
    are_beyond: bool


@lru_cache(maxsize=8192)
def limits_of(range_: Range, analyte: str | None) -> Limits:
    """Of a key of the table, or of a name that it lacks. A unit that is not stated is the one that must be meant."""
    known, bounds = ANALYTES.get(analyte or ""), Interval.stated(range_)
    unit = range_.unit or assumed(known, range_.low, range_.high)
    return Limits(bounds, unit, known is not None and _are_beyond(bounds, unit or "1", known))


def _interval(value: Decimal, comparator: Comparator | None) -> Interval:
    match comparator:
        case Comparator.LT:
            return Interval(LOWEST, (value, -1))
        case Comparator.LE:
            return Interval(LOWEST, (value, 0))
        case Comparator.GE:
            return Interval((value, 0), HIGHEST)
        case Comparator.GT:
            return Interval((value, 1), HIGHEST)
        case None:
            return Interval.of(value)


def _are_beyond(bounds: Interval, unit: str, analyte: Analyte) -> bool:
    ends, plausible = _converted(bounds, unit, analyte.unit, analyte), Interval.stated(analyte.plausible)
    numbers = [number for number, _ in ends or () if number.is_finite() and number]
    return any(Interval.of(number).within(plausible) is FALSE for number in numbers)


def _is_implausible(interval: Interval, unit: str, analyte: Analyte) -> bool:
    canonical = _converted(interval, unit, analyte.unit, analyte)
    return canonical is not None and canonical.within(Interval.stated(analyte.plausible)) is FALSE


def _converted(interval: Interval, given: str, wanted: str, analyte: Analyte | None) -> Interval | None:
    """Both ends in the wanted unit; None when the units measure different things."""
    if given == wanted:
        return interval
    ends: list[End] = []
    for number, side in interval:
        if number.is_infinite():
            ends.append((number, side))
        elif (other := convert(number, given, wanted, analyte)) is None:
            return None
        else:
            ends.append((other, side))
    return Interval(*ends)
