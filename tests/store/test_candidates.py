"""Candidates: the database admits exactly the trials whose envelope admits the patient, never too few."""

from typing import Any

import asyncpg
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.criteria.demand import demand_id, outline_of
from service.match.known import Memory
from service.match.prefilter import admits
from service.schemas.envelope import ANY, NO_AGE_LIMIT, Candidate, CandidateQuery, Outline, Site
from service.schemas.query import TrialQuery
from service.schemas.report import Near, TrialFilter
from service.schemas.trial import EligibleSex, GeoPoint, OverallStatus, Phase, nct_id_of
from service.store import Store
from tests.examples import examples
from tests.store.brute import asked_for
from tests.store.builders import an_entry
from tests.store.conftest import Registry

T_ALL, AML = "MESH:D054218", "MESH:D015470"


async def found(store: Store, query: CandidateQuery) -> list[str]:
    """Ids of the candidates that are of the status and phase that the caller asks for."""
    known = Memory().of("1")
    async with store.trials.snapshot() as registry:
        numbers = await registry.candidates(query)
        for outline in await registry.outlines(numbers):
            known.outlines.note(outline)
    return [nct_id_of(each) for each in known.outlines.of(np.array(numbers, np.int32), query.where).numbers.tolist()]


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


async def test_a_match_shows_what_is_stored(store: Store) -> None:
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
    async with store.trials.snapshot() as registry:
        assert await registry.listed([1, 2]) == {
            1: Candidate(
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
        }


async def outlines(store: Store) -> list[Outline]:
    async with store.trials.snapshot() as registry:
        return await registry.outlines(await registry.candidates(CandidateQuery()))


async def test_a_candidate_tells_what_its_criteria_ask(store: Store) -> None:
    entry = an_entry(1, T_ALL, overallStatus="RECRUITING", phases=["PHASE2"])
    await store.trials.put(entry)
    [asked] = await outlines(store)
    assert asked == Outline(
        *outline_of("NCT00000001", entry.criteria)[:2], list(map(demand_id, entry.criteria)), "RECRUITING", ["PHASE2"]
    )
    async with store.trials.snapshot() as registry:
        assert await registry.criteria([1]) == {1: entry.criteria}


async def test_what_an_older_version_stored_is_a_candidate_too(store: Store, database: str) -> None:
    """Its criteria tell what it asks; and demands that are no longer true are gone as soon as the criteria change."""
    await store.trials.put(an_entry(1, T_ALL, overallStatus="RECRUITING"))
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE trial SET criteria = $1", msgspec.msgpack.encode(()))
    await connection.close()
    [asked] = await outlines(store)
    assert asked == Outline(1, None, (), "RECRUITING", [])


async def test_a_snapshot_does_not_see_what_is_written_meanwhile(store: Store) -> None:
    await store.trials.put(an_entry(1, T_ALL))
    async with store.trials.snapshot() as registry:
        await store.trials.put(an_entry(2, T_ALL))
        seen = await registry.candidates(CandidateQuery())
        assert (seen, registry.corpus.trials) == ([1], 1)
    assert [each.number for each in await outlines(store)] == [1, 2]


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
@examples(30)
@given(query=CANDIDATE_QUERIES)
async def test_real_candidates_are_those_whose_envelope_admits(real: Registry, query: CandidateQuery) -> None:
    expected = [
        trial.nct_id for trial in real.trials
        if admits(query, real.envelopes[trial.nct_id]) and asked_for(as_search(query.where), trial)
    ]  # fmt: skip
    assert await found(real.store, query) == sorted(expected)
