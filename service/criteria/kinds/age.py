"""Age: "18 years or older", "from 6 months to 5 years"."""

from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

from service.criteria.bounds import Bounds
from service.criteria.finding import Finding, lacking, settled, unread, unsure
from service.criteria.kind import Kind
from service.criteria.patient.facts import Facts
from service.criteria.patient.interval import HIGHEST, End, Interval
from service.criteria.patient.wording import compared, counted, plain
from service.schemas.envelope import NO_AGE_LIMIT
from service.schemas.expression import Age
from service.schemas.quantity import Range, exact
from service.schemas.report import Evidence
from service.schemas.truth import TRUE, UNKNOWN

LONGEST_DAYS = {"a": 366, "mo": 31, "wk": 7, "d": 1, "h": 1, "min": 1}
SHORTEST_DAYS = {unit: Decimal(days) for unit, days in (("a", "365.2"), ("mo", "30.4"), ("wk", "7"), ("d", "1"))}


def evaluate(leaf: Age, facts: Facts) -> Finding:
    """Ages are counted in completed units, as registries do: "to 18 years" lasts until the 19th birthday.

    "Above 18 years" is sure from the 19th birthday on and wrong before the 18th; between them only the site can say.
    """
    if facts.age is None:
        return lacking("the age is not recorded", "date of birth", "/birthDate")
    unit = leaf.range.unit or "a"
    age = facts.age_in(unit)
    if age is None:
        return unread(f"`{unit}` is not a unit of age")
    strict, lenient = map(age.within, _accepted(leaf.range))
    datum = _datum(facts)
    if strict is lenient and strict is not UNKNOWN:
        return settled(strict, lambda: f"{_spoken(age, unit)} is {compared(strict, leaf.range, unit)}", datum)

    def open_to(verb: str) -> str:
        return f"{_spoken(age, unit)} may or may not {verb} {compared(TRUE, leaf.range, unit)}"

    if strict is not UNKNOWN:
        return unsure(lambda: open_to("count as"), datum)
    return lacking(lambda: open_to("be"), "exact date of birth", "/birthDate", datum)


def bounds(leaf: Age) -> Bounds:
    """In days, outwards: a year as 365.2 to 366 of them, a limit as the day after it at the most."""
    unit = leaf.range.unit or "a"
    if unit not in LONGEST_DAYS:
        return Bounds()
    low = 0 if leaf.range.low is None else int(exact(leaf.range.low) * SHORTEST_DAYS.get(unit, Decimal(0))) - 1
    high = NO_AGE_LIMIT if leaf.range.high is None else int((exact(leaf.range.high) + 1) * LONGEST_DAYS[unit]) + 2
    return Bounds(max(low, 0), min(high, NO_AGE_LIMIT))


@lru_cache(maxsize=4096)
def _accepted(range_: Range) -> tuple[Interval, Interval]:
    """The ages surely in range, and those that may be: they differ by a unit above an excluded whole lower limit."""
    lenient = Interval(Interval.stated(range_).low, _upper(range_))
    if range_.low is None or range_.low_inclusive or not _whole(exact(range_.low)):
        return lenient, lenient
    return Interval((exact(range_.low) + 1, 0), lenient.high), lenient


def _upper(range_: Range) -> End:
    if range_.high is None:
        return HIGHEST
    number = exact(range_.high)
    if not range_.high_inclusive:
        return number, -1
    return (number + 1, -1) if _whole(number) else (number, 0)


def _whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _spoken(age: Interval, unit: str) -> str:
    """`age 7 years`, or `age 6 to 7 years` where the record leaves it open; completed units."""
    low = age.low[0].to_integral_value(ROUND_FLOOR)
    high = (age.high[0] if age.high[1] == 0 else age.high[0] - 1).to_integral_value(ROUND_FLOOR)
    if high <= low:
        return f"age {counted(low, unit)}"
    return f"age {plain(low)} to {counted(high, unit)}"


def _datum(facts: Facts) -> Evidence:
    patient = facts.patient
    if facts.age is not None and facts.age.born is not None:
        return Evidence(pointer="/birthDate", value=patient.birth_date)
    return Evidence(pointer="/ageYears", value=patient.age_years)


KIND = Kind(Age, evaluate, bounds)
