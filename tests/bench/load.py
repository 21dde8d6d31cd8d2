"""Into the registry: loading, and loading again what is there."""

import asyncio
import gzip
import os
import resource
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from service.ingest import IngestReport, ingest
from service.settings import Settings
from service.store import open_store
from service.synth import trials
from tests.bench.table import Row

FULL, FULL_S, AGAIN_S = 570_000, 40 * 60, 2 * 60


def loaded(settings: Settings, count: int) -> Iterator[Row]:
    """The whole corpus if it is not there, then the same again with one in a hundred changed."""
    seconds, report, memory = made_sure_of(settings, count)
    if report.created == count:
        full = FULL * seconds / count / 60
        yield Row(
            "loading", f"{count / seconds:.0f} trials/s, {seconds:.0f} s", f"{FULL:,}: {full:.0f} min", "",
            f"{FULL:,} in ≤ 40 min", full * 60 <= FULL_S,
        )  # fmt: skip
        yield Row("loading: memory of one process, at most", f"{memory:.0f} MB")
    changed = settings.data_dir / f"changed-{time.time_ns()}.jsonl.gz"
    _write(changed, count, note=changed.stem)
    seconds, report, _ = asyncio.run(_ingested(settings, changed))
    changed.unlink()
    full = FULL * seconds / count
    yield Row(
        "loading again, 1 % changed", f"{count / seconds:.0f} trials/s, {report.updated} updated",
        f"{FULL:,}: {full:.0f} s", "", f"{FULL:,} in ≤ 120 s", full <= AGAIN_S,
    )  # fmt: skip


def made_sure_of(settings: Settings, count: int) -> tuple[float, IngestReport, float]:
    """Load what is not there of a corpus: in how many seconds, and with how much memory."""
    file = settings.data_dir / "trials.jsonl.gz"
    if not file.exists():
        _write(file, count)
    return asyncio.run(_ingested(settings, file))


def _write(file: Path, count: int, note: str | None = None) -> None:
    """The corpus as JSON lines; with a note in every hundredth trial."""
    half_made = file.with_suffix(".new")
    with gzip.open(half_made, "wb", compresslevel=1) as packed:
        for number, trial in enumerate(islice(trials(count), count)):
            noted = note is not None and number % 100 == 0
            told = msgspec.structs.replace(trial, acronym=note) if noted else trial
            packed.write(msgspec.json.encode(told) + b"\n")
    half_made.rename(file)


async def _ingested(settings: Settings, file: Path) -> tuple[float, IngestReport, float]:
    async with open_store(settings) as store:
        began = time.perf_counter()
        report = await ingest(store.trials, [file], workers=os.cpu_count() or 1)
        seconds = time.perf_counter() - began
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return seconds, report, most / 1024
