"""Where a registry's studies arrive: known ones are passed on, the others examined, and stored or quarantined."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from msgspec import Struct

from service.errors import InvalidParameter
from service.ingest.engine import engine
from service.ingest.examine import SOURCE, Examined, examine, refused
from service.ingest.pipeline import BATCH, WORTH_STOCK_TAKING, WORTH_WORKERS
from service.ingest.storing import put_each
from service.ingest.walk import Study, study_in
from service.ingest.workers import WorkerProcesses, begin
from service.logs import log_event
from service.schemas.trial import nct_id_of
from service.store import Posted, PutOutcome, Refusal, Store, StoredForm


class Counts(Struct, kw_only=True):
    """How many studies came out each way; a study that came twice counts twice."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    quarantined: int = 0
    withdrawn: int = 0

    def add(self, outcome: str, count: int = 1) -> None:
        """So many more."""
        setattr(self, outcome, getattr(self, outcome) + count)


class Desk:
    """`passed_over` are studies of which something newer is stored already, whatever their own date says."""

    def __init__(self, store: Store, workers: int) -> None:
        self.counts = Counts()
        self.passed_over: set[Posted] = set()
        self._store, self._workers = store, workers
        self._engine = f"{engine()} {SOURCE}"
        self._executor: WorkerProcesses | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._executor is not None:
            self._executor.end()

    async def take(self, studies: Sequence[Study]) -> None:
        """Store or quarantine a page of studies, a batch in one transaction."""
        fresh = await self._unknown(studies)
        if len(fresh) >= WORTH_WORKERS and self._workers > 1 and self._executor is None:
            self._executor = WorkerProcesses(self._workers)
        work = [begin(self._executor, examine, batch, self._engine) for batch in _batches(fresh)]
        for examined in work:
            await self._settle(await examined)

    async def try_again(self) -> None:
        """Examine what another engine has refused."""
        async for documents in self._store.quarantine.refused_by_others(self._engine):
            examined = await asyncio.to_thread(examine, tuple(map(study_in, documents)), self._engine)
            stored = await self._settle(examined)
            await self._store.quarantine.forget([hashlib.sha256(study.data).digest() for study in stored])

    async def take_stock(self) -> None:
        """After many changes."""
        if self.counts.created + self.counts.updated >= WORTH_STOCK_TAKING:
            await self._store.trials.take_stock()

    async def _unknown(self, studies: Sequence[Study]) -> list[Study]:
        """Without those that this engine has stored or refused already."""
        sha256s = [hashlib.sha256(study.data).digest() for study in studies]
        stored = await self._store.trials.known(sha256s, self._engine)
        quarantined = await self._store.quarantine.known(sha256s, self._engine)
        self.counts.add("unchanged", sum(sha256 in stored for sha256 in sha256s))
        self.counts.add("quarantined", sum(sha256 in quarantined for sha256 in sha256s))
        known = stored.keys() | quarantined
        return [study for study, sha256 in zip(studies, sha256s, strict=True) if sha256 not in known]

    async def _settle(self, examined: Sequence[Examined]) -> list[Study]:
        """Store what can be, quarantine the rest; which were stored."""
        good = [(study, found) for study, found in examined if isinstance(found, StoredForm)]
        bad = [found for _, found in examined if isinstance(found, Refusal)]
        stored = await self._put(good, bad)
        if bad:
            await self._store.quarantine.add(bad)
            self.counts.add("quarantined", len(bad))
            for each in bad:
                log_event("quarantined", nct_id=each.nct and nct_id_of(each.nct), code=each.code)
        return stored

    async def _put(self, good: Sequence[tuple[Study, StoredForm]], bad: list[Refusal]) -> list[Study]:
        """Which were stored, or need not be; what the database refuses is added to the bad."""
        settled = []
        told = await put_each(self._store.trials, [form for _, form in good])
        for (study, _), outcome in zip(good, told, strict=True):
            if isinstance(outcome, InvalidParameter):
                bad.append(refused(study, self._engine, outcome.code, f"the database refuses it: {outcome}"))
                continue
            settled.append(study)
            self.counts.add(outcome.value)
            if outcome is PutOutcome.OLDER and study.nct is not None and study.updated:
                self.passed_over.add(Posted(study.nct, study.updated))
        return settled


def _batches(studies: Sequence[Study]) -> Iterator[Sequence[Study]]:
    return (studies[start : start + BATCH] for start in range(0, len(studies), BATCH))
