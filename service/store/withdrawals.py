"""Trials taken out because the registry they came from no longer has them: kept in quarantine, with the reason."""

import hashlib
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from service.store.pool import translated
from service.store.quarantine import Refusal, columns_of
from service.store.queries import QUERIES

SLICE = 100
WITHDRAWN = "withdrawn"


class _Provenance(Struct, frozen=True):
    source: str | None = None


class _Document(Struct, frozen=True):
    provenance: _Provenance | None = None


_document = msgspec.json.Decoder(_Document)


class WithdrawalStore:
    """Every method raises DatabaseUnavailable or QueryTimedOut when the database fails it."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def unlisted(self, listed: Collection[int], source: str) -> AsyncIterator[tuple[int, ...]]:
        """Numbers of stored trials that are not listed and were read from that source, a slice at a time."""
        with translated():
            rows = await self._pool.fetch(QUERIES["unlisted"], list(listed))
        numbers = [found["nct"] for found in rows]
        for start in range(0, len(numbers), SLICE):
            with translated():
                part = await self._pool.fetch(QUERIES["documents"], numbers[start : start + SLICE])
            if theirs := tuple(found["nct"] for found in part if _source_of(found["document"]) == source):
                yield theirs

    async def withdraw(self, numbers: Sequence[int], source: str, detail: str) -> None:
        """Take trials out, earlier versions and all; their last documents go to the quarantine."""
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                rows = await connection.fetch(QUERIES["withdraw"], numbers)
                if rows:
                    kept = (_refusal(found, source, detail) for found in rows)
                    await connection.execute(QUERIES["quarantine"], *columns_of(kept))
                    await connection.execute(QUERIES["note_change"], -len(rows))


def _source_of(document: bytes) -> str | None:
    provenance = _document.decode(document).provenance
    return provenance.source if provenance else None


def _refusal(found: Any, source: str, detail: str) -> Refusal:
    """No engine is named: none shall try it again."""
    document: bytes = found["document"]
    digest = hashlib.sha256(document).digest()
    return Refusal(found["nct"], found["updated"], source, digest, WITHDRAWN, WITHDRAWN, detail, document)
