"""Schemathesis against the service as a process: every check, on a registry of a few trials."""

import os
import subprocess
import sys
from pathlib import Path

from service import demo
from service.ingest import ingest
from service.settings import Settings
from service.store import open_store
from tests.api.process import ROOT, serving

TOKEN = "a-token-that-only-tests-use"
TRIALS = 4


async def fill(settings: Settings) -> None:
    """What is tried is the contract, thousands of times: few trials will do."""
    few = settings.data_dir / "few.jsonl"
    few.write_bytes(b"\n".join(demo.trials().splitlines()[:TRIALS]))
    async with open_store(settings) as store:
        await ingest(store.trials, [few])


def fuzz(settings: Settings, config: Path, scratch: Path) -> "subprocess.CompletedProcess[str]":
    """What it says on standard output, and exit code 0 when it has found nothing."""
    schemathesis = str(Path(sys.executable).with_name("schemathesis"))
    with serving(settings) as server:
        asked = ["run", f"{server.url}/openapi.json", "--checks", "all", "--no-color"]
        return subprocess.run(
            [schemathesis, "--config-file", str(config), *asked, "--header", f"Authorization: Bearer {TOKEN}"],
            cwd=scratch,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.api.contract_hooks", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
