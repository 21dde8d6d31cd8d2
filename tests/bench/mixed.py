"""Many callers at once: records, searches and matches, as the systems of a hospital ask them.

First by callers who ask again as soon as they are answered. So many of them saturate any server: by Little's law, each
waits on the average for as long as all of them take to be served, whatever the server does; it can only choose who
waits. Then by callers who come when they come, at half of the rate that this has shown to be possible.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import count, cycle
from statistics import quantiles
from typing import NamedTuple

from tests.bench.http import Answer, Client, latency
from tests.bench.machine import resident_mb
from tests.bench.patient import questions
from tests.bench.table import Row

CLIENTS, SECONDS, SHARE = 64, 20.0, 0.5
WARM_S = 2.0  # all come at once, which happens once
AGAIN_S = 1.0  # who is sent away comes again after what Retry-After says
MIX = ("record",) * 7 + ("search",) * 2 + ("match",)
SEARCH = "/trials?condition=leukemia&status=RECRUITING"
OK, BUSY, SLOWER = 200, 503, 10.0

Asks = dict[str, Callable[[Client], Awaitable[Answer]]]


class _Call(NamedTuple):
    """What is asked next, and when, in seconds from the beginning; None: at once."""

    kind: str
    due: float | None = None


class _Run:
    """What many callers were told, and how long they waited from when they were due: milliseconds by kind."""

    def __init__(self) -> None:
        self.taken: defaultdict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[int] = Counter()

    async def of(self, port: int, asks: Asks, calls: Iterator[_Call]) -> None:
        """Until the time is over."""
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(self._caller(port, asks, calls, began) for _ in range(CLIENTS)))

    async def _caller(self, port: int, asks: Asks, calls: Iterator[_Call], began: float) -> None:
        clock = asyncio.get_running_loop().time
        async with Client(port) as client:
            while (now := clock() - began) < WARM_S + SECONDS:
                call = next(calls)
                due = now if call.due is None else call.due
                await asyncio.sleep(max(0.0, due - now))
                answer = await asks[call.kind](client)
                if due >= WARM_S:
                    self._note(call.kind, answer.status, clock() - began - due)
                if answer.status == BUSY:
                    await asyncio.sleep(AGAIN_S)

    def _note(self, kind: str, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        if status == OK:
            self.taken[kind].append(1000 * seconds)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.statuses[OK] / SECONDS


def mixed(port: int, pid: int, ids: list[str]) -> list[Row]:
    """A row a kind of request, and one for all; of both kinds of callers."""
    return asyncio.run(_mixed(port, pid, ids))


async def _mixed(port: int, pid: int, ids: list[str]) -> list[Row]:
    asks = _asks(ids)
    async with Client(port) as client:
        alone = {kind: (await latency(partial(ask, client), seconds=2)).p50 for kind, ask in asks.items()}
    before = resident_mb(pid)
    hasty, patient = _Run(), _Run()
    await hasty.of(port, asks, map(_Call, cycle(MIX)))
    rows = [_row(f"{CLIENTS} clients without a pause", kind, hasty, alone[kind]) for kind in asks]
    rows.append(_all(f"{CLIENTS} clients without a pause", hasty, resident_mb(pid) - before))
    rate = SHARE * hasty.rate
    await patient.of(port, asks, _arrivals(rate))
    rows += [_row(f"{SHARE:.0%} of that rate", kind, patient, alone[kind]) for kind in asks]
    return [*rows, _all(f"{SHARE:.0%} of that rate", patient, resident_mb(pid) - before)]


def _asks(ids: list[str]) -> Asks:
    match = next(each.request for each in questions() if "leukaemia" in each.name)
    turn = count()
    return {
        "record": lambda client: client.ask(f"/trials/{ids[next(turn) % len(ids)]}"),
        "search": lambda client: client.ask(SEARCH),
        "match": lambda client: client.ask("/match", match),
    }  # fmt: skip


def _arrivals(rate: float) -> Iterator[_Call]:
    """At any time equally likely, whoever was before: a Poisson process, the same each time."""
    chance, due = random.Random(1), 0.0
    while True:
        due += chance.expovariate(rate)
        yield _Call(chance.choice(MIX), due)


def _row(how: str, kind: str, run: _Run, alone: float) -> Row:
    percentiles = quantiles(run.taken[kind], n=100, method="inclusive")
    return Row(
        f"{how}, a {kind}: p50, p99 of {len(run.taken[kind]):,}",
        f"{percentiles[49]:.0f} / {percentiles[98]:.0f} ms",
        f"alone {alone:.1f} ms",
        f"{percentiles[98] / alone:.0f}",
        f"p99 ≤ {SLOWER:g} × alone",
        percentiles[98] <= SLOWER * alone,
    )


def _all(how: str, run: _Run, grown: float) -> Row:
    wrong = run.statuses.total() - run.statuses[OK] - run.statuses[BUSY]
    return Row(
        f"{how}, {SECONDS:g} s",
        f"{run.rate:.0f} a second, {run.statuses[BUSY]} sent away, {wrong} errors, memory +{grown:.0f} MB",
        target="0 errors",
        is_met=not wrong,
    )
