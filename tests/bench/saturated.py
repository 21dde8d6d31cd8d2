"""Matches by far more callers than can be answered, while somebody else reads a record."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from statistics import quantiles

from tests.bench.http import Answer, Client
from tests.bench.patient import questions
from tests.bench.table import Row

CLIENTS, SECONDS = 400, 5.0
OK, BUSY = 200, 503
Ask = Callable[[Client], Awaitable[Answer]]


def saturated(port: int, ids: list[str]) -> Row:
    """What they are told, and how long the other one waits."""
    return asyncio.run(_saturated(port, ids))


async def _saturated(port: int, ids: list[str]) -> Row:
    match = questions()[0].request
    matches, taken = Counter[int](), list[float]()
    crowd = [_call(port, lambda client: client.ask("/match", match), matches, []) for _ in range(CLIENTS)]
    records = Counter[int]()
    await asyncio.gather(_call(port, lambda client: client.ask(f"/trials/{ids[0]}"), records, taken), *crowd)
    told = ", ".join(f"{count} × {status}" for status, count in sorted(matches.items()))
    return Row(
        f"{CLIENTS} clients that match for {SECONDS:g} s", told,
        f"a record meanwhile, p99: {quantiles(taken, n=100, method='inclusive')[98]:.0f} ms",
        target="200 and 503 alone; every record", is_met=set(matches) == {OK, BUSY} and set(records) == {OK},
    )  # fmt: skip


async def _call(port: int, ask: Ask, statuses: Counter[int], taken: list[float]) -> None:
    clock = asyncio.get_running_loop().time
    end = clock() + SECONDS
    async with Client(port) as client:
        while clock() < end:
            began = clock()
            statuses[(await ask(client)).status] += 1
            taken.append(1000 * (clock() - began))
