"""How far a registry has been followed."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import asyncpg

from service.store.pool import translated
from service.store.queries import QUERIES


class Mark(NamedTuple):
    """Dates of last updates: up to `complete` every study is here; `reached` is where a walk beyond it has come to."""

    complete: str | None = None
    reached: str | None = None


class Posted(NamedTuple):
    """A study by its number, and when its last update was posted."""

    nct: int
    updated: str


class MarkStore:
    """Every method raises DatabaseUnavailable or QueryTimedOut when the database fails it."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def get(self, registry: str) -> Mark:
        """The mark of a registry, by its address; an empty one where it was never followed."""
        rows = await self._fetch("sync_mark", registry)
        return Mark(rows[0]["complete"], rows[0]["reached"]) if rows else Mark()

    async def reach(self, registry: str, date: str) -> None:
        """A walk has come so far: the next one begins there."""
        await self._fetch("note_reached", registry, date)

    async def complete(self, registry: str, date: str | None) -> None:
        """Nothing is lacking up to that date."""
        await self._fetch("note_complete", registry, date)

    async def lacking(self, posted: Sequence[Posted]) -> tuple[Posted, ...]:
        """Which of them are neither stored nor quarantined as of that update, the oldest first."""
        rows = await self._fetch("lacking", [each.nct for each in posted], [each.updated for each in posted])
        return tuple(Posted(found["nct"], found["updated"]) for found in rows)

    async def _fetch(self, query: str, *arguments: object) -> list[Any]:
        with translated():
            return await self._pool.fetch(QUERIES[query], *arguments)
