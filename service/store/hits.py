"""Trials that have the words of a search, the newest first: found without finding all of them, where there are many.

An index of words knows nothing of dates. To take the newest of half a million hits, all of them had to be found first;
so it is asked month by month instead, until there are enough.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from service.store.pool import Connection
from service.store.position import LAST_KEY, LAST_NCT
from service.store.queries import QUERIES, Filters, search
from service.store.spans import EVERYTHING, spans

FEW = 10_000  # hits that are found at once; 25 ms
MORE = 1.5  # times as many as are wanted are looked for first: they are not spread evenly


MANY = 20_000  # trials that have a condition: more of them are not all looked up


class Hit(NamedTuple):
    """Hits stand in the order of their dates and, on one day, of their numbers."""

    key: str
    nct: int


NEWEST, OLDEST = Hit(LAST_KEY, LAST_NCT), Hit("", -1)


class _Node(msgspec.Struct, rename={"rows": "Plan Rows"}):
    rows: float


class _Plan(msgspec.Struct, rename={"plan": "Plan"}):
    plan: _Node


_plans = msgspec.json.Decoder(tuple[_Plan])


class Hits:
    """Of one search in one transaction, which must see one state of the registry."""

    def __init__(self, connection: Connection, asked: Filters) -> None:
        self._connection, self._asked = connection, asked

    async def expected(self) -> float:
        """How many the database thinks there are."""
        statement = search("expected", self._asked)
        [plan] = _plans.decode(await self._connection.fetchval(statement.sql, *statement.values))
        return plan.plan.rows

    async def as_filters(self) -> Filters:
        """A search for the few that there are, by their numbers; the same search where there are many.

        Nothing tells the planner when words came up: walking through trials in some order, it might pass half of them.
        """
        if await self.expected() > FEW:
            return self._asked
        found = await self._within(EVERYTHING, LAST_NCT, NEWEST, OLDEST)
        return {"ids": {"numbers": [hit.nct for hit in found]}}

    async def newest(self, size: int, after: Hit = NEWEST, floor: Hit = OLDEST) -> list[Hit]:
        """So many that come after one, down to the floor."""
        found: list[Hit] = []
        for span in await self._spans(size, after, floor):
            found += await self._within(span, size - len(found), after, floor)
            if len(found) == size:
                break
        return found

    async def _spans(self, size: int, after: Hit, floor: Hit) -> Iterable[Filters]:
        expected = await self.expected()
        if expected <= FEW:
            return (EVERYTHING,)
        dates = await self._connection.fetchrow(QUERIES["dates"])
        assert dates is not None
        return spans(min(after.key, dates["newest"]), floor.key, dates["bounds"], MORE * size / expected)

    async def _within(self, span: Filters, size: int, after: Hit, floor: Hit) -> list[Hit]:
        statement = search(
            "newest", {**span, **self._asked}, None,
            size=size, key=after.key, nct=after.nct, floor_key=floor.key, floor_nct=floor.nct,
        )  # fmt: skip
        rows = await self._connection.fetch(statement.sql, *statement.values)
        return [Hit(found["key"], found["nct"]) for found in rows]


async def beside_words(connection: Connection, asked: Filters) -> Filters:
    """The same search, by the words first where its condition is that of many trials."""
    if "condition" not in asked:
        return asked
    keys = asked["condition"]["condition_keys"]
    is_of_many = await connection.fetchval(QUERIES["is_of_many"], keys, MANY)
    return {f"{name}_of_many" if is_of_many and name == "condition" else name: asked[name] for name in asked}
