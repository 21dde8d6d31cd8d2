"""A real Postgres for every test that stores.

`server`: DSN of an empty server, one a test run, its files under the run's temporary directory, nothing synced to disk.
`database`: DSN of a database that has the current schema and no trial. A test that changes the schema takes a new one.
`new_database`: `async with new_database() as dsn` makes one that a module's or a session's fixture can fill.
`store`: an open registry on such a database.
`settings`: what `open_store` and the command line take to open it; `settings.database_url` is `database`.
`shared`: the directory of real registry data; tests that ask for it are marked `shared`, and skipped without it.
"""

import itertools
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import asyncpg
import hypothesis
import pytest

from service.settings import Settings
from service.store import Store, open_store
from service.store.embedded import TESTING, Lease
from service.store.migrate import migrate
from tests.examples import PROFILE
from tests.store.places import open_to_all

hypothesis.settings.load_profile(PROFILE)

SHARED = Path(__file__).parents[1] / ".." / "shared"
TEMPLATE = "eligo_template"
NewDatabase = Callable[[], AbstractAsyncContextManager[str]]
_numbers = itertools.count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """DSN of a Postgres of our own, from our own supervisor; PGBIN names another version's programs."""
    root = open_to_all(tmp_path_factory, "server")
    other = os.environ.get("PGBIN")
    with Lease(root, Path(other) if other else None, 60.0, TESTING) as lease:
        yield lease.dsn


@pytest.fixture(scope="session")
async def template(server: str) -> str:
    """Name of a database that holds the current schema and nothing else; copying it takes 30 ms."""
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {TEMPLATE}")
    connection = await asyncpg.connect(server, database=TEMPLATE)
    await migrate(connection)
    await connection.close()
    await admin.close()
    return TEMPLATE


@pytest.fixture(scope="session")
def new_database(server: str, template: str) -> NewDatabase:
    """Makes databases, for fixtures that outlive a test."""

    @asynccontextmanager
    async def made() -> AsyncIterator[str]:
        name = f"test_{next(_numbers)}"
        admin = await asyncpg.connect(server)
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield server.replace("/postgres?", f"/{name}?")
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()

    return made


@pytest.fixture(scope="session")
async def _reused(new_database: NewDatabase) -> AsyncIterator[str]:
    async with new_database() as dsn:
        yield dsn


@pytest.fixture
async def database(_reused: str) -> str:
    """DSN of a database with the schema and nothing in it: one for all, emptied before each test (10 ms)."""
    connection = await asyncpg.connect(_reused, server_settings={"lock_timeout": "5s"})
    await connection.execute(
        "TRUNCATE trial, api_key, quarantine, sync_mark CASCADE; UPDATE corpus SET changes = 0, trials = 0"
    )
    await connection.close()
    return _reused


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Settings on this test's database."""
    return Settings(data_dir=tmp_path, database_url=database, pool_size=4)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """An open, empty registry."""
    async with open_store(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real registry data beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"no real data at {SHARED}")
    return SHARED
