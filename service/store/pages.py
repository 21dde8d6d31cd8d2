"""Pages of a search."""

import math
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import asyncpg
from msgspec.structs import replace

from service.schemas.query import Sort, TrialQuery
from service.store.hits import Hit, Hits, beside_words
from service.store.pool import Connection, translated
from service.store.position import ORDERS, UNRANKED, Position, fingerprint, position_of, sort_of, token_of
from service.store.queries import QUERIES, Filters, search
from service.store.search import trial_filters
from service.store.stored import StoredPage, projected

RANKED_HITS = 2_000
ADDED_MEANWHILE = 2_000  # new hits between two pages of a search, at most
COUNTS = 1_000

Rows = Sequence[Any]


class Pages:
    """Every page sees one state of the registry. How many trials a search finds is remembered while it stays so."""

    def __init__(self, reads: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._reads = reads
        self._counts: OrderedDict[tuple[bytes, str], int] = OrderedDict()

    async def page(self, query: TrialQuery) -> StoredPage:
        """The trials asked for, from the page token on. Raises InvalidPageToken."""
        position, asked = position_of(query), trial_filters(query)
        with translated():
            async with self._reads.acquire() as connection:
                if "words" not in asked and not query.count_total:
                    rows = await _sorted(connection, sort_of(query), asked, position, query.page_size + 1)
                    return _page(query, position, rows)
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    page = await self._found(connection, query, position, asked)
                    total = await self._count(connection, query, asked) if query.count_total else None
        return replace(page, total_count=total)

    async def _found(self, connection: Connection, query: TrialQuery, position: Position, asked: Filters) -> StoredPage:
        if "words" in asked:
            await connection.execute(QUERIES["find_by_index"])
            asked = await beside_words(connection, asked)
        size = query.page_size + 1
        if sort_of(query) is Sort.RELEVANCE:
            position, rows = await _by_relevance(connection, asked, position, size)
        elif "words" in asked and sort_of(query) is Sort.UPDATED_DESC:
            rows = await _newest(connection, asked, position, size)
        else:
            narrowed = await Hits(connection, asked).as_filters() if "words" in asked else asked
            rows = await _sorted(connection, sort_of(query), narrowed, position, size)
        return _page(query, position, rows)

    async def _count(self, connection: Connection, query: TrialQuery, asked: Filters) -> int:
        corpus = await connection.fetchrow(QUERIES["corpus"])
        assert corpus is not None
        key = fingerprint(replace(query, sort=None)), corpus["version"]
        if key not in self._counts:
            statement = search("count", asked)
            self._counts[key] = await connection.fetchval(statement.sql, *statement.values)
            if len(self._counts) > COUNTS:
                self._counts.popitem(last=False)
        return self._counts[key]


def _page(query: TrialQuery, position: Position, rows: Rows) -> StoredPage:
    shown = rows[: query.page_size]
    is_last = len(rows) <= query.page_size
    return StoredPage(
        documents=tuple(projected(found["document"], query.fields) for found in shown),
        next_page_token=None if is_last else token_of(position.after(dict(shown[-1].items()))),
    )


async def _sorted(connection: Connection, sort: Sort, asked: Filters, position: Position, size: int) -> Rows:
    order = ORDERS[sort]
    cursor = {member: getattr(position, member) for member in order.takes}
    statement = search(order.query, asked, None, size=size, **cursor)
    return await connection.fetch(statement.sql, *statement.values)


async def _newest(connection: Connection, asked: Filters, position: Position, size: int) -> Rows:
    """As sorting by the date would have it, by way of the words."""
    hits = await Hits(connection, asked).newest(size, Hit(position.key, position.nct))
    return await connection.fetch(QUERIES["page_newest"], [hit.nct for hit in hits])


async def _by_relevance(connection: Connection, asked: Filters, position: Position, size: int) -> tuple[Position, Rows]:
    """Ranked hits, then the others, the newest first.

    Ranking reads all words of a hit, so only the newest hits are ranked; the last of them, if there are so many, is the
    floor. It is remembered from page to page, and later pages rank a few more, so that trials added meanwhile push
    nobody out of the ranked hits.
    """
    if position.score == UNRANKED:
        return position, await _newest(connection, asked, position, size)
    is_first, hits = position.score == math.inf, Hits(connection, asked)
    most = RANKED_HITS if is_first else RANKED_HITS + ADDED_MEANWHILE
    newest = await hits.newest(most, floor=Hit(position.floor_key, position.floor_nct))
    if is_first and len(newest) == most:
        position = replace(position, floor_key=newest[-1].key, floor_nct=newest[-1].nct)
    cursor = position.score, position.key, position.nct
    numbers = [hit.nct for hit in newest]
    ranked = await connection.fetch(QUERIES["page_ranked"], numbers, asked["words"]["words"], *cursor, size)
    if len(ranked) == size or position.floor_nct < 0:
        return position, ranked
    position = replace(position, score=UNRANKED, key=position.floor_key, nct=position.floor_nct)
    return position, [*ranked, *await _newest(connection, asked, position, size - len(ranked))]
