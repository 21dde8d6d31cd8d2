"""One patient against the registry over HTTP, and the same statements by pgbench."""

import asyncio
from datetime import date
from functools import partial
from pathlib import Path

import asyncpg
import msgspec

from service.criteria.patient.facts import Facts
from service.match import prefilter
from service.schemas.report import Counts
from service.store.queries import Statement, search
from service.store.search import candidate_filters, where_filters
from tests.bench import pgbench
from tests.bench.http import Answer, Client, Latency, latency
from tests.bench.patient import Question, questions
from tests.bench.table import Row

ON = date(2026, 6, 1)
OK, RATIO, BLOCKED_MS = 200, 4.0, 10.0


class _Report(msgspec.Struct):
    counts: Counts


async def matches(port: int, programs: Path, dsn: str) -> list[Row]:
    """A row a question; and how long others wait while the largest is answered."""
    rows = []
    for question in questions():
        statements = await _statements(dsn, question)
        alone = await asyncio.to_thread(pgbench.latency_ms, programs, dsn, statements)
        async with Client(port) as client:
            ask = partial(client.ask, "/match", question.request)
            first = await ask()
            taken = await latency(ask, seconds=5) if first.status == OK else None
        rows.append(_row(question, first, taken, alone))
    return [*rows, await _blocked(port)]


def _row(question: Question, first: Answer, taken: Latency | None, alone: float) -> Row:
    if taken is None:
        return Row(f"match: {question.name}", f"refused: {first.status}", f"pgbench {alone:.2f} ms", is_met=False)
    candidates, ratio = msgspec.json.decode(first.body, type=_Report).counts.candidates, taken.p50 / alone
    return Row(
        f"match: {question.name} ({candidates:,} candidates)",
        f"{taken.p50:.1f} / {taken.p95:.1f} ms",
        f"pgbench {alone:.2f} ms",
        f"{ratio:.1f}",
        f"≤ {question.p50:g} / {question.p95:g} ms, ratio ≤ {RATIO:g}",
        taken.p50 <= question.p50 and taken.p95 <= question.p95 and ratio <= RATIO,
    )


async def _statements(dsn: str, question: Question) -> list[Statement]:
    """What finds its candidates and what they ask: the service sends the second only for what it has not seen yet."""
    request = question.decoded
    query = prefilter(Facts(request.patient, ON, request.policy), request.where)
    found = search("candidates", candidate_filters(query), where_filters(query))
    connection = await asyncpg.connect(dsn)
    numbers = await connection.fetchval(found.sql, *found.values)
    await connection.close()
    return [found, search("outlines", {}, numbers=numbers)]


async def _blocked(port: int) -> Row:
    """The longest that a request that costs nothing waits while the largest match is under way."""
    largest = questions()[-1]
    waits: list[float] = []
    clock = asyncio.get_running_loop().time
    async with Client(port) as asking, Client(port) as other:
        under_way = asyncio.create_task(asking.ask("/match", largest.request))
        while not under_way.done():
            began = clock()
            await other.ask("/health/live")
            waits.append(1000 * (clock() - began))
        await under_way
    waits.sort()
    typical, most = waits[len(waits) // 2], waits[-1]
    return Row(
        "others meanwhile: median, longest wait", f"{typical:.1f} / {most:.1f} ms", target=f"≤ {BLOCKED_MS:g} ms",
        is_met=most <= BLOCKED_MS,
    )  # fmt: skip
