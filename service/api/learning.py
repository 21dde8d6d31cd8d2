"""What trials ask, read into memory: by the first match that meets them, or before, while nobody asks for anything."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import numpy as np

from service.api.gate.lanes import Lane
from service.api.turns import Turn, nobody_asks
from service.errors import ServiceError
from service.logs import log_event
from service.match import Known, Memory, Numbers
from service.schemas.report import TrialFilter
from service.store import Snapshot, TrialStore

SLICE = 500  # trials that are looked at together: together they cost less, and a fraction of a turn
IN_A_PAUSE = 100  # trials that are learnt before it is looked whether somebody asks
LEARNT = 20  # trials whose criteria are fetched at once
PATIENCE_S = 30  # until a database that failed is asked again
LEAVE_S = 2  # to give back its connection; a database that hangs is not waited for


def slices(numbers: Sequence[int]) -> Iterator[Numbers]:
    """Trials that are looked at together."""
    whole = np.array(numbers, np.int32)
    return (whole[start : start + SLICE] for start in range(0, len(whole), SLICE))


async def learn(
    known: Known, numbers: Numbers, registry: Snapshot, turn: Turn, where: TrialFilter | None = None
) -> None:
    """What trials ask, as far as it is not known; of those that a caller's filter leaves out only the outlines."""
    if unknown := known.outlines.unknown(numbers).tolist():
        for outline in await registry.outlines(unknown):
            known.outlines.note(outline)
            await turn.is_over()
    unlearnt = known.unlearnt(numbers, where)
    for start in range(0, len(unlearnt), LEARNT):
        for number, criteria in (await registry.criteria(unlearnt[start : start + LEARNT])).items():
            known.learn(number, criteria)
            await turn.is_over()


@asynccontextmanager
async def learning(trials: TrialStore, memory: Memory, lanes: Sequence[Lane]) -> AsyncIterator[None]:
    """Meanwhile the whole registry is learnt, once. What is stored later, the matches learn that meet it."""
    task = asyncio.create_task(_learn_all(trials, memory, lanes))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=LEAVE_S)


async def _learn_all(trials: TrialStore, memory: Memory, lanes: Sequence[Lane]) -> None:
    """A few trials in each pause; in between no connection is held that a match may wait for."""
    last: int | None = -1
    while last is not None and memory.has_room:
        await nobody_asks(lanes)
        try:
            last = await _learn_next(trials, memory, last)
        except ServiceError:
            await asyncio.sleep(PATIENCE_S)
        except Exception as error:  # noqa: BLE001 – matches do without, and whoever meets the trial is told
            log_event("what trials ask cannot be learnt beforehand", error=type(error).__qualname__)
            return


async def _learn_next(trials: TrialStore, memory: Memory, last: int) -> int | None:
    """The last trial that was learnt; None where there are no more."""
    async with trials.snapshot() as registry:
        numbers = await registry.numbers_after(last, IN_A_PAUSE)
        if not numbers:
            return None
        await learn(memory.of(registry.corpus.version), np.array(numbers, np.int32), registry, Turn())
        return numbers[-1]
