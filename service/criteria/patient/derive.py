"""Values that follow from other data of the record: body-mass index, and the weeks of a pregnancy."""

from decimal import Decimal

from service.criteria.finding import Finding, settled
from service.criteria.patient.bearing import PERSON, measured
from service.criteria.patient.facts import Facts
from service.criteria.patient.interval import Interval
from service.criteria.patient.record import Entry
from service.criteria.patient.wording import compared, counted
from service.reference.analytes import ANALYTES
from service.reference.units import convert
from service.schemas.expression import Measurement
from service.schemas.patient import Observation
from service.schemas.quantity import exact
from service.schemas.report import Evidence

BMI, HEIGHT, WEIGHT = "bmi", "height", "weight"
GESTATION = "gestational_age"
SOURCES = {BMI: measured(HEIGHT, WEIGHT), GESTATION: PERSON}
"""What of a record each is derived from."""
ADULT_DAYS = 20 * 366  # before that age, height changes between two visits


def derived(leaf: Measurement, facts: Facts) -> Finding | None:
    """The finding that rests on other data, or None where they are absent, doubtful or do not apply."""
    if leaf.relative_to is not None:
        return None
    if leaf.analyte == BMI:
        return _bmi(leaf, facts)
    return _gestation(leaf, facts) if leaf.analyte == GESTATION else None


def _bmi(leaf: Measurement, facts: Facts) -> Finding | None:
    """Weight by squared height, each the newest; not while the patient may still grow."""
    height, weight = (_sole(key, unit, facts) for key, unit in ((HEIGHT, "m"), (WEIGHT, "kg")))
    if height is None or weight is None or leaf.range.unit not in {None, "kg/m2"}:
        return None
    if facts.age is None or facts.age.in_days()[0] < ADULT_DAYS:
        return None
    bmi = weight[0] / height[0] ** 2
    truth = Interval.of(bmi).within(Interval.stated(leaf.range))
    datums = (Evidence(pointer=f"{each.pointer}/value", value=each.fact.value) for _, each in (height, weight))

    def told() -> str:
        spoken = f"BMI {counted(round(bmi, 1), 'kg/m2')} from height and weight"
        return f"{spoken} is {compared(truth, leaf.range, 'kg/m2')}"

    return settled(truth, told, *datums)


def _sole(key: str, unit: str, facts: Facts) -> tuple[Decimal, Entry[Observation]] | None:
    """The one newest value in that unit; None when there is none, or a doubtful one."""
    entries = facts.results.measured(key)
    if len(entries) != 1 or entries[0].fact.value is None or entries[0].fact.comparator or not entries[0].fact.unit:
        return None
    value = convert(exact(entries[0].fact.value), entries[0].fact.unit, unit, ANALYTES.get(key))
    plausible = {HEIGHT: (Decimal("0.5"), Decimal("2.6")), WEIGHT: (Decimal(2), Decimal(600))}[key]
    return None if value is None or not plausible[0] <= value <= plausible[1] else (value, entries[0])


def _gestation(leaf: Measurement, facts: Facts) -> Finding | None:
    weeks = facts.patient.gestational_age_weeks
    if weeks is None:
        return None
    value = convert(exact(weeks), "wk", leaf.range.unit or "wk")
    if value is None:
        return None
    truth = Interval.of(value).within(Interval.stated(leaf.range))
    datum = Evidence(pointer="/gestationalAgeWeeks", value=weeks)
    return settled(truth, lambda: f"gestational age {counted(weeks, 'wk')} is {compared(truth, leaf.range)}", datum)
