"""Opening the registry: waiting for the database, giving up, and being refused, each in clear words."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from service.errors import DatabaseUnavailable
from service.settings import Settings
from service.store import keeper, open_store
from service.store.embedded import TESTING, Lease
from service.store.migrate import MIGRATIONS
from service.store.pool import wait_for
from tests.store.places import open_to_all


async def test_a_database_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"did not answer within 0.1 s: .*No such file"):
        await wait_for(f"postgresql://eligo@/postgres?host={tmp_path}", 0.1)


async def test_a_database_that_starts_late_is_waited_for(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, said = open_to_all(tmp_path_factory, "late"), asyncio.Event()
    monkeypatch.setattr("service.store.pool.log_event", lambda event, **_: said.set())
    waiting = asyncio.create_task(wait_for(f"postgresql://eligo@/postgres?host={keeper.socket_dir(root)}", 30.0))
    await said.wait()
    with await asyncio.to_thread(Lease, root, None, 30.0, TESTING):
        await waiting


REFUSED = [
    ("/postgres?", "/nowhere?", 'database "nowhere" does not exist'),
    ("eligo@", "stranger@", 'role "stranger" does not exist'),
]


@pytest.mark.parametrize(("part", "other", "message"), REFUSED)
async def test_a_refusal_is_not_waited_out(server: str, part: str, other: str, message: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=message):
        await wait_for(server.replace(part, other), 60.0)


async def test_an_embedded_registry_opens_twice_and_migrates_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(data_dir=open_to_all(tmp_path_factory, "twice"), pool_size=2)
    async with open_store(settings) as first, open_store(settings) as second:
        assert first.migrated == tuple(migration.name for migration in MIGRATIONS)
        assert second.migrated == ()
        assert await first.trials.corpus() == await second.trials.corpus()
    async with open_store(settings) as again:
        assert again.migrated == ()


async def test_replicas_that_start_at_once_agree(settings: Settings) -> None:
    async def opened() -> str:
        async with open_store(replace(settings, pool_size=1)) as store:
            return (await store.trials.corpus()).version

    assert len(set(await asyncio.gather(*(opened() for _ in range(4))))) == 1
