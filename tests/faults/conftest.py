"""One Postgres and one running service for all faults; each test leaves them as it found them: able to serve.

`postgres`: the server, on a file system of its own of 200 MB where this machine lets us mount one.
`clock`: what the service takes for the time of day.
`running`: `python -m service serve` on it, with few connections and little patience.
`service`: a client of it; ready before the test, and again after it, without a restart.
"""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from service.settings import Settings
from tests.api.process import Process, free_port, started
from tests.faults.clock import Clock
from tests.faults.database import PATIENCE_S, Database
from tests.store.places import open_to_all

DISK_MB = 200


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All here are marked: `pytest -m fault`."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("fault")


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory; the mount point of a small file system where we may mount one."""
    place = open_to_all(tmp_path_factory, "faults")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(place)]
    is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield place
    if is_mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(scope="session")
def small_disk(disk: Path) -> Path:
    """Only where it is one."""
    if not disk.is_mount():
        pytest.skip("no small file system can be mounted here: that needs root and CAP_SYS_ADMIN")
    return disk


@pytest.fixture(scope="session")
def postgres(disk: Path) -> Iterator[Database]:
    database = Database(disk / "data")
    yield database
    database.end()


@pytest.fixture(scope="session")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    return Clock(tmp_path_factory.mktemp("clock"))


@pytest.fixture(scope="session")
def running(postgres: Database, clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("service"), database_url=postgres.dsn, port=free_port(), pool_size=3,
        statement_timeout_s=0.5,
    )  # fmt: skip
    with ExitStack() as stack:
        with clock.applied():
            process = stack.enter_context(started(settings))
        process.wait_until_ready()
        yield process


@pytest.fixture
async def service(running: Process) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=running.url, timeout=PATIENCE_S) as client:
        await eventually(lambda: ready(client))
        yield client
        await eventually(lambda: ready(client))


async def ready(client: httpx.AsyncClient) -> bool:
    """What a balancer is told."""
    try:
        return (await client.get("/health/ready")).is_success
    except httpx.TransportError:
        return False


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Return when it does. Fails in the end."""
    deadline = time.monotonic() + PATIENCE_S
    while not await holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


@asynccontextmanager
async def connected(postgres: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres.dsn, timeout=PATIENCE_S)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def locked(postgres: Database) -> AsyncIterator[asyncpg.Connection]:
    """Trials, which nobody else can read meanwhile: every question of them is a slow one."""
    async with connected(postgres) as connection, connection.transaction():
        await connection.execute("LOCK TABLE trial")
        yield connection
