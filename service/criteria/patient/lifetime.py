"""The patient's age, as exactly as the record tells it."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from service.criteria.patient.dates import Days, after_months, days_of
from service.criteria.patient.interval import Interval
from service.schemas.patient import Patient
from service.schemas.quantity import exact

HOURS = {"h": 24, "min": 1440}


class Lifetime(NamedTuple):
    """How long the patient has lived on one date: from a date of birth, or from an age in years.

    `years` is the age as sent: 7 means from 7 up to, not including, 8 years; 7.5 from 7.5 up to 7.6.
    """

    on: date
    born: Days | None
    years: Decimal | None

    def in_unit(self, unit: str) -> Interval | None:
        """The age in that unit, fractions counted to the next birthday; None for a unit that is not of age."""
        if self.born is not None:
            return _since(self.born, self.on, unit)
        assert self.years is not None
        return _from_years(self.years, unit)

    def in_days(self) -> tuple[int, int]:
        """The fewest and the most days lived, both possible."""
        if self.born is not None:
            return max((self.on - self.born.last).days, 0), (self.on - self.born.first).days
        low, high = _spread(self.years or Decimal(0))
        return int(low * 365), int(high * 366) + 1


def lifetime(patient: Patient, on: date) -> Lifetime | None:
    """None when the record tells no age, or a birth after `on`."""
    born = days_of(patient.birth_date)
    if born is not None:
        return Lifetime(on, born, None) if born.first <= on else None
    return None if patient.age_years is None else Lifetime(on, None, exact(patient.age_years))


def _since(born: Days, on: date, unit: str) -> Interval | None:
    last = min(born.last, on)
    if unit in HOURS:
        least = max((on - last).days - 1, 0)
        return Interval((Decimal(least * HOURS[unit]), 0), (Decimal(((on - born.first).days + 1) * HOURS[unit]), -1))
    least_age, most_age = _elapsed(last, on, unit), _elapsed(born.first, on, unit)
    return None if least_age is None or most_age is None else Interval((least_age, 0), (most_age, 0))


def _elapsed(born: date, on: date, unit: str) -> Decimal | None:
    if unit in {"a", "mo"}:
        return _calendar(born, on, 12 if unit == "a" else 1)
    days = Decimal((on - born).days)
    return {"d": days, "wk": days / 7}.get(unit)


def _calendar(born: date, on: date, months: int) -> Decimal:
    """Completed periods of so many months, and the share of the one that runs."""
    whole = ((on.year - born.year) * 12 + on.month - born.month) // months
    while after_months(born, whole * months) > on:
        whole -= 1
    start, end = after_months(born, whole * months), after_months(born, (whole + 1) * months)
    return whole + Decimal((on - start).days) / Decimal(max((end - start).days, 1))


def _spread(years: Decimal) -> tuple[Decimal, Decimal]:
    """From the number sent up to the next of as many digits."""
    exponent = years.normalize().as_tuple().exponent
    return years, years + Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)


def _from_years(years: Decimal, unit: str) -> Interval | None:
    factors = {"a": (1, 1), "mo": (12, 12), "d": (365, 366), "h": (8760, 8784), "min": (525600, 527040)}
    low, high = _spread(years)
    if unit == "wk":
        return Interval((low * 365 / 7, 0), (high * 366 / 7, -1))
    if unit not in factors:
        return None
    least, most = factors[unit]
    return Interval((low * least, 0), (high * most, -1))
