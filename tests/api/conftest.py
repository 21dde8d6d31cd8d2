"""The service over HTTP, in this process, on a real Postgres.

`api`: a client of a service that holds the bundled demo registry; one a test run, for tests that only read.
`own_api`: a client of an empty service of this test's own.
`logged`: what the service logs while the test runs, as text.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from io import StringIO
from typing import Any, cast

import httpx
import pytest

from service import logs
from service.api.observed.access import Access
from service.app import create_app, prepare
from service.settings import Settings
from tests.api.process import free_port
from tests.conftest import NewDatabase

TODAY = date(2026, 6, 1)
URL = "http://localhost"
TOKEN = "a-token-that-only-tests-use"


@asynccontextmanager
async def client_of(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole service while its lifespan lasts; it sends the admin token where there is one."""
    app = create_app(settings, lambda: TODAY)
    transport = httpx.ASGITransport(cast(Any, app), raise_app_exceptions=False)
    own = {"authorization": f"Bearer {settings.admin_token}"} if settings.admin_token else {}
    async with running(app), httpx.AsyncClient(transport=transport, base_url=URL, headers=own) as client:
        yield client


@asynccontextmanager
async def running(app: Access) -> AsyncIterator[None]:
    """The lifespan in a task of its own: a fixture begins and ends in different tasks."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            begun.set()
            await ended.wait()

    life = asyncio.create_task(live())
    await asyncio.wait({life, waiting := asyncio.create_task(begun.wait())}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        yield
    finally:
        ended.set()
        await life


@pytest.fixture(scope="session")
async def demo_settings(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    """Settings on a database that holds the demo registry."""
    async with new_database() as dsn:
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("demo"), database_url=dsn, port=free_port(), admin_token=TOKEN, rate=0
        )
        await prepare(settings, demo=True)
        yield settings


@pytest.fixture(scope="session")
async def api(demo_settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(demo_settings) as client:
        yield client


@pytest.fixture
async def own_api(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(settings) as client:
        yield client


@pytest.fixture
def logged() -> Iterator[StringIO]:
    written = StringIO()
    logs.configure("debug", written)
    yield written
    logs.configure("info")
