"""The registry as it was at one moment, for a question that takes several looks at it."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from service.criteria.demand import outline_of
from service.schemas.criterion import Criterion
from service.schemas.envelope import Candidate, CandidateQuery, Outline, Site
from service.schemas.report import Corpus
from service.schemas.trial import OverallStatus, Phase, nct_id_of
from service.store.pool import Connection
from service.store.queries import QUERIES, Filters, search
from service.store.search import candidate_filters, where_filters
from service.store.stored import criteria_of

_sites = msgspec.msgpack.Decoder(tuple[Site, ...])


class Snapshot:
    """Usable while the transaction lasts that it was opened in; `corpus` tells which registry is seen."""

    def __init__(self, connection: Connection, corpus: Corpus) -> None:
        self._connection = connection
        self.corpus = corpus

    async def candidates(self, query: CandidateQuery) -> list[int]:
        """Numbers of the trials that the patient might enter, in order; of whatever status and phase."""
        [found] = await self._search("candidates", candidate_filters(query), where_filters(query))
        numbers: list[int] = found["numbers"]
        return numbers

    async def numbers_after(self, number: int, count: int) -> list[int]:
        """The next trials in the order of their numbers."""
        return [found["nct"] for found in await self._connection.fetch(QUERIES["numbers_after"], number, count)]

    async def outlines(self, numbers: Sequence[int]) -> list[Outline]:
        """What trials ask in brief."""
        rows = await self._search("outlines", numbers=numbers)
        outlines = [Outline(*found) for found in rows if found["demands"] is not None]
        older = [found["number"] for found in rows if found["demands"] is None]
        return outlines + [_outline(found) for found in await self._criteria(older)]

    async def criteria(self, numbers: Sequence[int]) -> dict[int, tuple[Criterion, ...]]:
        """All that trials ask, by their numbers."""
        return {found["nct"]: criteria_of(found["criteria"]) for found in await self._criteria(numbers)}

    async def _criteria(self, numbers: Sequence[int]) -> list[Any]:
        return await self._search("criteria", numbers=numbers) if numbers else []

    async def listed(self, numbers: Iterable[int]) -> dict[int, Candidate]:
        """What a match shows of trials."""
        rows = await self._search("listed", numbers=list(numbers))
        return {found["nct"]: _candidate(found) for found in rows}

    async def _search(
        self, query: str, asked: Filters | None = None, where: Filters | None = None, **more: object
    ) -> list[Any]:
        statement = search(query, asked or {}, where, **more)
        return await self._connection.fetch(statement.sql, *statement.values)


def _outline(found: Any) -> Outline:
    """Of a trial that is stored without demands."""
    return outline_of(nct_id_of(found["nct"]), criteria_of(found["criteria"]), found["overall_status"], found["phases"])


def _candidate(found: Any) -> Candidate:
    return Candidate(
        nct_id=nct_id_of(found["nct"]),
        brief_title=found["brief_title"],
        overall_status=OverallStatus(found["overall_status"]) if found["overall_status"] else None,
        phases=tuple(map(Phase, found["phases"])),
        criteria=criteria_of(found["criteria"]),
        sites=_sites.decode(found["sites"]),
    )
