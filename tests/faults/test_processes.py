"""Processes that are killed, told to end, or told another time."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from tests.api.process import ROOT, Process
from tests.faults.clock import Clock
from tests.faults.conftest import connected, eventually, locked, ready
from tests.faults.database import Database, children

LOADED = 400
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


def begun(file: Path, postgres: Database) -> "subprocess.Popen[str]":
    """A load that is under way."""
    command = [sys.executable, "-m", "service", "ingest", str(file)]
    environment = {**os.environ, "DATABASE_URL": postgres.dsn}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


async def test_a_load_that_is_killed_leaves_nothing_half_done_and_is_gone_on_with(
    postgres: Database, service: httpx.AsyncClient, tmp_path: Path
) -> None:
    file = tmp_path / "many.jsonl"
    trials = ({"nctId": f"NCT{nct:08d}", "conditions": ["Asthma"]} for nct in range(50_000, 50_000 + LOADED))
    file.write_bytes(b"\n".join(map(msgspec.json.encode, trials)))
    async with connected(postgres) as connection:
        stored = "SELECT count(*) FROM trial WHERE nct >= 50000"
        linked = "SELECT count(DISTINCT trial) FROM trial_concept WHERE trial >= 50000"
        with begun(file, postgres) as load:
            while not await connection.fetchval(stored):
                assert load.poll() is None, load.communicate()
            load.kill()
        before = await connection.fetchval(stored)
        assert 0 < before < LOADED
        assert await connection.fetchval(linked) == before
        assert await connection.fetchval("SELECT trials = (SELECT count(*) FROM trial) FROM corpus")
        with begun(file, postgres) as again:
            _, said = await asyncio.to_thread(again.communicate)
        assert said.endswith(f"{before} unchanged, 0 older than stored, 0 failed\n")
        assert await connection.fetchval(stored) == await connection.fetchval(linked) == LOADED
    await eventually(lambda: ready(service))
