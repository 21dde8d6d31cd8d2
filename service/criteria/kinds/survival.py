"""Life expectancy: "expected survival of at least 12 weeks"."""

from decimal import Decimal

from service.criteria.finding import Finding, lacking, settled, unread
from service.criteria.kind import Kind
from service.criteria.patient.dates import MEAN_DAYS
from service.criteria.patient.facts import Facts
from service.criteria.patient.interval import Interval
from service.criteria.patient.wording import compared, counted, ranged
from service.schemas.expression import Survival
from service.schemas.quantity import exact
from service.schemas.report import Evidence
from service.schemas.truth import Truth

ROUGHLY = Decimal("0.1")
"""Twelve weeks pass for three months: across units, estimates closer than this to the limit decide nothing."""


def evaluate(leaf: Survival, facts: Facts) -> Finding:
    """The physician's estimate, as recorded, against the range."""
    estimate = facts.patient.life_expectancy
    if estimate is None:
        return lacking("life expectancy is not recorded", "life expectancy", "/lifeExpectancy")
    wanted = MEAN_DAYS.get(leaf.range.unit or "")
    if wanted is None:
        return unread(f"`{leaf.range.unit}` is not a unit of time")
    datum = Evidence(pointer="/lifeExpectancy/value", value=estimate.value)
    given = MEAN_DAYS.get(estimate.unit)
    if given is None:
        return lacking(
            "life expectancy has no unit of time", "life expectancy, in months", "/lifeExpectancy/unit", datum
        )
    truth = _held(exact(estimate.value) * given / wanted, leaf, estimate.unit == leaf.range.unit)

    def spoken() -> str:
        return f"life expectancy {counted(estimate.value, estimate.unit)}"

    if truth is not Truth.UNKNOWN:
        return settled(truth, lambda: f"{spoken()} is {compared(truth, leaf.range)}", datum)
    ask = f"life expectancy, in {counted(2, leaf.range.unit)[2:]}"
    return lacking(lambda: f"{spoken()} is too close to {ranged(leaf.range)} to tell", ask, "/lifeExpectancy", datum)


def _held(estimate: Decimal, leaf: Survival, same_unit: bool) -> Truth:
    slack = Decimal(0) if same_unit else estimate * ROUGHLY
    return Interval((estimate - slack, 0), (estimate + slack, 0)).within(Interval.stated(leaf.range))


KIND = Kind(Survival, evaluate)
