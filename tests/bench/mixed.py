"""Many callers at once: records, searches and matches, as the systems of a hospital ask them."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count
from statistics import quantiles

from tests.bench.http import Answer, Client, latency
from tests.bench.machine import resident_mb
from tests.bench.patient import questions
from tests.bench.table import Row

CLIENTS, SECONDS = 64, 20.0
WARM_S = 2.0  # all come at once, which happens once
MIX = ("record",) * 7 + ("search",) * 2 + ("match",)
SEARCH = "/trials?condition=leukemia&status=RECRUITING"
OK, BUSY, SLOWER = 200, 503, 10.0


def mixed(port: int, pid: int, ids: list[str]) -> list[Row]:
    """A row a kind of request, and one for all."""
    return asyncio.run(_mixed(port, pid, ids))


async def _mixed(port: int, pid: int, ids: list[str]) -> list[Row]:
    asks = _asks(ids)
    async with Client(port) as client:
        alone = {kind: (await latency(partial(ask, client), seconds=2)).p50 for kind, ask in asks.items()}
    before = resident_mb(pid)
    taken: defaultdict[str, list[float]] = defaultdict(list)
    statuses: Counter[int] = Counter()
    turn = count()
    begin = asyncio.get_running_loop().time() + WARM_S
    end = begin + SECONDS

    async def call() -> None:
        clock = asyncio.get_running_loop().time
        async with Client(port) as client:
            while clock() < end:
                kind, began = MIX[next(turn) % len(MIX)], clock()
                answer = await asks[kind](client)
                if began < begin:
                    continue
                statuses[answer.status] += 1
                if answer.status == OK:
                    taken[kind].append(1000 * (clock() - began))

    await asyncio.gather(*(call() for _ in range(CLIENTS)))
    rows = [_row(kind, taken[kind], alone[kind]) for kind in asks]
    return [*rows, _all(statuses, resident_mb(pid) - before)]


def _asks(ids: list[str]) -> dict[str, Callable[[Client], Awaitable[Answer]]]:
    match = next(each.request for each in questions() if "leukaemia" in each.name)
    turn = count()
    return {
        "record": lambda client: client.ask(f"/trials/{ids[next(turn) % len(ids)]}"),
        "search": lambda client: client.ask(SEARCH),
        "match": lambda client: client.ask("/match", match),
    }  # fmt: skip


def _row(kind: str, taken: list[float], alone: float) -> Row:
    percentiles = quantiles(taken, n=100, method="inclusive")
    return Row(
        f"{CLIENTS} clients, a {kind}: p50, p99 of {len(taken):,}",
        f"{percentiles[49]:.0f} / {percentiles[98]:.0f} ms",
        f"alone {alone:.1f} ms",
        f"{percentiles[98] / alone:.0f}",
        f"p99 ≤ {SLOWER:g} × alone",
        percentiles[98] <= SLOWER * alone,
    )


def _all(statuses: Counter[int], grown: float) -> Row:
    wrong = statuses.total() - statuses[OK] - statuses[BUSY]
    return Row(
        f"{CLIENTS} clients for {SECONDS:g} s",
        f"{statuses[OK] / SECONDS:.0f} a second, {statuses[BUSY]} sent away, {wrong} errors, memory +{grown:.0f} MB",
        target="0 errors",
        is_met=not wrong,
    )
