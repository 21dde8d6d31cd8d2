"""Studies of a registry that speaks the API v2 of ClinicalTrials.gov, in pages, the least recently updated first."""

import asyncio
import re
from collections.abc import AsyncGenerator
from datetime import date
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from service.errors import RegistryRefused, RegistryUnavailable
from service.ingest.fetch import Fetcher

PAGE_SIZE = 1_000  # the most that the registry gives
ROLL_CALL = "NCTId,LastUpdatePostDate"
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
NCT_ID = re.compile(r"NCT([0-9]{8})", re.ASCII)


class Study(NamedTuple):
    """A study as it was sent; its number and the date of its last update where they can be read."""

    data: bytes
    nct: int | None
    updated: str | None


class Page(NamedTuple):
    """Some studies; `total` is how many the search found, told with its first page."""

    studies: tuple[Study, ...]
    token: str | None
    total: int | None
    newest: str | None


class Search(NamedTuple):
    """Studies last updated from one date to another, both included, or those with these ids.

    `fields` names what of them is wanted.
    """

    since: str | None = None
    until: str | None = None
    fields: str | None = None
    ids: tuple[str, ...] = ()

    def parameters(self, token: str | None) -> dict[str, str]:
        """As the registry takes them."""
        when = f"AREA[LastUpdatePostDate]RANGE[{self.since or 'MIN'},{self.until or 'MAX'}]"
        asked = {
            "format": "json",
            **({"filter.ids": ",".join(self.ids)} if self.ids else {"filter.advanced": when}),
            "sort": "LastUpdatePostDate:asc",
            "pageSize": str(PAGE_SIZE),
        }
        asked |= {"fields": self.fields} if self.fields else {}
        return asked | ({"pageToken": token} if token else {"countTotal": "true"})


async def pages(fetcher: Fetcher, search: Search) -> AsyncGenerator[Page, None]:
    """Every page. A token that is refused may be out of date: the search begins again at the date it has reached.

    Raises RegistryUnavailable and RegistryRefused.
    """
    token, reached = None, search.since
    while True:
        try:
            page = await _page(fetcher, search, token)
        except RegistryRefused:
            if token is None or reached == search.since:
                raise
            search, token = search._replace(since=reached), None
            continue
        yield page
        if page.token is None:
            return
        if page.token == token:
            raise RegistryUnavailable(f"the registry at {fetcher.address} leads from a page to itself")
        token, reached = page.token, page.newest or reached


async def looking_ahead(found: AsyncGenerator[Page, None]) -> AsyncGenerator[Page, None]:
    """The same pages; while one is worked on, the next is on its way."""
    coming = asyncio.ensure_future(anext(found, None))
    try:
        while (page := await coming) is not None:
            coming = asyncio.ensure_future(anext(found, None))
            yield page
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await found.aclose()


async def _page(fetcher: Fetcher, search: Search, token: str | None) -> Page:
    answer = await fetcher.studies(search.parameters(token))
    studies = tuple(study_in(bytes(raw)) for raw in answer.page.studies)
    # A date in the sender's own future would move the mark behind studies that are still to come.
    dates = [each.updated for each in studies if each.updated and each.updated <= (answer.sent_on or each.updated)]
    return Page(studies, answer.page.next_page_token, answer.page.total_count, max(dates, default=None))


class _Identification(Struct, frozen=True, rename="camel"):
    nct_id: Any = None


class _Posted(Struct, frozen=True):
    date: Any = None


class _Status(Struct, frozen=True, rename="camel"):
    last_update_post_date_struct: _Posted = _Posted()


class _Protocol(Struct, frozen=True, rename="camel"):
    identification_module: _Identification = _Identification()
    status_module: _Status = _Status()


class _Head(Struct, frozen=True, rename="camel"):
    protocol_section: _Protocol = _Protocol()


_head = msgspec.json.Decoder(_Head)


def study_in(data: bytes) -> Study:
    """What can be told of a study without reading it."""
    try:
        protocol = _head.decode(data).protocol_section
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Study(data, None, None)
    number = NCT_ID.fullmatch(str(protocol.identification_module.nct_id))
    return Study(
        data, int(number[1]) if number else None, _day(protocol.status_module.last_update_post_date_struct.date)
    )


def _day(told: object) -> str | None:
    """A whole date that there is: it is asked for again, and counted back from."""
    try:
        return date.fromisoformat(str(told)).isoformat() if DATE.fullmatch(str(told)) else None
    except ValueError:
        return None
