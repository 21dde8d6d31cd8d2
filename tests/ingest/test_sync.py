"""Following a registry: nothing missed, nothing twice, whatever fails or changes on the way."""

import asyncio
import random
from collections.abc import Iterator
from email.utils import formatdate

import httpx
import pytest

from service.errors import RegistryRefused, RegistryUnavailable
from service.ingest import Counts, Extent, Fetcher, Patience, SyncReport, sync
from service.ingest.fetch import client
from service.schemas.quarantine import QuarantineQuery
from service.schemas.query import TrialQuery
from service.store import Mark, Store
from tests.ingest.registry import Fault, StandIn, a_study, standing_in
from tests.store.builders import an_entry

SOON = Patience(first_s=0.01, longest_s=1.5, failures=4)
DAYS = [f"2026-03-{day:02}" for day in range(1, 29)]


@pytest.fixture
def registry() -> Iterator[StandIn]:
    """Ten studies on four days, in pages of three."""
    with standing_in() as opened:
        opened.post(*(a_study(nct, DAYS[nct // 3]) for nct in range(1, 11)))
        yield opened


async def run(store: Store, registry: StandIn, since: str | None = None, *, full: bool = False) -> SyncReport:
    async with client() as http:
        return await sync(store, Fetcher(http, registry.address, SOON), Extent(since, full))


async def held(store: Store) -> dict[str, str | None]:
    """Every stored trial and its date."""
    page = await store.trials.page(TrialQuery(page_size=1_000))
    return {trial.nct_id: trial.dates.last_update_posted if trial.dates else None for trial in page.trials}


def told(registry: StandIn) -> dict[str, str]:
    studies = (study["protocolSection"] for study in registry.studies.values())
    return {
        each["identificationModule"]["nctId"]: each["statusModule"]["lastUpdatePostDateStruct"]["date"]
        for each in studies
    }


async def versions(store: Store, nct: int) -> int:
    return len((await store.versions.list(f"NCT{nct:08d}")).versions)


async def test_the_first_time_everything_is_fetched(store: Store, registry: StandIn) -> None:
    assert await run(store, registry) == SyncReport(Counts(created=10), DAYS[3])
    assert await held(store) == told(registry)
    assert await store.marks.get(registry.address) == Mark(DAYS[3], DAYS[3])


async def test_how_current_the_registry_is_can_be_asked(store: Store, registry: StandIn) -> None:
    registry.post(a_study(61, DAYS[2], **SWAPPED))
    registry.faults = {4: Fault(400)}
    with pytest.raises(RegistryRefused):
        await run(store, registry)
    state = await store.trials.state()
    assert (state.quarantined, state.followed, state.complete_to) == (1, None, None)
    registry.faults = {}
    await run(store, registry)
    state = await store.trials.state()
    assert state.followed is not None
    assert state.complete_to == DAYS[3]


async def test_then_only_what_changed_is_fetched(store: Store, registry: StandIn) -> None:
    await run(store, registry)
    registry.asked.clear()
    registry.post(a_study(2, DAYS[9]), a_study(99, DAYS[9]))
    report = await run(store, registry)
    assert (report.counts.created, report.counts.updated) == (1, 1)
    walks = [each for each in registry.asked if not each.is_roll_call]
    assert {each.parameters["filter.advanced"] for each in walks} == {f"AREA[LastUpdatePostDate]RANGE[{DAYS[3]},MAX]"}
    assert await held(store) == told(registry)
    assert (await versions(store, 2), await versions(store, 99)) == (2, 1)


async def test_nothing_new_changes_nothing(store: Store, registry: StandIn) -> None:
    await run(store, registry)
    before = await store.trials.corpus()
    report = await run(store, registry)
    assert report == SyncReport(Counts(unchanged=2), DAYS[3])
    assert await store.trials.corpus() == before


async def test_an_empty_registry_is_followed(store: Store) -> None:
    with standing_in() as registry:
        assert await run(store, registry) == SyncReport(Counts(), None)
        registry.post(a_study(1, DAYS[0]))
        assert await run(store, registry) == SyncReport(Counts(created=1), DAYS[0])


async def test_a_date_may_be_named_to_begin_with(store: Store, registry: StandIn) -> None:
    """Everything before is said to be here already, from a file."""
    assert await run(store, registry, since=DAYS[2]) == SyncReport(Counts(created=5), DAYS[3])
    assert set(await held(store)) == {f"NCT{nct:08d}" for nct in range(6, 11)}


TRANSIENT = [
    ("throttled, for a while", Fault(429, {"Retry-After": "0"})),
    (
        "throttled, until a time",
        Fault(429, {"Retry-After": formatdate(0, usegmt=True), "Date": formatdate(0, usegmt=True)}),
    ),
    ("throttled, without a word", Fault(429)),
    ("overloaded", Fault(503)),
    ("broken", Fault(500)),
    ("cut off", Fault()),
    ("cut off in the middle", Fault(200, {"Content-Length": "1000"}, b'{"studies": [')),
    ("another page than asked for", Fault(200, {}, b"<html>maintenance</html>")),
]


@pytest.mark.parametrize("fault", [row[1] for row in TRANSIENT], ids=[row[0] for row in TRANSIENT])
async def test_a_failure_is_waited_out(store: Store, registry: StandIn, fault: Fault) -> None:
    registry.faults = {0: fault, 2: fault, 3: fault, 5: fault}
    assert (await run(store, registry)).counts == Counts(created=10)
    assert await held(store) == told(registry)


async def test_the_registry_is_left_alone_for_as_long_as_it_says(store: Store, registry: StandIn) -> None:
    registry.faults = {1: Fault(429, {"Retry-After": "1"})}
    await run(store, registry)
    assert registry.asked[2].at - registry.asked[1].at >= 1.0
    assert registry.asked[2].parameters == registry.asked[1].parameters


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault(503), "answers 503; try again later"),
        (Fault(429, {"Retry-After": "3600"}), "answers 429; try again later"),
        (Fault(), "does not answer"),
        (Fault(200, {}, b"[]"), "no page of studies"),
    ],
)
async def test_a_failure_that_lasts_ends_the_run_and_the_next_goes_on(
    store: Store, registry: StandIn, fault: Fault, says: str
) -> None:
    registry.faults = dict.fromkeys(range(2, 100), fault)
    with pytest.raises(RegistryUnavailable, match=says):
        await run(store, registry)
    assert len(await held(store)) == 6
    assert await store.marks.get(registry.address) == Mark(None, DAYS[2])
    registry.faults = {}
    registry.asked.clear()
    assert (await run(store, registry)).complete == DAYS[3]
    assert registry.asked[0].parameters["filter.advanced"].endswith(f"[{DAYS[2]},MAX]")
    assert await held(store) == told(registry)


async def test_a_refusal_is_told_at_once(store: Store, registry: StandIn) -> None:
    registry.faults = {0: Fault(400, {}, b"unknown parameter `sort`")}
    with pytest.raises(RegistryRefused, match="answers 400: unknown parameter `sort`"):
        await run(store, registry)
    assert len(registry.asked) == 1


async def test_a_token_that_is_out_of_date_is_done_without(store: Store, registry: StandIn) -> None:
    registry.faults = {2: Fault(400, {}, b"unknown token")}
    assert (await run(store, registry)).complete == DAYS[3]
    assert "pageToken" not in registry.asked[3].parameters
    assert await held(store) == told(registry)


async def test_a_study_pushed_over_the_edge_of_a_page_is_found(store: Store, registry: StandIn) -> None:
    """One of the first page moves to the end while the second is on its way: another one takes its place unseen."""
    registry.before = lambda number: registry.post(a_study(1, DAYS[20])) if number == 1 else None
    assert (await run(store, registry)).complete == DAYS[20]
    assert await held(store) == told(registry)
    assert await versions(store, 1) == 2


async def test_a_study_published_late_is_found(store: Store, registry: StandIn) -> None:
    await run(store, registry)
    registry.post(a_study(77, DAYS[1]))
    await run(store, registry)
    assert await held(store) == told(registry)


async def test_a_date_in_the_future_leaves_no_gap(store: Store, registry: StandIn) -> None:
    registry.post(a_study(50, "2999-01-01"))
    assert (await run(store, registry)).complete == DAYS[3]
    registry.post(a_study(51, DAYS[5]))
    assert (await run(store, registry)).complete == DAYS[5]
    assert await held(store) == told(registry)


@pytest.mark.parametrize("told", ["2026-02-30", "2026-13-01", "2026-03"])
async def test_a_date_that_there_is_not_stops_nobody(store: Store, registry: StandIn, told: str) -> None:
    registry.post(a_study(50, told))
    assert (await run(store, registry)).complete == DAYS[3]
    assert (await run(store, registry)).complete == DAYS[3]
    assert (await store.trials.corpus()).trials + len(await quarantined(store)) == 11


async def test_a_registry_that_never_rests_is_given_up_and_no_mark_is_set(store: Store, registry: StandIn) -> None:
    registry.before = lambda number: registry.post(a_study(1_000 + number, DAYS[10])) if number > 3 else None
    with pytest.raises(RegistryUnavailable, match="changes faster"):
        await run(store, registry)
    assert (await store.marks.get(registry.address)).complete is None


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_is_missed_whatever_happens(store: Store, seed: int) -> None:
    """Changes, failures and ends of runs at any request; then the store is what the registry is."""
    chance = random.Random(seed)
    with standing_in(page_size=4) as registry:
        registry.post(*(a_study(nct, chance.choice(DAYS[:9])) for nct in range(1, 30)))
        day = 9

        def anything(number: int) -> None:
            nonlocal day
            if chance.random() < 0.3 and day < 20:
                day += chance.randrange(2)
                registry.post(a_study(chance.randrange(1, 40), DAYS[day]))
            fault = chance.choice([Fault(), Fault(500), Fault(429, {"Retry-After": "0"}), Fault(400)])
            registry.faults = {number: fault} if chance.random() < 0.3 else {}

        registry.before = anything
        for _ in range(4):
            try:
                await run(store, registry)
            except (RegistryUnavailable, RegistryRefused):
                continue
        registry.before, registry.faults = (lambda _: None), {}
        await run(store, registry)
        assert await held(store) == told(registry)


async def test_two_at_once_are_safe(store: Store, registry: StandIn) -> None:
    await asyncio.gather(run(store, registry), run(store, registry))
    assert await held(store) == told(registry)
    assert [await versions(store, nct) for nct in range(1, 11)] == [1] * 10


async def quarantined(store: Store) -> list[tuple[str | None, str, str]]:
    page = await store.quarantine.page(QuarantineQuery())
    return [(each.nct_id, each.code, each.detail) for each in page.studies]


SWAPPED = {"minimumAge": "80 Years", "maximumAge": "18 Years"}


async def test_an_invalid_study_is_quarantined_with_its_reason(store: Store, registry: StandIn) -> None:
    nonsense = a_study(60, DAYS[5])
    nonsense["protocolSection"]["statusModule"]["overallStatus"] = "NEVER_HEARD_OF"
    registry.post(nonsense, a_study(61, DAYS[5], **SWAPPED))
    report = await run(store, registry)
    assert (report.counts.created, report.counts.quarantined, report.complete) == (10, 2, DAYS[5])
    found = {nct_id: (code, detail) for nct_id, code, detail in await quarantined(store)}
    assert found["NCT00000060"][0] == "unreadable_document"
    assert "NEVER_HEARD_OF" in found["NCT00000060"][1]
    assert found["NCT00000061"][0] == "age_bounds_swapped"


async def test_the_earlier_version_stays_while_a_new_one_is_quarantined(store: Store, registry: StandIn) -> None:
    await run(store, registry)
    registry.post(a_study(1, DAYS[6], **SWAPPED))
    await run(store, registry)
    assert (await held(store))["NCT00000001"] == DAYS[0]
    assert len(await quarantined(store)) == 1
    registry.post(a_study(1, DAYS[7]))
    await run(store, registry)
    assert (await held(store))["NCT00000001"] == DAYS[7]
    assert await quarantined(store) == []


async def test_a_quarantined_study_is_not_quarantined_twice(store: Store, registry: StandIn) -> None:
    registry.post(a_study(1, DAYS[6], **SWAPPED))
    await run(store, registry)
    before = await store.quarantine.page(QuarantineQuery())
    await run(store, registry)
    assert await store.quarantine.page(QuarantineQuery()) == before


async def test_another_engine_tries_again(store: Store, registry: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.post(a_study(61, DAYS[5], **SWAPPED))
    with monkeypatch.context() as patched:
        patched.setattr("service.ingest.desk.engine", lambda: "another")
        await run(store, registry)
    with monkeypatch.context() as patched:
        patched.setattr("service.ingest.examine.validate", lambda *_: ())
        report = await run(store, registry)
    assert report.counts.created == 1
    assert await quarantined(store) == []
    assert await held(store) == told(registry)


async def test_a_study_of_which_something_newer_is_stored_is_passed_over(store: Store, registry: StandIn) -> None:
    """A page that states no date of update, and was verified later: the registry's record does not replace it."""
    await store.trials.put(an_entry(1, dates={"verified": "2026-05"}))
    registry.studies[1]["protocolSection"]["statusModule"]["statusVerifiedDate"] = "2026-02"
    report = await run(store, registry)
    assert (report.counts.older, report.complete) == (1, DAYS[3])


def test_the_client_names_itself() -> None:
    assert isinstance(http := client(), httpx.AsyncClient)
    assert http.headers["user-agent"].startswith("eligo/")
