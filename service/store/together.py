"""Rows that many ask for one by one: what is asked while others are being fetched is fetched together.

A round trip costs this process more than the rows that it brings.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, TypeVar

Row = TypeVar("Row")
LONG_S, MOST = 0.1, 5


class Together(Generic[Row]):
    """`fetch` answers the rows that there are, by their numbers.

    One trip is under way at a time: more of them would be smaller, and cost more. Only where one takes long, as on a
    connection that leads nowhere any more, the next sets out without waiting for it; so many at most.
    """

    def __init__(
        self, fetch: Callable[[list[int]], Awaitable[Mapping[int, Row]]], long_s: float = LONG_S, most: int = MOST
    ) -> None:
        self._fetch, self._long_s, self._most = fetch, long_s, most
        self._asked: list[tuple[int, asyncio.Future[Row | None]]] = []
        self._trips: set[asyncio.Task[None]] = set()
        self._slow: set[asyncio.Task[None]] = set()

    async def get(self, number: int) -> Row | None:
        """The row as it is after the call, None where there is none. Raises what the fetch raises."""
        answer: asyncio.Future[Row | None] = asyncio.get_running_loop().create_future()
        self._asked.append((number, answer))
        self._set_out()
        return await answer

    def _set_out(self) -> None:
        """Unless nobody waits, or a trip is under way that will soon be back."""
        if self._asked and len(self._slow) == len(self._trips) < self._most:
            self._trips.add(asyncio.create_task(self._serve()))

    async def _serve(self) -> None:
        """Fetch until nobody asks any more."""
        trip = asyncio.current_task()
        assert trip is not None
        while self._asked:
            asked, self._asked = self._asked, []
            late = asyncio.get_running_loop().call_later(self._long_s, self._is_slow, trip)
            await self._answer(asked)
            late.cancel()
            self._slow.discard(trip)
        self._trips.discard(trip)

    def _is_slow(self, trip: "asyncio.Task[None]") -> None:
        self._slow.add(trip)
        self._set_out()

    async def _answer(self, asked: list[tuple[int, "asyncio.Future[Row | None]"]]) -> None:
        """Whoever has not left; the failure of a fetch is that of everybody in it."""
        try:
            rows = await self._fetch(list({number for number, _ in asked}))
        except Exception as error:  # noqa: BLE001 – raised by everybody who asked
            for answer in (answer for _, answer in asked if not answer.done()):
                answer.set_exception(error)
        else:
            for number, answer in asked:
                if not answer.done():
                    answer.set_result(rows.get(number))
