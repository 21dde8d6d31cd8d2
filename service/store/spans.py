"""Parts of the registry by month, the newest first and each larger than the one before: where hits are looked for.

A month is a number here, thirteen to a year: a date that names its year only lies before January. One of a month that
no year has lies in December, as it does in the order of dates.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from service.store.queries import Filters

EVERYTHING: Filters = {}
A_YEAR = 13


def spans(newest: str, oldest: str, bounds: Sequence[str], share: float) -> Iterator[Filters]:
    """Filters that part all from the newest date down to the oldest. The first holds about that share of the registry.

    `bounds` part it into pieces of about one size, the oldest first. They need not be true of it as it is now: then the
    parts have other sizes.
    """
    until = _month(newest) + 1
    at, step = bisect_right(bounds, newest), max(1, math.ceil(share * len(bounds)))
    while (at := at - step) >= 0 and (begin := _month(bounds[at])) > 0:
        if begin < until:
            yield {"months": {"months": _named(begin, until)}}
            until = begin
            step *= 2
        if begin <= _month(oldest):
            return
    yield {"before": {"before": _name(until)}}


def _month(key: str) -> int:
    return int(key[:4] or 0) * A_YEAR + min(int(key[5:7] or 0), A_YEAR - 1)


def _name(month: int) -> str:
    """In the order of dates, it stands before all dates of that month."""
    year, of_year = divmod(month, A_YEAR)
    return f"{year:04}-{of_year:02}" if of_year else f"{year:04}"


def _named(begin: int, until: int) -> list[str]:
    """As the index has them: whole years as one, dates without a month as those of month 00."""
    found: list[str] = []
    while begin < until:
        year, of_year = divmod(begin, A_YEAR)
        is_whole = of_year == 0 and begin + A_YEAR <= until
        found.append(f"{year:04}" if is_whole else f"{year:04}-{of_year:02}")
        begin += A_YEAR if is_whole else 1
    return found
