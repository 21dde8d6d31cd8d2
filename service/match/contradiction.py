"""What in a request cannot be true at once: no answer to it would be right."""

from collections.abc import Iterator
from datetime import date

from service.criteria.patient.dates import days_of
from service.errors import Fault
from service.schemas.report import MatchRequest

MEAN_YEAR_DAYS = 365.25
SLACK_YEARS = 1.0
"""An age is often rounded, or was written down before the last birthday; and completed years leave out up to one."""


def contradictions(asked: MatchRequest, on: date) -> Iterator[Fault]:
    """Each at its place, repeating nothing. `on` is the date that ages are counted at."""
    born = days_of(asked.patient.birth_date)
    if born is None:
        return
    if born.first > on:
        yield _before_birth(asked.as_of)
        return
    stated = asked.patient.age_years
    oldest, youngest = (max((on - day).days, 0) / MEAN_YEAR_DAYS for day in born)
    if stated is not None and not youngest - 2 * SLACK_YEARS < stated < oldest + SLACK_YEARS:
        yield Fault("contradicts `birthDate`; send one of them", pointer="/patient/ageYears")


def _before_birth(as_of: date | None) -> Fault:
    if as_of is None:
        return Fault("lies in the future", pointer="/patient/birthDate")
    return Fault("lies before the patient's `birthDate`", pointer="/asOf")
