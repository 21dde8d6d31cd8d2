"""Long work that the kernel ends in the middle: nothing is half there, nobody is left working, and the rest is done."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from itertools import islice
from pathlib import Path

import asyncpg
import msgspec
import pytest

from service.criteria import COMPILER_VERSION
from service.ingest import IngestReport, ingest, recompile
from service.ingest.pipeline import form_of
from service.store import Store
from service.synth import trials

ROOT = Path(__file__).parents[2]
COUNT = 200
PATIENCE_S = 60
WHOLE = "SELECT count(*) FROM trial JOIN trial_demands ON trial = nct"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1"


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for it. Fails when it takes too long."""
    for _ in range(PATIENCE_S * 200):
        if await holds():
            return
        await asyncio.sleep(0.005)
    raise AssertionError


async def killed(connection: "asyncpg.Connection[asyncpg.Record]", database: str, *command: str, after: str) -> None:
    """Run a command until the query `after` finds some, kill it, and wait until its sessions and workers are gone."""
    given = {**os.environ, "DATABASE_URL": f"{database}&application_name=doomed"}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "service", *command, cwd=ROOT, env=given)
    await until(lambda: _found(connection, after))
    workers = _children(process.pid)
    process.kill()
    await process.wait()
    await until(lambda: _gone(connection))
    await until(lambda: _ended(workers))


async def _found(connection: "asyncpg.Connection[asyncpg.Record]", query: str) -> bool:
    return bool(await connection.fetchval(query))


async def _gone(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    return not await connection.fetchval(OTHERS, "doomed")


async def _ended(pids: list[int]) -> bool:
    return not any(_is_running(pid) for pid in pids)


def _children(pid: int) -> list[int]:
    """Its worker processes; none where the system does not tell."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_a_killed_load_leaves_whole_trials_and_goes_on(store: Store, database: str, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(msgspec.json.Encoder().encode_lines(list(islice(trials(COUNT), COUNT))))
    connection = await asyncpg.connect(database)
    await killed(connection, database, "ingest", str(file), after="SELECT trials FROM corpus")
    stored = (await store.trials.corpus()).trials
    assert 0 < stored < COUNT
    assert await connection.fetchval(WHOLE) == stored == await connection.fetchval("SELECT count(*) FROM trial")
    assert await ingest(store.trials, [file], workers=1) == IngestReport(created=COUNT - stored, unchanged=stored)
    await connection.close()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="this system does not tell whose child a process is")
@pytest.mark.skipif(os.cpu_count() == 1, reason="one processor does the work without worker processes")
async def test_a_killed_worker_ends_the_load_with_a_word(store: Store, database: str, tmp_path: Path) -> None:
    """And with nothing else: no trace of whatever waited for that worker."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(msgspec.json.Encoder().encode_lines(list(islice(trials(COUNT), COUNT))))
    command = [sys.executable, "-m", "service", "ingest", str(file)]
    given = {**os.environ, "DATABASE_URL": database}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=given, stderr=asyncio.subprocess.PIPE)
    await until(lambda: _are_working(process.pid))
    await asyncio.sleep(0.1)
    os.kill(_working(process.pid)[0], signal.SIGKILL)
    _, said = await process.communicate()
    line = "ingest: a worker process was killed, perhaps for want of memory; begin again\n"
    assert (process.returncode, said.decode()) == (1, line)


def _working(pid: int) -> list[int]:
    return [each for each in _children(pid) if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]


async def _are_working(pid: int) -> bool:
    return len(_working(pid)) == os.cpu_count()


async def test_a_killed_recompilation_goes_on(store: Store, database: str) -> None:
    await store.trials.put_forms([form_of(trial) for trial in islice(trials(COUNT), COUNT)])
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE trial SET compiler = 'older'")
    await killed(connection, database, "recompile", after="SELECT count(*) FROM trial WHERE compiler <> 'older'")
    left = await store.trials.count_read_by_others(COMPILER_VERSION)
    assert 0 < left < COUNT
    looked_at: list[int] = []
    assert await recompile(store.trials, note=looked_at.append) == 0
    assert sum(looked_at) == left
    assert await connection.fetchval(WHOLE) == COUNT
    await connection.close()
