"""Keep up with a registry: walk through what changed since the last time, then call the roll to find what was missed.

The walk goes by pages, and the registry changes meanwhile: a study that moves may push another one over the edge of a
page, and a walk that was killed knows nothing of what it has seen. So no walk is trusted. Afterwards the ids and dates
of all studies since the mark are listed, which is quick, and the days of those that are not here are walked again.
The mark moves when the roll is complete. Every step may be repeated: storing the same study again changes nothing.
A full run calls the roll of all studies that there are, and takes out what is no longer among them.
"""

from collections.abc import Callable
from contextlib import aclosing
from datetime import date, timedelta
from typing import NamedTuple

from service.errors import RegistryUnavailable
from service.ingest.desk import Counts, Desk
from service.ingest.fetch import Fetcher
from service.ingest.walk import ROLL_CALL, Search, looking_ahead, pages
from service.ingest.withdrawn import withdraw
from service.store import Posted, Store

LOOK_BACK = timedelta(days=7)  # a study may be published days after the date it bears
ROUNDS = 5


class Extent(NamedTuple):
    """Since when, if not since the last time; and whether all that there is shall be gone through."""

    since: str | None = None
    full: bool = False


SINCE_LAST = Extent()


class SyncReport(NamedTuple):
    """What became of the studies, and the date up to which none is lacking; None: the registry has none."""

    counts: Counts
    complete: str | None


async def sync(
    store: Store,
    fetcher: Fetcher,
    extent: Extent = SINCE_LAST,
    workers: int = 1,
    note: Callable[[int, int | None], None] = lambda _, __: None,
) -> SyncReport:
    """Store what the registry has changed since the last time; `note` is told of every page.

    Raises RegistryUnavailable, RegistryRefused and what a store raises; the next run goes on from there.
    """
    since, full = extent
    if since:
        await store.marks.complete(fetcher.address, since)
    mark = await store.marks.get(fetcher.address)
    with Desk(store, workers) as desk:
        await desk.try_again()
        async with aclosing(looking_ahead(pages(fetcher, Search(since or mark.reached)))) as walk:
            async for page in walk:
                await desk.take(page.studies)
                note(len(page.studies), page.total)
                if page.newest:
                    await store.marks.reach(fetcher.address, page.newest)
        roll = await _completed(store, fetcher, desk, None if full else since or _looked_back(mark.complete))
        if full:
            desk.counts.add("withdrawn", await withdraw(store, fetcher, roll.listed))
        await desk.take_stock()
        return SyncReport(desk.counts, roll.newest)


async def _completed(store: Store, fetcher: Fetcher, desk: Desk, since: str | None) -> "_Roll":
    """Fetch what is lacking until nothing is; the roll that says so."""
    for _ in range(ROUNDS):
        roll = await _roll_call(store, fetcher, desk, since)
        if not roll.lacking:
            await store.marks.complete(fetcher.address, roll.newest)
            return roll
        for day in roll.lacking:
            async for page in pages(fetcher, Search(day, day)):
                await desk.take(page.studies)
    said = "changes faster than it can be followed; try again later"
    raise RegistryUnavailable(f"the registry at {fetcher.address} {said}")


def _looked_back(complete: str | None) -> str | None:
    return (date.fromisoformat(complete) - LOOK_BACK).isoformat() if complete else None


class _Roll(NamedTuple):
    """The date of the last update of all; the days on which studies that are not here were updated; all numbers."""

    newest: str | None
    lacking: tuple[str, ...]
    listed: frozenset[int]


async def _roll_call(store: Store, fetcher: Fetcher, desk: Desk, since: str | None) -> _Roll:
    newest, lacking, listed = since, set[str](), set[int]()
    async for page in pages(fetcher, Search(since, fields=ROLL_CALL)):
        listed.update(each.nct for each in page.studies if each.nct is not None)
        posted = [Posted(each.nct, each.updated) for each in page.studies if each.nct is not None and each.updated]
        missing = set(await store.marks.lacking(posted)) - desk.passed_over
        lacking.update(each.updated for each in missing)
        newest = max(filter(None, (newest, page.newest)), default=None)
    return _Roll(newest, tuple(sorted(lacking)), frozenset(listed))
