"""Stored criteria read anew after an upgrade, a batch in a transaction, while the service answers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, nullcontext
from typing import NamedTuple

from service.criteria import COMPILER_VERSION
from service.ingest.pipeline import BATCH, WORTH_WORKERS, form_of
from service.ingest.workers import WorkerProcesses, begin, in_order
from service.schemas.trial import Trial
from service.store import PutOutcome, Stale, StoredForm, TrialStore


class _Read(NamedTuple):
    """Trials as they were stored, and what this compiler makes of them."""

    stale: Sequence[Stale]
    forms: Sequence[StoredForm]


async def recompile(trials: TrialStore, workers: int = 1, note: Callable[[int], None] = lambda _: None) -> int:
    """Read again the criteria that another version of the compiler has read; how many trials that changed.

    `note` is told of each batch how many trials were looked at. Stopped at any moment, the next run goes on from there.
    """
    changed = 0
    many = workers > 1 and await trials.count_read_by_others(COMPILER_VERSION) >= WORTH_WORKERS
    with WorkerProcesses(workers) if many else nullcontext(None) as executor:

        async def begun() -> AsyncIterator[Awaitable[_Read]]:
            async for stale in trials.read_by_others(COMPILER_VERSION, BATCH):
                documents = [each.trial for each in stale]
                yield _with_forms(stale, begin(executor, forms_of, documents))

        async with aclosing(in_order(begun(), workers + 1)) as done:
            async for stale, forms in done:
                outcomes = await trials.put_anew(forms, [each.digest for each in stale])
                changed += outcomes.count(PutOutcome.UPDATED)
                note(len(stale))
    return changed


def forms_of(trials: Sequence[Trial]) -> list[StoredForm]:
    """Each by itself; runs in a worker process."""
    return [form_of(trial) for trial in trials]


async def _with_forms(stale: Sequence[Stale], work: Awaitable[Sequence[StoredForm]]) -> _Read:
    return _Read(stale, await work)
