"""What the operator's page says of backup and restore, done on a real database with Postgres's own programs."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import msgspec

from service.api import guides
from service.api.contract.examples import TRIAL
from service.settings import Settings
from service.sources import read
from service.store import Entry, Store, open_store
from service.store.embedded import programs
from tests.conftest import NewDatabase

SHOWN = re.search(r"```\n(pg_dump .*?)```", guides.text("operator.md"), re.DOTALL)
PGBIN = os.environ.get("PGBIN")


async def put(store: Store, trial: dict[str, Any]) -> None:
    await store.trials.put(Entry(trial=read(msgspec.json.encode(trial)), criteria=(), issues=()))


async def test_what_was_backed_up_is_there_again(new_database: NewDatabase, tmp_path: Path) -> None:
    assert SHOWN is not None
    backup, restore, renew = SHOWN[1].strip().splitlines()
    async with new_database() as dsn:
        settings = Settings(data_dir=tmp_path, database_url=dsn)
        async with open_store(settings) as store:
            await put(store, TRIAL)
            kept = await store.trials.corpus()
            run(backup, settings)
            await put(store, {**TRIAL, "nctId": "NCT00000009"})
        run(restore, settings)
        async with open_store(settings) as store:
            assert await store.trials.corpus() == kept
            assert (await store.trials.get(TRIAL["nctId"])).trial.brief_title == TRIAL["briefTitle"]
            run(renew, settings)
            assert (await store.trials.corpus()).version != kept.version


def run(command: str, settings: Settings) -> None:
    """As an operator types it, where Postgres's programs are installed."""
    found = programs(settings.data_dir, Path(PGBIN) if PGBIN else None, None)
    environment = {**os.environ, "PATH": f"{found}:{os.environ['PATH']}", "DATABASE_URL": settings.database_url or ""}
    done = subprocess.run(
        ["sh", "-c", command], cwd=settings.data_dir, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
