"""Processes that are killed, told to end, or told another time."""

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.api.process import Process
from tests.faults.clock import Clock
from tests.faults.conftest import eventually, locked, ready
from tests.faults.database import Database, children

WAITS = "SELECT count(*) FROM pg_locks WHERE relation = 'trial'::regclass AND NOT granted"


async def test_a_worker_that_is_killed_is_replaced(
    service: httpx.AsyncClient, running: Process, postgres: Database
) -> None:
    """In the middle of a request, which is lost; soon there is a worker again, and nobody had to do anything."""
    [worker] = children(running.pid)
    async with locked(postgres) as connection:
        asked = asyncio.create_task(service.get("/trials"))
        while not await connection.fetchval(WAITS):
            assert not asked.done()
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            await asked
    await eventually(lambda: ready(service))
    assert worker not in children(running.pid)


@pytest.mark.parametrize("days", [-800, 800], ids=["back", "ahead"])
async def test_the_clock_jumps(service: httpx.AsyncClient, clock: Clock, days: int) -> None:
    """What is asked of a day is asked of the new day; nothing expires, and nothing hangs."""
    if not clock.can_jump:
        pytest.skip("no C compiler here, which moving the clock of a process needs")
    with clock.moved(days * 86_400):
        found = await service.post("/match", json={"patient": {"birthDate": "2000-01-01"}})
        there = datetime.now(UTC).date() + timedelta(days=days)  # noqa: TID251 – as the service asks
        assert found.json()["asOf"] == there.isoformat()
        written = await service.put("/trials/NCT00000007", json={"nctId": "NCT00000007", "briefSummary": str(days)})
        assert written.is_success, written.text
        assert await ready(service)
    assert (await service.get("/trials/NCT00000007")).json()["briefSummary"] == str(days)
