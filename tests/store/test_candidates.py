"""Candidates: the database admits exactly the trials whose envelope admits the patient, never too few."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.match.prefilter import admits
from service.schemas.envelope import ANY, NO_AGE_LIMIT, Candidate, CandidateQuery, Site
from service.schemas.query import TrialQuery
from service.schemas.report import Near, TrialFilter
from service.schemas.trial import EligibleSex, GeoPoint, OverallStatus, Phase
from service.store import Store
from tests.store.brute import asked_for
from tests.store.builders import an_entry
from tests.store.conftest import Registry

T_ALL, AML = "MESH:D054218", "MESH:D015470"


async def found(store: Store, query: CandidateQuery, size: int = 7) -> list[str]:
    return [each.nct_id async for batch in store.trials.candidates(query, size) for each in batch]


KEYS: tuple[tuple[str, frozenset[str] | None, set[int]], ...] = (
    ("the trial's disease", frozenset({T_ALL}), {1, 4}),
    ("a word of a disease that the vocabulary lacks", frozenset({"word:frobnication"}), {3}),
    ("any disease", frozenset({ANY}), {5}),
    ("one of several", frozenset({AML, ANY, "word:nothing"}), {2, 4, 5}),
    ("none", frozenset({"MESH:D000000"}), set()),
    ("nothing is known of the patient's diseases", None, {1, 2, 3, 4, 5}),
)


@pytest.mark.parametrize(("keys", "expected"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS])
async def test_a_patient_reaches_the_trials_that_share_a_key(
    store: Store, keys: frozenset[str] | None, expected: set[int]
) -> None:
    for nct, held in enumerate(((T_ALL,), (AML,), ("word:frobnication",), (T_ALL, AML), ()), 1):
        await store.trials.put(an_entry(nct, *held))
    assert {int(nct_id[3:]) for nct_id in await found(store, CandidateQuery(keys=keys))} == expected


async def test_a_candidate_carries_what_the_matcher_needs(store: Store) -> None:
    sites: list[Any] = [
        {
            "facility": "Clinic",
            "city": "Lyon",
            "country": "France",
            "geoPoint": {"lat": 45.8, "lon": 4.8},
            "zip": "69000",
        },
        {"country": "Chad", "status": "RECRUITING"},
    ]
    members = {"briefTitle": "Title", "overallStatus": "RECRUITING", "phases": ["PHASE1", "PHASE2"], "locations": sites}
    entry = an_entry(1, T_ALL, **members)
    await store.trials.put(entry)
    [[candidate]] = [batch async for batch in store.trials.candidates(CandidateQuery())]
    assert candidate == Candidate(
        nct_id="NCT00000001",
        brief_title="Title",
        overall_status=OverallStatus.RECRUITING,
        phases=(Phase.PHASE1, Phase.PHASE2),
        criteria=entry.criteria,
        sites=(
            Site(facility="Clinic", city="Lyon", country="France", geo_point=GeoPoint(lat=45.8, lon=4.8)),
            Site(country="Chad", status=OverallStatus.RECRUITING),
        ),
    )


async def test_slices_are_no_larger_than_asked_and_in_order(small: Registry) -> None:
    sizes = [len(batch) async for batch in small.store.trials.candidates(CandidateQuery(), size=25)]
    assert sizes == [25, 25, 10]
    everything = await found(small.store, CandidateQuery())
    assert everything == sorted(trial.nct_id for trial in small.trials)


SEVERAL_KEYS = st.frozensets(
    st.sampled_from(
        [ANY, "word:cancer", "word:diabetes", "MESH:D001943", "MESH:D003920", "MESH:D006973", "MONDO:0008903"]
    )
)
AGE_DAYS = st.integers(0, 40_000)
WHERE = st.builds(
    TrialFilter,
    status=st.sampled_from([(), OverallStatus.RECRUITING, (OverallStatus.COMPLETED, OverallStatus.RECRUITING)]),
    phase=st.sampled_from([(), Phase.PHASE2]),
    country=st.sampled_from([(), "united states", ("France", "China")]),
    near=st.sampled_from([None, Near(lat=40.7, lon=-74.0, km=100), "48.8,2.3,200"]),
)
CANDIDATE_QUERIES = st.builds(
    lambda ages, **sides: CandidateQuery(age_low_days=min(ages), age_high_days=max(ages), **sides),
    st.tuples(AGE_DAYS, AGE_DAYS) | st.just((0, NO_AGE_LIMIT)),
    sex=st.sampled_from([None, EligibleSex.MALE, EligibleSex.FEMALE]),
    keys=st.none() | SEVERAL_KEYS,
    within=st.none() | SEVERAL_KEYS,
    where=st.none() | WHERE,
)


def as_search(where: TrialFilter | None) -> TrialQuery:
    """The caller's filter as the search that narrows alike."""
    asked = where or TrialFilter()
    lists = {name: value if isinstance(value, tuple) else (value,) for name, value in
             (("status", asked.status), ("phase", asked.phase), ("country", asked.country))}  # fmt: skip
    return TrialQuery(**lists, near=Near.of(asked.near) if isinstance(asked.near, str) else asked.near)  # type: ignore[arg-type]


@pytest.mark.shared
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=CANDIDATE_QUERIES)
async def test_real_candidates_are_those_whose_envelope_admits(real: Registry, query: CandidateQuery) -> None:
    expected = [
        trial.nct_id for trial in real.trials
        if admits(query, real.envelopes[trial.nct_id]) and asked_for(as_search(query.where), trial)
    ]  # fmt: skip
    assert await found(real.store, query, size=1000) == sorted(expected)
