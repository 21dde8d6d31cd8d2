"""Numbers with units, and the ranges they may lie in."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

MAGNITUDE_LIMIT = 1e15
Number = Annotated[float, Meta(ge=-MAGNITUDE_LIMIT, le=MAGNITUDE_LIMIT)]
UnitCode = Annotated[str, Meta(min_length=1, max_length=40, description="UCUM code", examples=["mg/dL"])]


def exact(number: float) -> Decimal:
    """The number as it was written: the shortest decimal that reads back as the same float."""
    return Decimal(repr(number))


class Quantity(Struct, frozen=True, gc=False, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """A value and its UCUM unit."""

    value: Number
    unit: UnitCode


class Range(Struct, frozen=True, gc=False, forbid_unknown_fields=True, rename="camel"):
    """Numbers between two ends, in `unit` as the text wrote it; a missing end is open without bound."""

    low: Number | None = None
    low_inclusive: bool = True
    high: Number | None = None
    high_inclusive: bool = True
    unit: UnitCode | None = None

    @property
    def is_open(self) -> bool:
        """Neither end is stated."""
        return self.low is None and self.high is None

    def contains(self, number: Decimal) -> bool:
        """Whether a number in this range's unit lies within."""
        return not (self._below(number) or self._above(number))

    def _below(self, number: Decimal) -> bool:
        if self.low is None:
            return False
        low = exact(self.low)
        return number < low or (number == low and not self.low_inclusive)

    def _above(self, number: Decimal) -> bool:
        if self.high is None:
            return False
        high = exact(self.high)
        return number > high or (number == high and not self.high_inclusive)
