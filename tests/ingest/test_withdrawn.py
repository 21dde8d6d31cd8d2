"""What the registry no longer has is taken out by a full run, and nothing else is."""

from collections.abc import Iterator

import pytest

from service.errors import RegistryUnavailable, TrialNotFound
from service.schemas.quarantine import QuarantineQuery
from service.schemas.query import TrialQuery
from service.store import Store
from tests.ingest.registry import StandIn, a_study, standing_in
from tests.ingest.test_sync import DAYS, held, run, told
from tests.store.builders import an_entry


@pytest.fixture
def registry() -> Iterator[StandIn]:
    """Thirty studies on six days, in pages of four."""
    with standing_in(page_size=4) as opened:
        opened.post(*(a_study(nct, DAYS[nct // 5]) for nct in range(1, 31)))
        yield opened


async def reasons(store: Store) -> list[tuple[str | None, str]]:
    page = await store.quarantine.page(QuarantineQuery())
    return [(each.nct_id, each.code) for each in page.studies]


async def test_what_the_registry_no_longer_has_is_taken_out_and_shown_in_quarantine(
    store: Store, registry: StandIn
) -> None:
    await run(store, registry)
    before = await store.trials.corpus()
    del registry.studies[7], registry.studies[21]
    assert (await run(store, registry)).counts.withdrawn == 0
    assert (await run(store, registry, full=True)).counts.withdrawn == 2
    after = await store.trials.corpus()
    assert (after.trials, after.version != before.version) == (28, True)
    assert await held(store) == told(registry)
    assert sorted(await reasons(store)) == [("NCT00000007", "withdrawn"), ("NCT00000021", "withdrawn")]
    with pytest.raises(TrialNotFound):
        await store.trials.get("NCT00000007")
    assert (await run(store, registry, full=True)).counts.withdrawn == 0


async def test_a_study_that_comes_back_is_stored_again(store: Store, registry: StandIn) -> None:
    """With the date that it had: only a full run can see that."""
    await run(store, registry)
    gone = registry.studies.pop(7)
    await run(store, registry, full=True)
    registry.post(gone)
    await run(store, registry, full=True)
    assert await held(store) == told(registry)
    assert await reasons(store) == []


async def test_another_engine_does_not_try_a_withdrawn_study_again(
    store: Store, registry: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run(store, registry)
    del registry.studies[7]
    await run(store, registry, full=True)
    monkeypatch.setattr("service.ingest.desk.engine", lambda: "another")
    await run(store, registry)
    assert await held(store) == told(registry)


async def test_what_came_from_elsewhere_stays(store: Store, registry: StandIn) -> None:
    await store.trials.put(an_entry(99))
    await run(store, registry, full=True)
    assert "NCT00000099" in await held(store)


async def test_what_is_posted_behind_the_roll_call_stays(store: Store, registry: StandIn) -> None:
    """Its date lies before those that were listed already: it is known by its id."""
    await run(store, registry)

    def late(_: int) -> None:
        if registry.asked[-1].is_roll_call and registry.asked[-1].parameters.get("pageToken") == "8":
            registry.post(a_study(1, DAYS[0]))

    del registry.studies[1]
    registry.before = late
    assert (await run(store, registry, full=True)).counts.withdrawn == 0
    assert "NCT00000001" in await held(store)


async def test_a_registry_that_lost_many_at_once_is_not_believed(store: Store, registry: StandIn) -> None:
    await run(store, registry)
    for nct in range(1, 13):
        del registry.studies[nct]
    with pytest.raises(RegistryUnavailable, match="which is not believed: nothing is taken out"):
        await run(store, registry, full=True)
    assert (await store.trials.page(TrialQuery(page_size=1, count_total=True))).total_count == 30


async def test_a_full_run_fetches_what_is_lacking_anywhere(store: Store, registry: StandIn) -> None:
    await run(store, registry, since=DAYS[4])
    assert len(await held(store)) < 30
    await run(store, registry, full=True)
    assert await held(store) == told(registry)
