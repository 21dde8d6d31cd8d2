"""Studies that were refused: kept with their reason, so that they are seen, and tried again by another engine."""

import base64
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from service.errors import Fault, InvalidPageToken
from service.schemas.quarantine import QuarantinedStudy, QuarantinePage, QuarantineQuery
from service.schemas.trial import nct_id_of
from service.store.packing import packed, unpacked
from service.store.pool import Pools, translated
from service.store.queries import QUERIES

FIRST = (1 << 63) - 1
SLICE = 100


class Refusal(NamedTuple):
    """A document that cannot be stored, by which engine, and why. `nct` and `updated` as far as it tells them."""

    nct: int | None
    updated: str | None
    source: str
    sha256: bytes
    engine: str
    code: str
    detail: str
    document: bytes


class QuarantineStore:
    """Every method raises DatabaseUnavailable or QueryTimedOut when the database fails it."""

    def __init__(self, pools: Pools) -> None:
        self._writes, self._reads = pools

    async def add(self, refusals: Sequence[Refusal]) -> None:
        """Quarantine documents; of one trial only the last is kept."""
        last = {each.nct if each.nct is not None else each.sha256: each for each in refusals}
        with translated():
            await self._writes.execute(QUERIES["quarantine"], *columns_of(last.values()))

    async def known(self, sha256s: Sequence[bytes], engine: str) -> frozenset[bytes]:
        """Which documents this engine has refused already."""
        return frozenset(found["sha256"] for found in await self._fetch("known_refusals", sha256s, engine))

    async def refused_by_others(self, engine: str) -> AsyncIterator[tuple[bytes, ...]]:
        """Documents that another engine refused, a slice at a time."""
        last = -1
        while rows := await self._fetch("refused_by_others", engine, last, SLICE):
            yield tuple(unpacked(found["document"]) for found in rows)
            last = rows[-1]["id"]

    async def forget(self, sha256s: Sequence[bytes]) -> None:
        """Documents that are stored after all."""
        with translated():
            await self._writes.execute(QUERIES["forget_refusals"], sha256s)

    async def page(self, query: QuarantineQuery) -> QuarantinePage:
        """What is quarantined, from the page token on. Raises InvalidPageToken."""
        before = FIRST if query.page_token is None else _id_in(query.page_token)
        with translated():
            rows = await self._reads.fetch(QUERIES["page_quarantine"], before, query.page_size + 1)
            total = await self._reads.fetchval(QUERIES["count_quarantine"]) if query.count_total else None
        shown = rows[: query.page_size]
        return QuarantinePage(
            studies=tuple(map(_study, shown)),
            next_page_token=_token_of(shown[-1]["id"]) if len(rows) > len(shown) else None,
            total_count=total,
        )

    async def _fetch(self, query: str, *arguments: object) -> list[Any]:
        with translated():
            return await self._writes.fetch(QUERIES[query], *arguments)


def columns_of(refusals: Iterable[Refusal]) -> Iterator[list[object]]:
    """As the query `quarantine` takes them."""
    return map(list, zip(*map(_row, refusals), strict=True))


def _row(refusal: Refusal) -> Refusal:
    """As the database takes it: NUL is no text to Postgres, and the document is packed."""
    detail = refusal.detail.replace("\x00", "\\u0000")
    return refusal._replace(detail=detail, document=packed(refusal.document))


def _study(found: Any) -> QuarantinedStudy:
    return QuarantinedStudy(
        source=found["source"],
        sha256=found["sha256"].hex(),
        code=found["code"],
        detail=found["detail"],
        quarantined_at=found["quarantined_at"],
        nct_id=None if found["nct"] is None else nct_id_of(found["nct"]),
        last_update_posted=found["updated"],
    )


def _token_of(number: int) -> str:
    return base64.urlsafe_b64encode(b"q%d" % number).rstrip(b"=").decode()


def _id_in(token: str) -> int:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except ValueError:
        text = ""
    digits = text.removeprefix("q")
    if text == digits or not (digits.isascii() and digits.isdigit() and int(digits) <= FIRST):
        detail = "use nextPageToken as it was answered, or leave it out to begin again"
        raise InvalidPageToken("the page token is not of this list", Fault(detail, parameter="pageToken"))
    return int(digits)
