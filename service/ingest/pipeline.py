"""Documents into the registry: read, compiled and validated each by itself, stored many at a time."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from service.criteria import compile_trial
from service.errors import InvalidParameter, ServiceError
from service.ingest.documents import Document, documents
from service.ingest.engine import engine
from service.ingest.storing import put_each
from service.ingest.workers import WorkerProcesses, begin, in_order
from service.schemas.trial import Trial, nct_id_of
from service.sources import read
from service.store import Entry, PutOutcome, StoredForm, TrialStore, stored_form
from service.validate import validate

BATCH = 50
AHEAD = 4  # batches under way for each worker: some of them are known already, and wait only for their turn
WORTH_WORKERS = 100
WORTH_STOCK_TAKING = 1_000


class RecordResult(NamedTuple):
    """What became of one document: an outcome, or an error. `offset` as in the document."""

    path: str
    place: str
    nct_id: str | None = None
    outcome: PutOutcome | None = None
    error: str | None = None
    offset: int = 0


class IngestReport(Struct, frozen=True, kw_only=True):
    """How many trials came out each way, and the documents that could not be used."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    errors: tuple[RecordResult, ...] = ()

    @property
    def documents(self) -> int:
        """All that were looked at."""
        return self.created + self.updated + self.unchanged + self.older + len(self.errors)


class Prepared(NamedTuple):
    """A document ready to be stored, or known to be stored already, or why it cannot be."""

    path: str
    place: str
    form: StoredForm | None = None
    known_as: str | None = None
    error: str | None = None
    offset: int = 0


class Reader(NamedTuple):
    """How documents are read: by which source, and by which engine, so that it need not read one twice."""

    source: str | None
    engine: str | None = None


async def ingest(
    trials: TrialStore,
    paths: Iterable[str | Path],
    source: str | None = None,
    workers: int = 2,
    note: Callable[[RecordResult], None] = lambda _: None,
) -> IngestReport:
    """Store every document under the paths; `note` is told of each. A bad one is reported and never stops the rest."""
    counts: Counter[PutOutcome] = Counter()
    errors: list[RecordResult] = []
    reader = Reader(source, f"{engine()} {source or 'sniffed'}")
    async with aclosing(_prepared(trials, documents(paths), reader, workers)) as prepared:
        async for batch in prepared:
            for result in await _store(trials, batch):
                note(result)
                if result.outcome is None:
                    errors.append(result)
                else:
                    counts[result.outcome] += 1
    if counts[PutOutcome.CREATED] + counts[PutOutcome.UPDATED] >= WORTH_STOCK_TAKING:
        await trials.take_stock()
    return IngestReport(**{outcome.value: counts[outcome] for outcome in PutOutcome}, errors=tuple(errors))


def form_of(trial: Trial, read_by: str | None = None) -> StoredForm:
    """A trial compiled and validated, as it is stored."""
    criteria = compile_trial(trial)
    return stored_form(Entry(trial=trial, criteria=criteria, issues=validate(trial, criteria), engine=read_by))


def prepare(batch: Sequence[Document], reader: Reader) -> list[Prepared]:
    """Each document by itself; runs in a worker process."""
    return [_prepare(document, reader) for document in batch]


def _prepare(document: Document, reader: Reader) -> Prepared:
    path, place = document.path, document.place
    if document.error is not None:
        return Prepared(path, place, error=document.error)
    try:
        return Prepared(path, place, form_of(read(document.data, reader.source), reader.engine))
    except ServiceError as error:
        return Prepared(path, place, error=str(error))
    except Exception as error:  # noqa: BLE001 – a fault of ours in one document must not cost the others
        return Prepared(path, place, error=f"could not be compiled: {type(error).__name__}: {error}")


async def _prepared(
    trials: TrialStore, found: Iterator[Document], reader: Reader, workers: int
) -> AsyncGenerator[list[Prepared], None]:
    """Batches in the order of the documents; many documents are shared out to worker processes."""
    first = await asyncio.to_thread(lambda: list(islice(found, WORTH_WORKERS)))
    many = workers > 1 and len(first) == WORTH_WORKERS
    with WorkerProcesses(workers) if many else nullcontext(None) as executor:

        async def begun() -> AsyncIterator[Awaitable[list[Prepared]]]:
            batches = _batches(chain(first, found))
            while (batch := await asyncio.to_thread(next, batches, None)) is not None:
                yield _looked_at(trials, batch, reader, executor)

        async with aclosing(in_order(begun(), AHEAD * workers)) as done:
            async for batch in done:
                yield batch


async def _looked_at(
    trials: TrialStore, batch: list[Document], reader: Reader, executor: WorkerProcesses | None
) -> list[Prepared]:
    """A batch, of which only what this engine does not know yet is work."""
    sha256s = [hashlib.sha256(document.data).digest() for document in batch]
    known = await trials.known(sha256s, reader.engine or "")
    fresh = [document for document, sha256 in zip(batch, sha256s, strict=True) if sha256 not in known]
    done = iter(await begin(executor, prepare, fresh, reader) if fresh else ())
    return [
        Prepared(document.path, document.place, known_as=known[sha256], offset=document.offset)
        if sha256 in known
        else next(done)._replace(offset=document.offset)
        for document, sha256 in zip(batch, sha256s, strict=True)
    ]


def _batches(found: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(found, BATCH)):
        yield batch


async def _store(trials: TrialStore, batch: Sequence[Prepared]) -> list[RecordResult]:
    told = iter(await put_each(trials, [each.form for each in batch if each.form is not None]))
    return [_stored(each, next(told)) if each.form else _passed(each) for each in batch]


def _stored(prepared: Prepared, told: PutOutcome | InvalidParameter) -> RecordResult:
    path, place, form, *_, offset = prepared
    if isinstance(told, InvalidParameter):
        return RecordResult(path, place, error=f"the database refuses it: {told}", offset=offset)
    assert form is not None
    return RecordResult(path, place, nct_id_of(form.row.nct), told, offset=offset)


def _passed(prepared: Prepared) -> RecordResult:
    """What is known already, or cannot be stored."""
    path, place, _, known_as, error, offset = prepared
    return RecordResult(path, place, known_as, PutOutcome.UNCHANGED if known_as else None, error, offset)
