"""Two hosts in DATABASE_URL: the standby is read, the primary written to, and reading outlives the primary."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.errors import DatabaseReadOnly, DatabaseUnavailable, TrialNotFound
from service.settings import Settings
from service.store import PutOutcome, Store, open_store
from tests.faults.conftest import eventually
from tests.faults.database import Database
from tests.store.builders import an_entry
from tests.store.places import open_to_all


@pytest.fixture
def standby(
    postgres: Database, service: httpx.AsyncClient, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Of a primary that has the schema."""
    database = Database.standby_of(postgres, open_to_all(tmp_path_factory, "standby") / "data")
    yield database
    database.end()


async def test_the_standby_is_read_and_the_primary_written_to(
    postgres: Database, standby: Database, tmp_path: Path
) -> None:
    both = f"{postgres.dsn},{standby.host}"
    async with open_store(Settings(data_dir=tmp_path, database_url=both, pool_size=2)) as store:
        assert await store.trials.put(an_entry(800)) is PutOutcome.CREATED
        await eventually(lambda: _is_there(store, 800))
        await asyncio.to_thread(postgres.stop)
        assert await _is_there(store, 800)
        with pytest.raises(DatabaseUnavailable):
            await store.trials.put(an_entry(801))
        postgres.start()
        assert await store.trials.put(an_entry(801)) is PutOutcome.CREATED
        await eventually(lambda: _is_there(store, 801))
        await asyncio.to_thread(standby.stop)
        assert await _is_there(store, 801)
    standby.start()
    async with open_store(Settings(data_dir=tmp_path, database_url=standby.dsn)) as alone:
        assert await _is_there(alone, 800)
        with pytest.raises(DatabaseReadOnly):
            await alone.trials.put(an_entry(802))


async def _is_there(store: Store, nct: int) -> bool:
    try:
        await store.trials.get(f"NCT{nct:08d}")
    except TrialNotFound:
        return False
    return True
