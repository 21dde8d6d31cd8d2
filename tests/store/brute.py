"""What a search should answer, worked out trial by trial in Python, without words and concepts."""

import math
from collections.abc import Callable

from service.schemas.query import Sort, TrialQuery
from service.schemas.report import Near
from service.schemas.trial import Dates, Eligibility, EligibleSex, Location, Trial

DAYS = {"Year": 365.25, "Month": 30.4375, "Week": 7.0, "Day": 1.0, "Hour": 1 / 24, "Minute": 1 / 1440}


def asked_for(query: TrialQuery, trial: Trial) -> bool:
    """Whether every filter admits the trial; `q`, `condition`, `intervention` and `sponsor` are left out."""
    eligibility = trial.eligibility or Eligibility()
    return all(
        (
            not query.ids or trial.nct_id in query.ids,
            not query.status or trial.overall_status in query.status,
            not query.phase or bool(set(query.phase) & set(trial.phases)),
            not query.study_type or trial.study_type in query.study_type,
            not query.sex or eligibility.sex in (None, EligibleSex.ALL, *query.sex),
            query.age is None or (_old_enough(query.age, eligibility) and not _too_old(query.age, eligibility)),
            not query.country or any(_is_in(query.country, site) for site in trial.locations),
            query.near is None or any(_is_near(query.near, site) for site in trial.locations),
            query.updated_since is None or _updated_since(query, trial),
        )
    )  # fmt: skip


def _old_enough(years: float, eligibility: Eligibility) -> bool:
    limit = eligibility.minimum_age
    return limit is None or years * 365.25 >= math.floor(_days(limit, 0))


def _too_old(years: float, eligibility: Eligibility) -> bool:
    """A limit of 17 years is kept until the 18th birthday."""
    limit = eligibility.maximum_age
    return limit is not None and years * 365.25 >= _days(limit, 1)


def _days(limit: str, more: int) -> float:
    count, unit = limit.split()
    return (int(count) + more) * DAYS[unit.removesuffix("s")]


def _is_in(countries: tuple[str, ...], site: Location) -> bool:
    return site.country is not None and site.country.lower() in {name.lower() for name in countries}


def _is_near(near: Near, site: Location) -> bool:
    """Angle between two unit vectors, times the earth's radius: another formula than the database's."""
    if site.geo_point is None:
        return False
    here, there = ((math.radians(lat), math.radians(lon)) for lat, lon in
                   ((near.lat, near.lon), (site.geo_point.lat, site.geo_point.lon)))  # fmt: skip
    cosine = math.sin(here[0]) * math.sin(there[0]) + math.cos(here[0]) * math.cos(there[0]) * math.cos(
        here[1] - there[1]
    )
    return 6371.0088 * math.acos(max(-1.0, min(1.0, cosine))) <= near.km


def _updated_since(query: TrialQuery, trial: Trial) -> bool:
    updated = (trial.dates or Dates()).last_update_posted
    return (
        updated is not None
        and query.updated_since is not None
        and updated >= query.updated_since.isoformat()[: len(updated)]
    )


ORDER: dict[Sort, Callable[[Trial], tuple[str, str]]] = {
    Sort.NCT_ID: lambda trial: ("", trial.nct_id),
    Sort.UPDATED: lambda trial: ((trial.dates or Dates()).last_update_posted or "9999", trial.nct_id),
    Sort.UPDATED_DESC: lambda trial: ((trial.dates or Dates()).last_update_posted or "", trial.nct_id),
    Sort.START: lambda trial: ((trial.dates or Dates()).start or "9999", trial.nct_id),
    Sort.START_DESC: lambda trial: ((trial.dates or Dates()).start or "", trial.nct_id),
    Sort.NCT_ID_DESC: lambda trial: ("", trial.nct_id),
}


def in_order(trials: list[Trial], sort: Sort) -> list[str]:
    """Their ids, sorted."""
    return [trial.nct_id for trial in sorted(trials, key=ORDER[sort], reverse=sort.value.endswith(":desc"))]
