"""`migrate`, `ingest` and `recompile`: what changes the registry."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable

import msgspec

from service import ingest as records
from service import logs
from service.cli.progress import Progress
from service.criteria import COMPILER_VERSION
from service.ingest import RecordResult
from service.settings import settings_from
from service.store import Store, open_store

ENCODER = msgspec.json.Encoder()


def migrate(_: argparse.Namespace) -> int:
    """Opening the store brings its schema up to date; say what was applied."""

    async def applied(store: Store) -> int:
        for name in store.migrated:
            sys.stdout.write(f"applied {name}\n")
        sys.stdout.write("" if store.migrated else "the schema is up to date\n")
        return 0

    return with_store(applied)


def recompile(_: argparse.Namespace) -> int:
    """Read again the criteria that another version of the compiler has read."""

    async def again(store: Store) -> int:
        stale = await store.trials.count_read_by_others(COMPILER_VERSION)
        with Progress("trials", stale) as counted:
            changed = await records.recompile(store.trials, os.cpu_count() or 1, counted.add)
        sys.stdout.write(f"{changed} trials recompiled\n")
        return 0

    return with_store(again)


def ingest(asked: argparse.Namespace) -> int:
    """Store every record; 1 when one could not be stored, and the others are all the same."""
    size = records.extent(asked.paths)

    async def stored(store: Store) -> int:
        with Progress("records") as counted:

            def note(result: RecordResult) -> None:
                counted.add(share=result.offset / size if size else None)
                if asked.json:
                    told = {name: value for name, value in result._asdict().items() if name != "offset"}
                    sys.stdout.buffer.write(ENCODER.encode(told) + b"\n")
                elif result.error is not None:
                    counted.say(f"{result.path} {result.place}".rstrip() + f": {result.error}")

            report = await records.ingest(store.trials, asked.paths, asked.source, os.cpu_count() or 1, note)
        counts = ", ".join(f"{count} {outcome}" for outcome, count in _counts(report))
        sys.stderr.write(f"{report.documents} records: {counts}\n")
        return int(bool(report.errors) or not report.documents)

    return with_store(stored)


def _counts(report: records.IngestReport) -> list[tuple[str, int]]:
    return [
        ("created", report.created),
        ("updated", report.updated),
        ("unchanged", report.unchanged),
        ("older than stored", report.older),
        ("failed", len(report.errors)),
    ]


def with_store(work: Callable[[Store], Awaitable[int]]) -> int:
    """Run the work on the store that the environment names."""
    settings = settings_from(os.environ)
    logs.configure(settings.log_level.value)

    async def opened() -> int:
        async with open_store(settings) as store:
            return await work(store)

    return asyncio.run(opened())
