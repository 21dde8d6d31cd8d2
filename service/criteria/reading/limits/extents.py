"""Numbers that tell how far a scale reaches, which bound nothing: `on a 0-10 scale`, `(range 0 to 63)`."""

import re

from service.criteria.reading.limits.ends import Bound

_BEFORE = re.compile(
    r"(?:\b(?:(?:on|with|using)\s+)?(?:(?:a|an|the)\s+|(?<=\())(?:(?!on\b)\w+\s+){0,3}(?:scale|range|ranging|ranges|scored|score\s+range)\b\s*(?:of|from|:|=|is|between)?"
    r"|\bout\s+of)\s*$"
)
_OPENED = re.compile(r"(?:\b(?:(?:on|with|using)\s+)?(?:a|an|the|on)\s+|(?<=\())$")
_BEHIND = re.compile(r"[\s-]*(?:points?[\s-]+)?(?:[a-z]+[\s-]+){0,3}?scale\b")
_NEAR = 45
_LEAST = 3
"""A scale reaches at least so far; `0-2` is a bound."""


def extent(bound: Bound, folded: str) -> tuple[int, int] | None:
    """Where the words that tell a scale's reach begin and end; None for a bound of values.

    The numbers run from a scale's natural beginning to its end, and words beside them speak of a scale.
    """
    low, high = bound.ranges[0].low, bound.ranges[0].high
    if low not in (0, 1) or high is None or high < _LEAST or bound.relative_to or bound.aged:
        return None
    before = folded[max(0, bound.start - _NEAR) : bound.start]
    if (named := _BEFORE.search(before)) is not None:
        return bound.start - len(before) + named.start(), bound.end
    if (opened := _OPENED.search(before)) is None:
        return None
    behind = _BEHIND.match(folded, bound.end, bound.end + _NEAR)
    return None if behind is None else (bound.start - len(before) + opened.start(), behind.end())
