"""The registry as it was at one moment, for a question that takes several looks at it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import msgspec

from service.criteria.demand import outline_of
from service.schemas.criterion import Criterion
from service.schemas.envelope import Candidate, CandidateQuery, Outline, Site
from service.schemas.report import Corpus
from service.schemas.trial import OverallStatus, Phase, nct_id_of
from service.store.pool import Connection
from service.store.queries import Filters, search
from service.store.search import candidate_filters, row_filters, where_filters
from service.store.stored import criteria_of

FETCHED = 1_000  # trials in a round trip; their outlines are a few milliseconds' work
_sites = msgspec.msgpack.Decoder(tuple[Site, ...])


class Snapshot:
    """Usable while the transaction lasts that it was opened in; `corpus` tells which registry is seen."""

    def __init__(self, connection: Connection, corpus: Corpus) -> None:
        self._connection = connection
        self._free = asyncio.Lock()  # a connection answers one query at a time
        self.corpus = corpus

    async def candidates(self, query: CandidateQuery) -> AsyncIterator[list[Outline]]:
        """Every trial that the patient might enter, many at a time."""
        [found] = await self._search("candidates", candidate_filters(query), where_filters(query))
        asked = row_filters(query)
        async for rows in self._outlines(found["numbers"], asked):
            outlines = [Outline(*found) for found in rows if found[2] is not None]
            if len(outlines) < len(rows):
                older = [number for number, _, demands in rows if demands is None]
                read = await self.criteria(older, asked)
                outlines += [outline_of(nct_id_of(number), criteria) for number, criteria in read.items()]
            yield outlines

    async def _outlines(self, numbers: Sequence[int], asked: Filters) -> AsyncIterator[list[Any]]:
        """Rows of the query, many at a time; the database finds the next while these are looked at."""
        under_way: deque[asyncio.Task[list[Any]]] = deque()
        try:
            for start in range(0, len(numbers), FETCHED):
                part = numbers[start : start + FETCHED]
                under_way.append(asyncio.create_task(self._search("outlines", asked, numbers=part)))
                if len(under_way) > 1:
                    yield await under_way.popleft()
            while under_way:
                yield await under_way.popleft()
        finally:
            for each in under_way:
                each.cancel()

    async def criteria(self, numbers: Sequence[int], asked: Filters | None = None) -> dict[int, tuple[Criterion, ...]]:
        """All that trials ask, by their numbers."""
        rows = await self._search("criteria", asked or {}, numbers=numbers)
        return {found["nct"]: criteria_of(found["criteria"]) for found in rows}

    async def listed(self, numbers: Iterable[int]) -> dict[int, Candidate]:
        """What a match shows of trials."""
        rows = await self._search("listed", {}, numbers=list(numbers))
        return {found["nct"]: _candidate(found) for found in rows}

    async def _search(self, query: str, asked: Filters, where: Filters | None = None, **more: object) -> list[Any]:
        statement = search(query, asked, where, **more)
        async with self._free:
            return await self._connection.fetch(statement.sql, *statement.values)


def _candidate(found: Any) -> Candidate:
    return Candidate(
        nct_id=nct_id_of(found["nct"]),
        brief_title=found["brief_title"],
        overall_status=OverallStatus(found["overall_status"]) if found["overall_status"] else None,
        phases=tuple(map(Phase, found["phases"])),
        criteria=criteria_of(found["criteria"]),
        sites=_sites.decode(found["sites"]),
    )
