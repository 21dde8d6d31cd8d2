"""The registry's trials: one query a method, rows in, values out."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import asyncpg

from service.errors import PreconditionFailed, TrialNotFound
from service.fingerprint import fingerprint
from service.schemas.query import TrialQuery
from service.schemas.report import Corpus, CorpusState
from service.schemas.trial import Trial, nct_id_of, number_of
from service.store.pages import Pages
from service.store.pool import Connection, Pools, translated
from service.store.put import PutOutcome, put_all
from service.store.queries import QUERIES
from service.store.row import Entry, StoredForm, stored_form
from service.store.snapshot import Snapshot
from service.store.stored import StoredPage, StoredTrial, criteria_json_of, trial_of
from service.store.together import Together

FETCHED = 250  # trials in a round trip

Check = Callable[[str | None], None]


class Connections(NamedTuple):
    """How many carry a query, how many wait for one, and how many there may be."""

    used: int
    idle: int
    limit: int


class Stale(NamedTuple):
    """A stored trial whose criteria another compiler has read."""

    trial: Trial
    digest: bytes


class TrialStore:
    """Every method raises DatabaseUnavailable or QueryTimedOut when the database fails it."""

    def __init__(self, pools: Pools) -> None:
        self._writes, self._reads = pools
        self._together = Together(self._get_all)
        self._pages = Pages(self._reads)

    async def get(self, nct_id: str) -> StoredTrial:
        """One trial by its canonical id. Raises TrialNotFound."""
        found = await self._together.get(number_of(nct_id))
        if found is None:
            raise TrialNotFound(nct_id)
        return StoredTrial(
            nct_id=nct_id, etag=_etag(found["digest"]), document=found["document"],
            criteria_json=criteria_json_of(found["criteria"]), issues_json=found["issues"],
        )  # fmt: skip

    async def _get_all(self, numbers: list[int]) -> dict[int, Any]:
        return {found["nct"]: found for found in await self._fetch("get", numbers)}

    async def put(self, entry: Entry, check: Check | None = None) -> PutOutcome:
        """Store one trial, unless it is stored already or a later version is.

        `check` is told the ETag of what is stored, None for nothing, and that stays so until it is replaced.
        """
        form = stored_form(entry)
        with translated():
            async with self._writes.acquire() as connection, connection.transaction():
                if check is None:
                    return (await put_all(connection, (form,)))[0]
                digest = await connection.fetchval(QUERIES["stored_state"], form.row.nct)
                check(None if digest is None else _etag(digest))
                (outcome,) = await put_all(connection, (form,))
                if digest is None and outcome is not PutOutcome.CREATED:
                    raise PreconditionFailed("somebody else has stored the trial in this moment")
                return outcome

    async def put_forms(self, forms: Sequence[StoredForm]) -> tuple[PutOutcome, ...]:
        """Store many in one transaction; a trial that is listed twice is put twice, in the order of the list."""
        with translated():
            async with self._writes.acquire() as connection, connection.transaction():
                return await put_all(connection, forms)

    async def put_anew(self, forms: Sequence[StoredForm], read_as: Sequence[bytes]) -> tuple[PutOutcome, ...]:
        """Store what was worked out from stored trials whose digests were these; what has changed since stays."""
        with translated():
            async with self._writes.acquire() as connection, connection.transaction():
                asked = [form.row.nct for form in forms], read_as
                same = {found["nct"] for found in await connection.fetch(QUERIES["lock_unchanged"], *asked)}
                return await put_all(connection, [form for form in forms if form.row.nct in same])

    async def known(self, sha256s: Sequence[bytes], engine: str) -> dict[bytes, str]:
        """Which documents this engine has read, checked and stored already, and the ids of their trials."""
        rows = await self._fetch_newest("known_sources", sha256s, engine)
        return {found["source_sha256"]: nct_id_of(found["nct"]) for found in rows}

    async def take_stock(self) -> None:
        """After many changes, have searches planned for what is there now: at once, not when the database notices."""
        with translated():
            await self._writes.execute(QUERIES["take_stock"])

    async def page(self, query: TrialQuery) -> StoredPage:
        """The trials asked for, from the page token on. Raises InvalidPageToken."""
        return await self._pages.page(query)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """The registry as it is now, whatever is written meanwhile."""
        with translated():
            async with (
                self._reads.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                yield Snapshot(connection, await _corpus(connection))

    async def naming(self, concept: str) -> int:
        """How many trials name the concept itself as a condition or an intervention."""
        rows = await self._fetch("naming", concept)
        count: int = rows[0]["count"]
        return count

    async def corpus(self) -> Corpus:
        """How many trials there are, and a version that changes with every write."""
        with translated():
            return await _corpus(self._reads)

    async def state(self) -> CorpusState:
        """The same, and when it last changed."""
        [found] = await self._fetch("state")
        return CorpusState(**found)

    @property
    def connections(self) -> Connections:
        """Of this process to the database, at this moment."""
        pools = {self._writes, self._reads}
        idle = sum(pool.get_idle_size() for pool in pools)
        used = sum(pool.get_size() for pool in pools) - idle
        return Connections(used=used, idle=idle, limit=sum(pool.get_max_size() for pool in pools))

    async def read_by_others(self, compiler: str, size: int = FETCHED) -> AsyncIterator[tuple[Stale, ...]]:
        """Trials whose criteria another version of the compiler read, a slice at a time."""
        last = -1
        while rows := await self._fetch_newest("read_by_others", compiler, last, size):
            yield tuple(Stale(trial_of(found["document"]), found["digest"]) for found in rows)
            last = rows[-1]["nct"]

    async def count_read_by_others(self, compiler: str) -> int:
        """How many those are."""
        [found] = await self._fetch_newest("count_read_by_others", compiler)
        count: int = found["count"]
        return count

    async def _fetch(self, query: str, *arguments: object) -> list[Any]:
        with translated():
            return await self._reads.fetch(QUERIES[query], *arguments)

    async def _fetch_newest(self, query: str, *arguments: object) -> list[Any]:
        """Where a standby may not know yet what has just been written."""
        with translated():
            return await self._writes.fetch(QUERIES[query], *arguments)


def _etag(digest: bytes) -> str:
    """Of what is stored, and of how this version writes it: another one may answer the same row in other bytes."""
    return digest.hex()[:24] + fingerprint("schemas")[:8]


async def _corpus(database: "asyncpg.Pool[asyncpg.Record] | Connection") -> Corpus:
    [found] = await database.fetch(QUERIES["corpus"])
    return Corpus(version=found["version"], trials=found["trials"])
