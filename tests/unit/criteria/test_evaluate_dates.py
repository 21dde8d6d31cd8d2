"""Calendar arithmetic: windows, partial dates, ages."""

from datetime import date

import pytest

from service.criteria.patient.dates import after_months, ago, days_of, window_truth
from service.criteria.patient.lifetime import lifetime
from service.schemas.expression import Window
from service.schemas.patient import Patient
from service.schemas.quantity import Quantity
from service.schemas.truth import Truth

TODAY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2008, 2, 29), 12, date(2009, 3, 1)),
        (date(2008, 2, 29), 48, date(2012, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 3, 1)),
        (date(2025, 12, 31), 2, date(2026, 3, 1)),
        (date(2025, 3, 31), -1, date(2025, 3, 1)),
        (date(2025, 1, 15), -13, date(2023, 12, 15)),
    ],
)
def test_months_are_calendar_months(start: date, months: int, expected: date) -> None:
    assert after_months(start, months) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Quantity(6, "mo"), date(2025, 7, 31)),
        (Quantity(2, "wk"), date(2026, 1, 17)),
        (Quantity(0.5, "a"), date(2025, 7, 31)),
        (Quantity(1.5, "mo"), date(2025, 12, 17)),
        (Quantity(100_000, "a"), date.min),
        (Quantity(5, "{half-life}"), None),
    ],
)
def test_how_long_ago(span: Quantity, expected: date | None) -> None:
    assert ago(TODAY, span) == expected


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2023-02-29", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-13", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_partial_date_may_be_any_of_its_days(written: str, first: date, last: date) -> None:
    assert days_of(written) == (first, last)


def test_no_year_is_no_date() -> None:
    assert days_of("0000-01-01") is None


LAST_SIX_MONTHS = Window(within=Quantity(6, "mo"), before="screening")
SIX_MONTHS_AGO = Window(at_least=Quantity(6, "mo"), before="enrollment")


@pytest.mark.parametrize(
    ("window", "event", "expected"),
    [
        (LAST_SIX_MONTHS, "2025-07-31", Truth.TRUE),
        (LAST_SIX_MONTHS, "2025-07-30", Truth.FALSE),
        (LAST_SIX_MONTHS, "2025-07", Truth.UNKNOWN),
        (LAST_SIX_MONTHS, "2025-09", Truth.TRUE),
        (SIX_MONTHS_AGO, "2025-07-31", Truth.TRUE),
        (SIX_MONTHS_AGO, "2025-08-01", Truth.FALSE),
        (Window(within=Quantity(6, "mo"), before="surgery"), "2025-12-01", Truth.UNKNOWN),
        (Window(within=Quantity(6, "mo"), after="first_dose"), "2025-12-01", Truth.UNKNOWN),
        (Window(within=Quantity(5, "{half-life}"), before="screening"), "2025-12-01", Truth.UNKNOWN),
    ],
)
def test_windows_end_on_the_day_of_the_match(window: Window, event: str, expected: Truth) -> None:
    days = days_of(event)
    assert days is not None
    assert window_truth(window, days, TODAY) is expected


@pytest.mark.parametrize(
    ("patient", "least", "most"),
    [
        (Patient(birth_date="2026-01-30"), 1, 1),
        (Patient(birth_date="2026"), 0, 30),
        (Patient(age_years=7.0), 2555, 2929),
        (Patient(age_years=0.5), 182, 220),
    ],
)
def test_days_lived(patient: Patient, least: int, most: int) -> None:
    age = lifetime(patient, TODAY)
    assert age is not None
    assert age.in_days() == (least, most)


def test_the_unborn_have_no_age() -> None:
    assert lifetime(Patient(birth_date="2027"), TODAY) is None
