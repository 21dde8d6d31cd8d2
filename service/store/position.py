"""Where a page of a search ended, and page tokens that only fit the search they were given for."""

import base64
import hashlib
import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from service.errors import Fault, InvalidPageToken
from service.schemas.query import Sort, TrialQuery

_packed = msgspec.msgpack.Encoder()
LAST_NCT = 100_000_000
LAST_KEY = "~"
KEY = re.compile(r"([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|~)?", re.ASCII)
UNRANKED = -1.0


class Position(Struct, frozen=True, array_like=True):
    """The last trial's number and what it was sorted by; `search` tells searches apart.

    `floor_key` and `floor_nct` are the last ranked hit of a search by relevance; behind it, `score` is UNRANKED.
    """

    search: bytes
    nct: int
    key: str = ""
    score: float = math.inf
    floor_key: str = ""
    floor_nct: int = -1

    def after(self, last: Mapping[str, Any]) -> "Position":
        """The position behind a trial."""
        reached = {name: last[name] for name in ("nct", "key", "score") if name in last}
        return msgspec.structs.replace(self, **reached)


class Order(NamedTuple):
    """The query that reads one sort, the members of Position it takes, and number and key before the first trial."""

    query: str
    takes: tuple[str, ...]
    nct: int
    key: str = ""


BY_DATE = ("key", "nct")
ORDERS = {
    Sort.NCT_ID: Order("page_nct", ("nct",), -1),
    Sort.NCT_ID_DESC: Order("page_nct_desc", ("nct",), LAST_NCT),
    Sort.UPDATED: Order("page_updated", BY_DATE, -1),
    Sort.UPDATED_DESC: Order("page_updated_desc", BY_DATE, LAST_NCT, LAST_KEY),
    Sort.START: Order("page_start", BY_DATE, -1),
    Sort.START_DESC: Order("page_start_desc", BY_DATE, LAST_NCT, LAST_KEY),
    Sort.RELEVANCE: Order("page_ranked", ("score", *BY_DATE), LAST_NCT, LAST_KEY),
}


def sort_of(query: TrialQuery) -> Sort:
    """The order asked for; relevance needs words to be relevant to."""
    asked = query.sort or Sort.RELEVANCE
    return Sort.NCT_ID if asked is Sort.RELEVANCE and not query.q else asked


def fingerprint(query: TrialQuery) -> bytes:
    """What a page token must agree with: everything that decides which trials come, and in what order."""
    asked = msgspec.structs.replace(
        query, page_token=None, page_size=1, count_total=False, fields=(), sort=sort_of(query)
    )
    return hashlib.blake2b(_packed.encode(asked), digest_size=8).digest()


def token_of(position: Position) -> str:
    """A position as it travels in a URL."""
    return base64.urlsafe_b64encode(_packed.encode(position)).rstrip(b"=").decode()


def position_of(query: TrialQuery) -> Position:
    """Where the page asked for begins. Raises InvalidPageToken."""
    token, search = query.page_token, fingerprint(query)
    if token is None:
        order = ORDERS[sort_of(query)]
        return Position(search, order.nct, order.key)
    try:
        position = msgspec.msgpack.decode(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), type=Position)
    except ValueError:
        position = None
    if position is None or position.search != search or not _is_sane(position):
        detail = "use nextPageToken as it was answered, with the same parameters, or leave it out to begin again"
        raise InvalidPageToken("the page token is not of this search", Fault(detail, parameter="pageToken"))
    return position


def _is_sane(position: Position) -> bool:
    """Whether the database can take it: tokens are not signed."""
    in_range = -1 <= position.nct <= LAST_NCT and -1 <= position.floor_nct <= LAST_NCT
    are_dates = KEY.fullmatch(position.key) and KEY.fullmatch(position.floor_key)
    return in_range and are_dates is not None and not math.isnan(position.score)
