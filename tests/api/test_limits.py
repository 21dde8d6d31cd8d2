"""How much, how often, and how many at once: what is beyond is refused at once, and nothing else suffers for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs

from service.api.gate import intake
from service.api.gate.lanes import Lane
from service.api.gate.rates import SETS, SIZE, WAYS, Buckets, Rates
from service.errors import Overloaded, RateLimited
from service.schemas.access import Role
from service.settings import Settings
from service.store import open_store
from service.store.keys import new_key
from tests.api.conftest import TOKEN, client_of
from tests.api.door import bearer
from tests.api.test_patience import held_up, waiting

BODY = {"patient": {"ageYears": 40}}


async def turn(lane: Lane, served: list[int], number: int, until: asyncio.Event) -> None:
    async with lane:
        served.append(number)
        await until.wait()


async def test_turns_come_in_order_and_no_more_than_may_wait_do() -> None:
    lane, served, until = Lane(2, 3, 10.0), list[int](), asyncio.Event()
    tasks = [asyncio.create_task(turn(lane, served, number, until)) for number in range(6)]
    await asyncio.sleep(0)
    assert served == [0, 1]
    with pytest.raises(Overloaded):
        await tasks[5]
    until.set()
    await asyncio.gather(*tasks[:5])
    assert served == [0, 1, 2, 3, 4]


async def test_whoever_leaves_the_queue_takes_nobodys_turn() -> None:
    lane, served, until = Lane(1, 5, 10.0), list[int](), asyncio.Event()
    tasks = [asyncio.create_task(turn(lane, served, number, until)) for number in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    until.set()
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert served[-1] == 3
    async with lane:
        assert True


async def test_whoever_has_a_turn_inside_another_lane_has_one_in_both() -> None:
    outer, served, until = Lane(2, 0, 10.0), list[int](), asyncio.Event()
    inner = Lane(1, 1, 10.0, inside=outer)
    tasks = [asyncio.create_task(turn(inner, served, number, until)) for number in range(3)]
    await asyncio.sleep(0)
    async with outer:
        assert served == [0]
        with pytest.raises(Overloaded):
            async with outer:
                pass
    until.set()
    assert [type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)] == [
        type(None), type(None), Overloaded,
    ]  # fmt: skip
    async with outer:
        with pytest.raises(Overloaded):
            async with outer, inner:
                pass
        async with outer:
            pass
    used = []
    async with inner:
        used.append((outer.is_used, inner.is_used))
    assert [*used, (outer.is_used, inner.is_used)] == [(True, True), (False, False)]


async def test_nobody_waits_for_ever() -> None:
    lane = Lane(1, 5, 0.01)
    async with lane:
        with pytest.raises(Overloaded, match=r"no turn came within 0\.01 s"):
            async with lane:
                pass
    async with lane:
        pass


def test_a_bucket_fills_steadily() -> None:
    now = [1_000.0]
    buckets = Rates(10, clock=lambda: now[0])
    left = [buckets.take("ward")["ratelimit"] for _ in range(20)]
    assert (left[0], left[-1]) == ('"caller";r=19;t=1', '"caller";r=0;t=2')
    with pytest.raises(RateLimited) as refused:
        buckets.take("ward")
    assert refused.value.headers["retry-after"] == "1"
    assert buckets.take("another ward")["ratelimit-policy"] == '"caller";q=20;w=2'
    now[0] += 0.1
    assert buckets.take("ward")
    with pytest.raises(RateLimited):
        buckets.take("ward")
    now[0] += 3_600
    assert buckets.take("ward")["ratelimit"] == '"caller";r=19;t=1'


def test_every_worker_takes_from_the_same_buckets(tmp_path: Path) -> None:
    place = tmp_path / "buckets"
    place.write_bytes(bytes(SIZE))
    one, other = (Rates(10, Buckets(place), clock=lambda: 1_000.0) for _ in range(2))
    left = [worker.take("ward")["ratelimit"] for worker in (one, other, one)]
    assert left == ['"caller";r=19;t=1', '"caller";r=18;t=1', '"caller";r=17;t=1']
    assert other.take("another ward")["ratelimit"] == '"caller";r=19;t=1'


def test_whoever_has_not_asked_for_longest_gives_way_and_no_callers_share() -> None:
    now = [1_000.0]
    rates = Rates(1, clock=lambda: now[0])
    for number in range(SETS * WAYS * 2):
        now[0] += 0.001
        assert rates.take(f"address {number}")["ratelimit"] == '"caller";r=1;t=1'
        assert rates.take("ward" if number % 2_000 == 0 else f"other {number}")
    with pytest.raises(RateLimited):
        list(map(rates.take, ["ward"] * 3))


@asynccontextmanager
async def limited(settings: Settings, **changed: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(structs.replace(settings, **changed)) as client:
        yield client


async def refused_at_last(client: httpx.AsyncClient, **headers: str) -> tuple[httpx.Response, httpx.Response]:
    """The first answer, and the one that says that it was too often."""
    first = await client.get("/concepts?q=leukemia", headers=headers)
    for _ in range(100):
        answer = await client.get("/concepts?q=leukemia", headers=headers)
        if answer.status_code == 429:
            return first, answer
    raise AssertionError("never too often")


async def test_one_caller_too_often_is_not_anothers_trouble(settings: Settings) -> None:
    async with open_store(settings) as store:
        key, text = new_key("ward", [Role.READER])
        await store.keys.add(key, days=None)
    async with limited(settings, rate=2, admin_token=TOKEN) as client:
        first, refused = await refused_at_last(client)
        assert (first.status_code, first.headers["ratelimit"]) == (200, '"caller";r=3;t=1')
        assert (refused.json()["code"], refused.headers["retry-after"]) == ("rate_limited", "1")
        assert (await client.get("/concepts?q=leukemia", headers=bearer(text))).status_code == 200
        assert (await client.get("/health/live")).status_code == 200


async def test_whoever_guesses_is_slowed_down(settings: Settings) -> None:
    async with limited(settings, rate=1, admin_token=TOKEN) as client:
        first, _ = await refused_at_last(client, **bearer("a guess"))
        assert first.status_code == 401
        assert (await client.get("/concepts?q=leukemia")).status_code == 200


async def test_this_machine_alone_has_no_rate(own_api: httpx.AsyncClient) -> None:
    assert "ratelimit" not in (await own_api.get("/concepts?q=leukemia")).headers


async def test_past_saturation_matches_are_refused_and_the_rest_is_answered(settings: Settings) -> None:
    one = {"matches_at_once": 1, "queue": 1, "queue_timeout_s": 30.0}
    async with limited(settings, **one) as client, held_up(settings) as registry:
        held = [asyncio.create_task(client.post("/match", json=BODY)) for _ in range(2)]
        await waiting(registry, 1)
        refused = await client.post("/match", json=BODY)
        assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
        assert refused.headers["retry-after"]
        assert (await client.get("/concepts?q=leukemia")).status_code == 200
        await registry.execute("ROLLBACK")
        assert [(await each).status_code for each in held] == [200, 200]


async def test_probes_are_answered_however_much_there_is_to_do(settings: Settings) -> None:
    one = {"requests_at_once": 1, "queue": 0}
    async with limited(settings, **one) as client, held_up(settings) as registry:
        held = asyncio.create_task(client.get("/version"))
        await waiting(registry, 1)
        assert (await client.get("/concepts?q=leukemia")).json()["code"] == "overloaded"
        assert (await client.get("/health/live")).status_code == 200
        await registry.execute("ROLLBACK")
        assert (await held).status_code == 200


async def chunks(*sizes: int) -> AsyncIterator[bytes]:
    for size in sizes:
        yield b" " * size


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_is_bounded_whether_its_length_is_said_or_not(api: httpx.AsyncClient, declared: bool) -> None:
    content: Any = b" " * 10_000_001 if declared else chunks(5_000_000, 5_000_001)
    answer = await api.post("/match", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_body_that_does_not_come_is_not_waited_for(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    monkeypatch.setattr(intake, "RECEIVED_S", 0.05)
    answer = await api.post("/match", content=never(), headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (408, "body_timed_out")
