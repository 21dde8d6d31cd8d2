"""What the service answers while its database fails, and that it needs no restart afterwards.

Its readiness tells the truth all the while: it is ready when it can answer, and only then. It lives in any case.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import asyncpg
import httpx

from tests.faults.conftest import connected, eventually, locked, ready
from tests.faults.database import Database

chance = Random(20261121)


def a_trial(nct: int, words: str = "") -> dict[str, object]:
    return {"nctId": f"NCT{nct:08d}", "conditions": ["Asthma"], "briefSummary": words}


async def put(service: httpx.AsyncClient, nct: int, words: str = "") -> httpx.Response:
    return await service.put(f"/trials/NCT{nct:08d}", json=a_trial(nct, words))


async def refused(service: httpx.AsyncClient, code: str, *addresses: str) -> None:
    """Every address says that it cannot be answered now, and when to ask again; the process lives."""
    answers = await asyncio.gather(*map(service.get, addresses))
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, code), answer.text
        assert answer.headers["retry-after"]
    assert (await service.get("/health/live")).is_success


async def test_stopped(service: httpx.AsyncClient, postgres: Database) -> None:
    postgres.stop()
    await refused(service, "database_unavailable", "/trials", "/trials/NCT00000001", "/health/ready")
    postgres.start()
    await eventually(lambda: ready(service))
    assert (await service.get("/trials")).is_success


async def test_restarted(service: httpx.AsyncClient, postgres: Database) -> None:
    """Nobody who asks afterwards meets a connection of before."""
    await asyncio.gather(*(service.get("/trials") for _ in range(3)))
    postgres.stop()
    postgres.start()
    answers = await asyncio.gather(*(service.get("/trials") for _ in range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6


async def test_frozen(service: httpx.AsyncClient, postgres: Database) -> None:
    """It takes connections and says nothing: everybody is told soon, and nothing hangs for ever."""
    with postgres.frozen():
        await refused(service, "database_unavailable", "/trials", "/trials/NCT00000001", "/health/ready")
    await eventually(lambda: ready(service))
    assert (await service.get("/trials")).is_success


async def test_slow(service: httpx.AsyncClient, postgres: Database) -> None:
    async with locked(postgres):
        await refused(service, "query_timed_out", "/trials", "/trials/NCT00000001")
        assert await ready(service)
    assert (await service.get("/trials")).is_success


async def test_cut_in_the_middle_of_a_query(service: httpx.AsyncClient, postgres: Database) -> None:
    async with locked(postgres) as connection:
        asked = asyncio.create_task(service.get("/trials"))
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE relation = 'trial'::regclass AND NOT granted"
        while not await connection.fetchval(cut):
            assert not asked.done()
        answer = await asked
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert (await service.get("/trials")).is_success


async def test_out_of_connections(service: httpx.AsyncClient, postgres: Database) -> None:
    postgres.stop()
    postgres.start()
    taken: list[asyncpg.Connection] = []
    try:
        while True:
            taken.append(await asyncpg.connect(postgres.dsn))
    except asyncpg.TooManyConnectionsError:
        await refused(service, "database_unavailable", "/trials", "/health/ready")
    finally:
        for connection in taken:
            await connection.close()
    await eventually(lambda: ready(service))


async def test_read_only(service: httpx.AsyncClient, postgres: Database) -> None:
    """As a standby is: what is there can be read and matched, and whoever writes is told."""
    async with connected(postgres) as connection:
        try:
            await connection.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            await connection.execute("SELECT pg_reload_conf()")
            await eventually(lambda: _refuses(service, "database_read_only"))
            assert (await service.get("/trials")).is_success
            assert (await service.post("/match", json={"patient": {"ageYears": 40}})).is_success
            assert await ready(service)
        finally:
            await connection.execute("SET transaction_read_only = off")
            await connection.execute("ALTER SYSTEM RESET default_transaction_read_only")
            await connection.execute("SELECT pg_reload_conf()")
    await eventually(lambda: _takes(service, 1))


async def _refuses(service: httpx.AsyncClient, code: str) -> bool:
    answer = await put(service, 1, "refused")
    return answer.status_code == 503 and answer.json()["code"] == code


async def _takes(service: httpx.AsyncClient, nct: int, words: str = "") -> bool:
    return (await put(service, nct, words)).is_success


async def test_what_was_acknowledged_is_there_after_kill_9(service: httpx.AsyncClient, postgres: Database) -> None:
    """One writes as fast as it can while every process of the server is killed at once."""
    acknowledged: list[int] = []
    enough = asyncio.Event()

    async def write() -> None:
        for nct in range(100, 10_000):
            if (await put(service, nct)).status_code != 201:
                return
            acknowledged.append(nct)
            if len(acknowledged) == 5:
                enough.set()

    writing = asyncio.create_task(write())
    await enough.wait()
    await asyncio.to_thread(postgres.kill)
    await writing
    await refused(service, "database_unavailable", "/trials", "/health/ready")
    postgres.start()
    await eventually(lambda: ready(service))
    found = await asyncio.gather(*(service.get(f"/trials/NCT{nct:08d}") for nct in acknowledged))
    assert [answer.status_code for answer in found] == [200] * len(acknowledged)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Not a byte is left."""
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(65_536))
        yield
    finally:
        filler.unlink()


async def test_full_disk(service: httpx.AsyncClient, small_disk: Path) -> None:
    """Writing is refused, nothing is half done, and room is all that it takes to go on."""
    assert await _takes(service, 2, "before")
    texts = ["".join(map(chr, chance.choices(range(0x4E00, 0x9000), k=60_000))) for _ in range(9)]
    with filled(small_disk):
        answers = [await put(service, 2, text) for text in texts]
    assert answers[-1].status_code == 503
    await eventually(lambda: ready(service))
    await eventually(lambda: _takes(service, 3))
    taken = ["before", *(text for text, answer in zip(texts, answers, strict=True) if answer.is_success)]
    assert (await service.get("/trials/NCT00000002")).json()["briefSummary"] == taken[-1]
