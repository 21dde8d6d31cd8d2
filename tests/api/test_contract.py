"""The service keeps its own contract: every operation, every check of the fuzzer, over real HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.settings import Settings
from tests.api.fuzzer import TOKEN, fill, fuzz
from tests.api.process import free_port
from tests.conftest import NewDatabase

CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture(scope="module")
async def small_settings(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Settings]:
    directory = tmp_path_factory.mktemp("contract")
    async with new_database() as dsn:
        settings = Settings(data_dir=directory, database_url=dsn, port=free_port(), admin_token=TOKEN, rate=0)
        await fill(settings)
        yield settings


def test_a_fuzzer_finds_nothing(small_settings: Settings, tmp_path: Path) -> None:
    run = fuzz(small_settings, CONFIG, tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
