"""Calendar arithmetic on dates that may be known only to the month or the year."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from service.schemas.expression import Window
from service.schemas.quantity import Quantity, exact
from service.schemas.truth import FALSE, TRUE, UNKNOWN, Truth

DAYS = {"d": Decimal(1), "wk": Decimal(7), "h": Decimal(1) / 24, "min": Decimal(1) / 1440}
MONTHS = {"mo": 1, "a": 12}
MEAN_DAYS = {**DAYS, "mo": Decimal("30.4375"), "a": Decimal("365.25")}
"""A month and a year of mean length, as UCUM defines them (`mo_j`, `a_j`); for spans that no calendar dates."""

NOW = frozenset({"as_of", "screening", "enrollment", "baseline", "first_dose", "randomization"})
"""Reference events of a window that the date of the match stands for."""


class Days(NamedTuple):
    """An event lies on one of the days `first` to `last`."""

    first: date
    last: date


def days_of(partial: str | None) -> Days | None:
    """The days a year, month or day may mean; a day that no calendar has counts as its month."""
    if partial is None:
        return None
    try:
        day = date.fromisoformat(partial)
    except ValueError:
        return _days_meant(partial)
    return Days(day, day)


def _days_meant(partial: str) -> Days | None:
    """By what is no day, or none of the calendar."""
    year, month = (*map(int, partial.split("-")), 0)[:2]
    if not year:
        return None
    if not 1 <= month <= 12:
        return Days(date(year, 1, 1), date(year, 12, 31))
    length = monthrange(year, month)[1]
    return Days(date(year, month, 1), date(year, month, length))


def after_months(start: date, months: int) -> date:
    """That many calendar months on; where the day does not exist, the first of the next month."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        return date.min if year < 1 else date.max
    month += 1
    if start.day <= monthrange(year, month)[1]:
        return date(year, month, start.day)
    return date(year + month // 12, month % 12 + 1, 1)


@lru_cache(maxsize=4096)
def ago(on: date, span: Quantity) -> date | None:
    """The day so long before; None for a unit that no calendar counts, such as half-lives."""
    value = exact(span.value)
    if span.unit in MONTHS and (months := value * MONTHS[span.unit]) == int(months):
        return after_months(on, -int(months))
    if (length := MEAN_DAYS.get(span.unit)) is None:
        return None
    days = int(value * length)
    return date.min if days >= on.toordinal() else on - timedelta(days=days)


def window_truth(window: Window, event: Days, on: date) -> Truth:
    """Whether an event of the past lies in the window that ends on `on`; UNKNOWN for windows around other events."""
    if window.after or (window.before or "as_of") not in NOW:
        return UNKNOWN
    bounds = [(window.within, 1), (window.at_least, -1)]
    truths = [_beyond(ago(on, span), event, sign) for span, sign in bounds if span is not None]
    if FALSE in truths:
        return FALSE
    return UNKNOWN if UNKNOWN in truths else TRUE


def _beyond(edge: date | None, event: Days, sign: int) -> Truth:
    """Whether the event lies on the later (1) or earlier (-1) side of `edge`, or on it."""
    if edge is None:
        return UNKNOWN
    first, last = (event.first >= edge, event.last >= edge) if sign > 0 else (event.first <= edge, event.last <= edge)
    if first == last:
        return Truth.of(first)
    return UNKNOWN
