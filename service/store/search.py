"""A TrialQuery or CandidateQuery as the filters of sql/search.sql that it asks for."""

import math
from collections.abc import Iterable
from enum import Enum
from typing import Any

from service.schemas.envelope import OPEN, CandidateQuery
from service.schemas.query import TrialQuery
from service.schemas.report import Near, TrialFilter
from service.schemas.trial import EligibleSex, number_of
from service.store.queries import Filters
from service.store.reach import keys_meant


def trial_filters(query: TrialQuery) -> Filters:
    """The filters of a search; a member that is empty asks nothing. Where rows are looked at, the words come last."""
    near, beside = query.near, "_beside_words" if query.q else ""
    asked: dict[str, tuple[object, dict[str, object]]] = {
        "condition": (query.condition, _meant("condition", query.condition)),
        "intervention": (query.intervention, _meant("intervention", query.intervention)),
        f"status{beside}": (query.status, {"statuses": _values(query.status)}),
        f"phase{beside}": (query.phase, {"phases": _values(query.phase)}),
        "study_type": (query.study_type, {"study_types": _values(query.study_type)}),
        "sex": (query.sex, {"sexes": _values({*query.sex, EligibleSex.ALL})}),
        "age": (query.age is not None, {"age_days": math.ceil((query.age or 0) * 365.25)}),
        "country": (query.country, {"countries": [country.lower() for country in query.country]}),
        "near": (near, {"lat": near.lat, "lon": near.lon, "km": near.km} if near else {}),
        "sponsor": (query.sponsor, {"sponsor_words": either(query.sponsor)}),
        "updated_since": (query.updated_since, {"updated_since": str(query.updated_since)}),
        "ids": (query.ids, {"numbers": [number_of(nct_id) for nct_id in query.ids]}),
        "words": (query.q, {"words": either(query.q)}),
    }
    return {name: parameters for name, (is_asked, parameters) in asked.items() if is_asked}


def candidate_filters(query: CandidateQuery) -> Filters:
    """The patient's side of a search of candidates; what is not known of the patient asks nothing."""
    asked: dict[str, dict[str, object]] = {
        "patient_age": {"age_low_days": query.age_low_days, "age_high_days": query.age_high_days}
    }
    if query.sex is not None:
        asked["patient_sex"] = {"patient_sex": query.sex.value}
    if query.keys is not None:
        asked["patient_keys"] = {"patient_keys": sorted(query.keys)}
    if query.within is not None:
        asked["within"] = {"within_keys": sorted(query.within)}
    statuses = _tuple((query.where or TrialFilter()).status)
    if statuses and OPEN.issuperset(statuses):
        asked["open"] = {}
    if where_filters(query):
        asked["where"] = {}
    return asked


def where_filters(query: CandidateQuery) -> Filters:
    """Places and ids that the caller narrowed the registry to.

    Its conditions came as keys, in `within`; status and phase are told by what each candidate asks.
    """
    where = query.where or TrialFilter()
    near = Near.of(where.near) if isinstance(where.near, str) else where.near
    return trial_filters(TrialQuery(country=_tuple(where.country), ids=_tuple(where.nct_ids), near=near))


def either(values: Iterable[str]) -> str | None:
    """Several searches as one in the words of websearch_to_tsquery; a quotation left open is closed."""
    closed = (value if value.count('"') % 2 == 0 else f'{value}"' for value in values)
    return " or ".join(closed) or None


def _meant(kind: str, names: tuple[str, ...]) -> dict[str, object]:
    return {f"{kind}_keys": sorted(keys_meant(names)), f"{kind}_words": either(names)}


def _values(members: Iterable[Enum]) -> list[str]:
    return [member.value for member in members]


def _tuple(values: Any) -> tuple[Any, ...]:
    return values if isinstance(values, tuple) else (values,)
