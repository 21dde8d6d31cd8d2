"""A match is worked on while somebody waits, and no longer than is allowed: over real HTTP, the database held up."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from msgspec import structs

from service.api.gate.patience import Patience
from service.errors import CallerLeft, MatchTimedOut, ServiceError
from service.settings import Settings
from tests.api.conftest import client_of
from tests.api.process import PATIENCE_S, Process, serving

BODY = b'{"patient": {"ageYears": 40}}'
HEAD = b"POST /match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@asynccontextmanager
async def held_up(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """The registry, which nobody else can read meanwhile."""
    connection = await asyncpg.connect(settings.database_url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE corpus")
        yield connection
    await connection.close()


async def waiting(connection: asyncpg.Connection, number: int) -> None:
    """Return when so many others wait for the registry."""
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'corpus'::regclass"
    deadline = time.monotonic() + PATIENCE_S
    while await connection.fetchval(query) != number:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def says(server: Process, words: str) -> bool:
    """Whether the log soon says it."""
    deadline = time.monotonic() + PATIENCE_S
    while words not in server.said and time.monotonic() < deadline:
        time.sleep(0.02)
    return words in server.said


async def test_a_match_that_nobody_waits_for_is_stopped(settings: Settings) -> None:
    with serving(settings) as server:
        async with held_up(settings) as registry:
            with socket.create_connection(("127.0.0.1", server.port)) as caller:
                caller.sendall(HEAD % len(BODY) + BODY)
                await waiting(registry, 1)
            await waiting(registry, 0)
        assert says(server, '"status":499')
        assert "internal_error" not in server.said


async def test_a_match_that_takes_too_long_is_given_up(settings: Settings) -> None:
    with serving(structs.replace(settings, match_timeout_s=0.3)) as server:
        async with held_up(settings), httpx.AsyncClient(base_url=server.url) as client:
            answer = await client.post("/match", content=BODY, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (503, "match_timed_out")
        assert answer.headers["retry-after"]
        assert "0.3 s" in answer.json()["detail"]


async def nobody_leaves() -> dict[str, str]:
    await asyncio.sleep(PATIENCE_S)
    return {"type": "http.disconnect"}


async def somebody_leaves() -> dict[str, str]:
    return {"type": "http.disconnect"}


def patience(receive: Any, limit_s: float) -> Patience:
    return Patience(receive, limit_s, MatchTimedOut)


@pytest.mark.parametrize(
    ("receive", "limit_s", "reason"),
    [
        (somebody_leaves, PATIENCE_S, CallerLeft),
        (nobody_leaves, 0.05, MatchTimedOut),
        (nobody_leaves, 0.01, MatchTimedOut),
    ],
)
async def test_work_is_stopped_where_it_next_waits(receive: Any, limit_s: float, reason: type[ServiceError]) -> None:
    done: list[int] = []

    async def work() -> None:
        async with patience(receive, limit_s):
            for number in range(10_000_000):
                done.append(number)
                await asyncio.sleep(0)

    with pytest.raises(reason):
        await work()
    reached = len(done)
    await asyncio.sleep(0.05)
    assert len(done) == reached


async def test_what_is_done_in_time_is_left_alone() -> None:
    async with patience(somebody_leaves, PATIENCE_S):
        await asyncio.sleep(0)
    with pytest.raises(KeyError):
        async with patience(nobody_leaves, PATIENCE_S):
            raise KeyError("here")
    await asyncio.sleep(0.1)


async def test_whoever_stops_the_work_for_a_reason_of_their_own_is_obeyed() -> None:
    async def work() -> None:
        async with patience(nobody_leaves, PATIENCE_S):
            await asyncio.sleep(PATIENCE_S)

    task = asyncio.create_task(work())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_search_that_takes_too_long_is_given_up(settings: Settings) -> None:
    slow = structs.replace(settings, request_timeout_s=0.3)
    async with client_of(slow) as client, held_up(settings):
        answer = await client.get("/version")
    assert (answer.status_code, answer.json()["code"]) == (503, "request_timed_out")
