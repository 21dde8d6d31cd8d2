"""What trials ask is learnt before anybody needs it, and never in the way of those who ask for something."""

import asyncio
from pathlib import Path

import numpy as np

from service.api.gate.lanes import Lane
from service.api.learning import learning
from service.match import Memory
from service.settings import Settings
from service.store import open_store
from tests.conftest import NewDatabase
from tests.store.builders import an_entry

NUMBERS = np.array([1, 2, 3], np.int32)


async def test_the_whole_registry_is_learnt(new_database: NewDatabase, tmp_path: Path) -> None:
    async with new_database() as dsn, open_store(Settings(data_dir=tmp_path, database_url=dsn)) as store:
        for number in NUMBERS.tolist():
            await store.trials.put(an_entry(number, "MESH:D054218"))
        memory = Memory()
        async with learning(store.trials, memory, ()):
            known = memory.of((await store.trials.corpus()).version)
            async with asyncio.timeout(20):
                while len(known.outlines.unknown(NUMBERS)) or known.unlearnt(NUMBERS):  # noqa: ASYNC110 – nothing tells
                    await asyncio.sleep(0.01)


async def test_nothing_is_learnt_while_somebody_asks_and_no_connection_is_held(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    lane, memory = Lane(1, 1, 1.0), Memory()
    async with new_database() as dsn, open_store(Settings(data_dir=tmp_path, database_url=dsn, pool_size=1)) as store:
        await store.trials.put(an_entry(1, "MESH:D054218"))
        async with lane, learning(store.trials, memory, (lane,)):
            await asyncio.sleep(0.1)
            known = memory.of((await store.trials.corpus()).version)
            assert known.outlines.unknown(NUMBERS[:1]).tolist() == [1]
