"""Records and searches over HTTP."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median
from urllib.parse import quote

import msgspec

from tests.api.process import free_port
from tests.bench.bare import bare_handler
from tests.bench.http import Client, latency, rate
from tests.bench.table import Row, within

FILTERED_MS, RANKED_MS, RATE = 15.0, 60.0, 0.9
PAGE, TURNS = 100, 5
SEARCHES = (
    ("no filter", "", FILTERED_MS),
    ("status, phase", "status=RECRUITING&phase=PHASE2,PHASE3", FILTERED_MS),
    ("condition, status", "condition=breast+cancer&status=RECRUITING", FILTERED_MS),
    ("condition, country, age", "condition=leukemia&country=France&age=40", FILTERED_MS),
    ("near, sex", "near=48.86,2.35,50&sex=FEMALE", FILTERED_MS),
    ("sponsor, newest first", "sponsor=Boston&sort=lastUpdatePosted:desc", FILTERED_MS),
    ("rare condition, oldest first", f"condition={quote('myasthenia gravis')}&sort=start", FILTERED_MS),
    ("words, ranked", "q=pembrolizumab+melanoma", RANKED_MS),
    ("common words, ranked", "q=quality+of+life", RANKED_MS),
    ("words and filters, ranked", "q=insulin&status=RECRUITING&phase=PHASE3", RANKED_MS),
)


class _Trial(msgspec.Struct, rename="camel"):
    nct_id: str


class _Page(msgspec.Struct, rename="camel"):
    trials: tuple[_Trial, ...]
    next_page_token: str | None = None


def reads(port: int, dsn: str) -> Iterator[Row]:
    """Rates against a bare handler, then latencies."""
    ids = asyncio.run(some_ids(port))
    bare_port = free_port()
    with bare_handler(dsn, bare_port):
        ours, bare = _in_turns(lambda: _rate(port, "/trials/", ids), lambda: _rate(bare_port, "/", ids))
    yield Row(
        "GET /trials/{nctId}, 16 clients", f"{ours:.0f} a second", f"bare handler {bare:.0f} a second",
        f"{ours / bare:.2f}", f"ratio ≥ {RATE}", ours / bare >= RATE,
    )  # fmt: skip
    yield from asyncio.run(_searches(port))


def _in_turns(*measures: Callable[[], float]) -> list[float]:
    """The median of several short runs of each, one beside the other: a machine's pace changes. The first warm up."""
    rounds = [[measure() for measure in measures] for _ in range(TURNS + 1)]
    return [median(runs) for runs in zip(*rounds[1:], strict=True)]


def _rate(port: int, before: str, ids: Sequence[str]) -> float:
    return asyncio.run(rate(port, [before + each for each in ids], seconds=1))


async def some_ids(port: int, query: str = "") -> list[str]:
    """Ids of a thousand trials, of those that are searched for."""
    async with Client(port) as client:
        answer = await client.ask(f"/trials?pageSize=1000&fields=nctId&{query}")
    return [trial.nct_id for trial in msgspec.json.decode(answer.body, type=_Page).trials]


async def _searches(port: int) -> list[Row]:
    async with Client(port) as client:
        first = [await _search(client, *search) for search in SEARCHES]
        deep = [await _search(client, name, await _deep(client, query), limit) for name, query, limit in SEARCHES]
    return first + [row for row in deep if row.figure]


async def _search(client: Client, name: str, query: str | None, limit: float) -> Row:
    if query is None:
        return Row(name, "")
    taken = await latency(partial(client.ask, f"/trials?{query}"), seconds=1.5, most=60)
    page = f"page {PAGE}" if "pageToken" in query else "first page"
    figure = f"{taken.p50:.1f} / {taken.p95:.1f} ms"
    return Row(f"search: {name}, {page}", figure, **within(limit, taken.p95))  # type: ignore[arg-type]


async def _deep(client: Client, query: str) -> str | None:
    """The query of the hundredth page; None where there are fewer."""
    token = ""
    for _ in range(PAGE - 1):
        answer = await client.ask(f"/trials?{query}{token}")
        found = msgspec.json.decode(answer.body, type=_Page).next_page_token
        if found is None:
            return None
        token = f"&pageToken={found}"
    return query + token
