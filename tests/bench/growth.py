"""What a match costs as the registry grows: it should follow the candidates, not the corpus."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from service.schemas.report import Counts
from service.settings import Settings
from service.store.embedded import Lease
from tests.api.process import serving
from tests.bench.http import Client, latency
from tests.bench.load import made_sure_of
from tests.bench.patient import questions
from tests.bench.reads import some_ids
from tests.bench.table import Row

FIXED = 50
"""Trials that one question is narrowed to, in a registry of any size."""


class _Report(msgspec.Struct):
    counts: Counts


class _Question(NamedTuple):
    name: str
    request: bytes


def growth(corpora: Iterable[tuple[int, Settings]]) -> Iterator[Row]:
    """A row a corpus and question; what is not there yet is loaded."""
    for trials, settings in corpora:
        settings.data_dir.mkdir(exist_ok=True, mode=0o755)
        with Lease(settings.data_dir, settings.pgbin, settings.start_timeout_s):
            made_sure_of(settings, trials)
            with serving(settings) as process:
                yield from asyncio.run(_measured(process.port, trials))


async def _measured(port: int, trials: int) -> list[Row]:
    async with Client(port) as client:
        return [
            await _row(client, trials, question) for question in _questions(await some_ids(port, "condition=cancer"))
        ]


def _questions(ids: Sequence[str]) -> tuple[_Question, ...]:
    """Some trials of any condition, then the condition of few and that of many."""
    few, many = (next(each for each in questions() if part in each.name) for part in ("leukaemia", "malignant"))
    asked = msgspec.json.decode(many.request)
    narrowed = msgspec.json.encode({**asked, "where": {"nctIds": ids[:FIXED]}})
    return (
        _Question(f"malignant tumor, {FIXED} trials named", narrowed),
        _Question(few.name, few.request),
        _Question("malignant tumor", many.request),
    )


async def _row(client: Client, trials: int, question: _Question) -> Row:
    ask = partial(client.ask, "/match", question.request)
    candidates = msgspec.json.decode((await ask()).body, type=_Report).counts.candidates
    taken = await latency(ask, seconds=2)
    return Row(
        f"of {trials:,} trials, match: {question.name}",
        f"{taken.p50:.1f} / {taken.p95:.1f} ms",
        f"{candidates:,} candidates",
        f"{taken.p50 / max(candidates, 1):.2f} ms each",
    )
