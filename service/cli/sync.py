"""`sync`: keep up with the registry; one run catches up, and whoever schedules it decides how often."""

import argparse
import os
import sys

import msgspec
from tqdm import tqdm

from service import ingest
from service.cli.database import with_store
from service.ingest import Extent, Fetcher, Patience, SyncReport
from service.ingest.fetch import client
from service.settings import settings_from
from service.store import Store


def sync(asked: argparse.Namespace) -> int:
    """0 when nothing is lacking any more, quarantined studies included; 1 when the registry or the database fails."""
    address = settings_from(os.environ).registry_url
    extent = Extent(asked.since, asked.full)

    async def followed(store: Store) -> int:
        shown = sys.stderr.isatty()
        async with client() as http:
            with tqdm(unit=" studies", file=sys.stderr, disable=not shown, leave=False) as bar:

                def note(studies: int, total: int | None) -> None:
                    bar.total = total or bar.total
                    bar.update(studies)

                report = await ingest.sync(store, Fetcher(http, address, Patience()), extent, os.cpu_count() or 1, note)
        sys.stdout.write(_line(report) if asked.json else "")
        sys.stderr.write(_words(report))
        return 0

    return with_store(followed)


def _line(report: SyncReport) -> str:
    return msgspec.json.encode({**msgspec.to_builtins(report.counts), "complete": report.complete}).decode() + "\n"


def _words(report: SyncReport) -> str:
    counts = ", ".join(f"{count} {outcome}" for outcome, count in msgspec.to_builtins(report.counts).items())
    return f"{counts}; complete up to {report.complete or 'now: the registry is empty'}\n"
