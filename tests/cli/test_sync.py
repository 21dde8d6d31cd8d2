"""`sync` as a process, killed in the middle."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import asyncpg

from tests.ingest.registry import StandIn, a_study, standing_in

ROOT = Path(__file__).parents[2]
STUDIES = 20


def begun(database: str, registry: StandIn, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "service", "sync", *more]
    environment = {**os.environ, "DATABASE_URL": database, "ELIGO_REGISTRY_URL": registry.address}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


async def dates(database: str) -> dict[int, str]:
    connection = await asyncpg.connect(database)
    rows = await connection.fetch("SELECT nct, updated FROM trial")
    await connection.close()
    return {row["nct"]: row["updated"] for row in rows}


async def test_a_run_that_was_killed_is_gone_on_with(database: str) -> None:
    """Kill -9 while it stores a page and asks for the next; what it has stored stays, and nothing is missed after."""
    with standing_in(page_size=5) as registry:
        registry.post(*(a_study(nct, f"2026-03-{nct:02}") for nct in range(1, STUDIES + 1)))
        asked, killed = threading.Event(), threading.Event()

        def hold(number: int) -> None:
            if number == 3:
                asked.set()
                killed.wait(30)

        registry.before = hold
        with begun(database, registry) as first:
            assert asked.wait(30), first.communicate()
            first.kill()
        killed.set()
        assert 5 <= len(await dates(database)) < STUDIES
        registry.before = lambda _: None
        registry.post(a_study(1, "2026-03-25"))
        registry.asked.clear()
        with begun(database, registry, "--json") as second:
            out, err = second.communicate()
        assert second.returncode == 0, err
        assert registry.asked[0].parameters["filter.advanced"] != "AREA[LastUpdatePostDate]RANGE[MIN,MAX]"
        assert json.loads(out)["complete"] == "2026-03-25"
        assert err.endswith("complete up to 2026-03-25\n")
        expected = {nct: f"2026-03-{nct:02}" for nct in range(1, STUDIES + 1)} | {1: "2026-03-25"}
        assert await dates(database) == expected
