"""Numbers of a form of their own: `95th percentile`, `5th to 95th percentile`, `36 6/7 weeks`, `37+0 weeks`."""

import re

from service.schemas.expression import Window

Amount = tuple[int, int, dict[str, str | float | tuple[str, ...] | Window]]
"""Where a piece begins and ends, and what it may mean."""

_WEEK = r"w(?:ee)?ks?\b"
WEEKS = (
    rf"(?<![\d.])[1-4]?\d(?:\s+[0-6]\s?/\s?7(?!\d)|\s?\+\s?[0-6](?=\s*(?:{_WEEK}|(?:to|and|-)\s*[1-4]\d\s?\+\s?\d\s*{_WEEK})))"
    rf"(?:\s*{_WEEK})?"
)
"""Weeks and days of gestation as obstetricians write them."""

_RANK = re.compile(
    r"\s*(?:(?:and|to|or|-)\s*(?:the\s+)?\d{1,2}(?:st|nd|rd|th)\s+(?=(?:per)?centiles?\b)|((?:per)?centiles?)\b)"
)


def ranked(folded: str, start: int, end: int) -> list[Amount]:
    """`3rd` as a place in an order; `95th percentile` as a number with its unit."""
    value = float(folded[start : end - 2])
    rank = _RANK.match(folded, end)
    if rank is None:
        return [(start, end, {"word": folded[start:end], "ordinal": value})]
    number: Amount = (start, end, {"num": value})
    return [number] if rank[1] is None else [number, (rank.start(1), rank.end(), {"unit": "{percentile}"})]


def weeks(spelled: str, start: int) -> list[Amount]:
    """Both as days."""
    whole, days = re.findall(r"\d+", spelled)[:2]
    at = start + len(whole)
    return [(start, at, {"num": float(int(whole) * 7 + int(days))}), (at, start + len(spelled), {"unit": "d"})]
