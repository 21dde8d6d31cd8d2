"""Earlier versions of trials: kept by a trigger whenever a record changes, packed here, unpacked when asked for."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

import asyncpg
from msgspec.structs import replace

from service.errors import TrialNotFound, VersionNotFound
from service.schemas.trial import OverallStatus, Trial, number_of
from service.schemas.version import TrialVersion, TrialVersions
from service.store.packing import packed, unpacked
from service.store.pool import Connection, translated
from service.store.queries import QUERIES
from service.store.stored import trial_of


class VersionStore:
    """Every method raises DatabaseUnavailable or QueryTimedOut when the database fails it, and TrialNotFound."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def list(self, nct_id: str) -> TrialVersions:
        """Every version, the current one first."""
        with translated():
            rows = await self._pool.fetch(QUERIES["versions"], number_of(nct_id))
        if not rows:
            raise TrialNotFound(nct_id)
        return TrialVersions(nct_id=nct_id, versions=tuple(map(_version, rows)))

    async def get(self, nct_id: str, version: int) -> Trial:
        """The record as it was in one version. Raises VersionNotFound."""
        with translated():
            rows = await self._pool.fetch(QUERIES["version_documents"], number_of(nct_id), version)
        if not rows:
            raise TrialNotFound(nct_id)
        if rows[-1]["version"] != version:
            raise VersionNotFound(nct_id, version)
        *_, last = _unpacked(rows)
        return trial_of(last.document)


class Kept(NamedTuple):
    """A version that the trigger kept: the document as it was, and that of the version before it."""

    version: int
    is_packed: bool
    document: bytes
    before: bytes


async def pack(connection: Connection, documents: Mapping[int, bytes]) -> None:
    """Pack what the trigger has just kept, given the new documents by their trials' numbers.

    What differs from the new one in its provenance alone is no version: the same record was read again.
    """
    rows = await connection.fetch(QUERIES["kept_versions"], list(documents))
    packs: list[tuple[int, int, bytes]] = []
    repeated: list[tuple[int, int]] = []
    for trial, versions in groupby(rows, key=lambda row: int(row["trial"])):
        *earlier, last = _unpacked(versions)
        if _content(last.document) == _content(documents[trial]):
            repeated.append((trial, last.version))
        else:
            earlier.append(last)
        packs += [(trial, each.version, packed(each.document, each.before)) for each in earlier if not each.is_packed]
    if repeated:
        await connection.execute(QUERIES["forget_versions"], *map(list, zip(*repeated, strict=True)))
    if packs:
        await connection.execute(QUERIES["pack_versions"], *map(list, zip(*packs, strict=True)))


def _unpacked(rows: Any) -> Iterator[Kept]:
    """Versions of one trial from the first on, each unpacked against the one before."""
    before = b""
    for row in rows:
        document: bytes = unpacked(row["document"], before) if row["packed"] else row["document"]
        yield Kept(row["version"], row["packed"], document, before)
        before = document


def _content(document: bytes) -> Trial:
    return replace(trial_of(document), provenance=None)


def _version(row: Any) -> TrialVersion:
    return TrialVersion(
        version=row["version"],
        current=row["current"],
        stored_at=row["stored_at"],
        last_update_posted=row["updated"],
        overall_status=OverallStatus(row["overall_status"]) if row["overall_status"] else None,
        source_sha256=row["source_sha256"].hex() if row["source_sha256"] else None,
    )
