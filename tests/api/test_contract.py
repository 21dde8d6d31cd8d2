"""The service keeps its own contract: every operation, every check of the fuzzer, over real HTTP."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec import structs

from service import demo
from service.ingest import ingest
from service.settings import Settings
from service.store import open_store
from tests.api.process import ROOT, free_port, serving
from tests.conftest import NewDatabase

HERE = Path(__file__).parent
TOKEN = "a-token-that-only-tests-use"
TRIALS = 4


@pytest.fixture(scope="module")
async def small_settings(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Settings]:
    """A registry of a few trials: what is tried is the contract, thousands of times."""
    directory = tmp_path_factory.mktemp("contract")
    few = directory / "few.jsonl"
    few.write_bytes(b"\n".join(demo.trials().splitlines()[:TRIALS]))
    async with new_database() as dsn:
        settings = Settings(data_dir=directory, database_url=dsn, port=free_port(), admin_token=TOKEN)
        async with open_store(settings) as store:
            await ingest(store.trials, [few])
        yield settings


def test_a_fuzzer_finds_nothing(small_settings: Settings, tmp_path: Path) -> None:
    with serving(structs.replace(small_settings)) as server:
        run = subprocess.run(
            [
                *(
                    str(Path(sys.executable).with_name("schemathesis")),
                    "--config-file",
                    str(HERE / "schemathesis.toml"),
                ),
                *("run", f"{server.url}/openapi.json", "--checks", "all", "--no-color"),
                *("--header", f"Authorization: Bearer {TOKEN}"),
            ],
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.api.contract_hooks", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr
