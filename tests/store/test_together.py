"""Rows that many ask for at once."""

import asyncio

import pytest

from service.store.together import Together


class Shelf:
    """Answers each number as its own square, when it is let; notes what was fetched together."""

    def __init__(self) -> None:
        self.fetched: list[set[int]] = []
        self.open = asyncio.Event()
        self.failing = False

    async def fetch(self, numbers: list[int]) -> dict[int, int]:
        self.fetched.append(set(numbers))
        await self.open.wait()
        if self.failing:
            raise OSError
        return {number: number * number for number in numbers if number}


async def asked(together: Together[int], numbers: list[int]) -> list[asyncio.Task[int | None]]:
    """They have asked, and wait."""
    tasks = [asyncio.create_task(together.get(number)) for number in numbers]
    await asyncio.sleep(0.001)
    return tasks


async def test_those_who_come_while_others_are_served_are_served_together() -> None:
    shelf = Shelf()
    together = Together(shelf.fetch)
    first = await asked(together, [1])
    rest = await asked(together, [2, 3, 2, 0])
    assert shelf.fetched == [{1}]
    shelf.open.set()
    assert await asyncio.gather(*first, *rest) == [1, 4, 9, 4, None]
    assert shelf.fetched == [{1}, {0, 2, 3}]


async def test_nobody_waits_for_a_trip_that_takes_long() -> None:
    shelf = Shelf()
    together = Together(shelf.fetch, long_s=0, most=2)
    first = await asked(together, [1])
    second = await asked(together, [2])
    third = await asked(together, [3])
    assert shelf.fetched == [{1}, {2}]
    shelf.open.set()
    assert await asyncio.gather(*first, *second, *third) == [1, 4, 9]
    assert shelf.fetched == [{1}, {2}, {3}]


async def test_who_leaves_takes_nothing_from_the_others() -> None:
    shelf = Shelf()
    together = Together(shelf.fetch)
    leaving, staying = await asked(together, [1, 2])
    leaving.cancel()
    shelf.open.set()
    assert await staying == 4


async def test_a_failure_is_everybodys_and_the_next_fetch_is_tried() -> None:
    shelf = Shelf()
    together = Together(shelf.fetch)
    shelf.failing = True
    waiting = await asked(together, [1, 2])
    shelf.open.set()
    for each in waiting:
        with pytest.raises(OSError):  # noqa: PT011 – the very one
            await each
    shelf.failing = False
    assert await together.get(3) == 9
