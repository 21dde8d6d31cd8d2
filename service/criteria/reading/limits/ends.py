"""Ends of ranges: what one number and its sign say, what two say together."""

from typing import NamedTuple

from service.criteria.reading.limits.numbers import Number
from service.criteria.reading.tokens.lex import Token
from service.schemas.expression import Limit
from service.schemas.quantity import Range


class Bound(NamedTuple):
    """What a value must be: within every one of `ranges`, or `outside` them.

    With `relative_to` the numbers are multiples of that reference limit. `bare` tells that no comparator stood there,
    only a number: it bounds a scale or an age, hardly a measurement. `aged`: the unit itself speaks of age.
    `over` is the second number of `160/100`.
    """

    start: int
    end: int
    ranges: tuple[Range, ...]
    relative_to: Limit | None = None
    bare: bool = False
    outside: bool = False
    aged: bool = False
    over: float | None = None


def closed(tokens: list[Token], i: int, low: Number, high: Number) -> tuple[Bound, int]:
    """Both ends inclusive; a unit written once serves both; ends in falling order are put right."""
    a, b = low.value, high.value
    unit = high.unit or low.unit
    if low.unit and high.unit and low.unit != high.unit:
        return _mixed(tokens, i, low, high)
    if a > b:
        a, b = b, a
    limit = high.limit or low.limit
    return Bound(tokens[i].start, tokens[high.next - 1].end, (Range(low=a, high=b, unit=unit),), limit), high.next


def _mixed(tokens: list[Token], i: int, low: Number, high: Number) -> tuple[Bound, int]:
    """`6 months to 5 years`: one range an end, both to hold."""
    ranges = (Range(low=low.value, unit=low.unit), Range(high=high.value, unit=high.unit))
    return Bound(tokens[i].start, tokens[high.next - 1].end, ranges, None), high.next


def merged(first: str, second: str) -> str:
    """Two comparators in a row, as in `not less than or = 5`: the second makes the first inclusive."""
    return first[0] + "=" if "=" in second and first[0] in "<>" else second


def joined(one: Bound, other: Bound) -> Bound | None:
    """A lower and an upper bound of the same value as one range."""
    a, b = one.ranges[0], other.ranges[0]
    low, high = (a, b) if a.low is not None else (b, a)
    if low.low is None or high.high is None or low.high is not None or high.low is not None:
        return None
    if one.relative_to is not other.relative_to or (a.unit and b.unit and a.unit != b.unit) or low.low > high.high:
        return None
    whole = Range(
        low=low.low,
        low_inclusive=low.low_inclusive,
        high=high.high,
        high_inclusive=high.high_inclusive,
        unit=a.unit or b.unit,
    )
    return Bound(one.start, other.end, (whole,), one.relative_to)


def range_of(sign: str, number: Number) -> Range:
    """All values on one side of the number, or the number alone."""
    value, unit = number.value, number.unit
    if sign[0] == "<":
        return Range(high=value, high_inclusive=sign == "<=", unit=unit)
    if sign[0] == ">":
        return Range(low=value, low_inclusive=sign == ">=", unit=unit)
    return Range(low=value, high=value, unit=unit)


def exclusive(range_: Range) -> Range:
    """The range without its upper end."""
    return Range(low=range_.low, high=range_.high, high_inclusive=False, unit=range_.unit)
