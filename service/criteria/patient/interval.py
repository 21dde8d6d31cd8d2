"""Where a number may lie, held against the range it should lie in."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from service.schemas.quantity import Range, exact
from service.schemas.truth import FALSE, TRUE, UNKNOWN, Truth

End = tuple[Decimal, int]
"""A bound and which side of it is meant: -1 just below, 0 the number itself, 1 just above."""

LOWEST: End = (Decimal("-Infinity"), 0)
HIGHEST: End = (Decimal("Infinity"), 0)


class Interval(NamedTuple):
    """The numbers from `low` to `high`; a known number is an interval of one."""

    low: End = LOWEST
    high: End = HIGHEST

    @staticmethod
    def of(number: Decimal) -> "Interval":
        """Exactly that number."""
        end = (number, 0)
        return Interval(end, end)

    @staticmethod
    @lru_cache(maxsize=8192)
    def stated(range_: Range) -> "Interval":
        """The same ends, as an interval."""
        low = LOWEST if range_.low is None else (exact(range_.low), 0 if range_.low_inclusive else 1)
        high = HIGHEST if range_.high is None else (exact(range_.high), 0 if range_.high_inclusive else -1)
        return Interval(low, high)

    def times(self, factor: Decimal) -> "Interval":
        """Every number multiplied; the factor is positive."""
        return Interval((self.low[0] * factor, self.low[1]), (self.high[0] * factor, self.high[1]))

    def snapped(self, bounds: "Interval", slack: Decimal) -> "Interval":
        """Ends that lie closer to a bound than that share of it are at the bound."""
        limits = [number for number, _ in bounds if number.is_finite()]
        return Interval(*((_at(number, limits, slack), side) for number, side in self))

    def within(self, bounds: "Interval") -> Truth:
        """TRUE when all of it lies in the bounds, FALSE when none of it does."""
        if self.low > bounds.high or self.high < bounds.low:
            return FALSE
        return TRUE if self.low >= bounds.low and self.high <= bounds.high else UNKNOWN


def _at(number: Decimal, limits: list[Decimal], slack: Decimal) -> Decimal:
    near = (limit for limit in limits if number.is_finite() and abs(number - limit) <= slack * abs(limit))
    return next(near, number)
