"""A TrialQuery as the parameters of sql/search.sql, and page tokens that only fit the query they were given for."""

import base64
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from service.errors import Fault, InvalidPageToken
from service.schemas.envelope import CandidateQuery
from service.schemas.query import Sort, TrialQuery
from service.schemas.report import Near, TrialFilter
from service.store.reach import keys_meant
from service.store.row import number_of

RANKED_HITS = 2_000
_packed = msgspec.msgpack.Encoder()


class Position(Struct, frozen=True, array_like=True):
    """Where a page ended: the last trial's number and what it was sorted by.

    `floor_key` and `floor_nct` are the last ranked hit of a search by relevance, `query` tells queries apart.
    """

    query: bytes
    nct: int
    key: str = ""
    score: float = 0.0
    floor_key: str = ""
    floor_nct: int = -1


class Order(NamedTuple):
    """How one sort is read: its query, the members of Position it takes, and the position before the first trial."""

    query: str
    takes: tuple[str, ...]
    start: Position


LAST_NCT = 100_000_000
LAST_KEY = "~"
ORDERS: dict[Sort, Order] = {
    Sort.NCT_ID: Order("page_nct", ("nct",), Position(b"", -1)),
    Sort.NCT_ID_DESC: Order("page_nct_desc", ("nct",), Position(b"", LAST_NCT)),
    Sort.UPDATED: Order("page_updated", ("key", "nct"), Position(b"", -1)),
    Sort.UPDATED_DESC: Order("page_updated_desc", ("key", "nct"), Position(b"", LAST_NCT, LAST_KEY)),
    Sort.START: Order("page_start", ("key", "nct"), Position(b"", -1)),
    Sort.START_DESC: Order("page_start_desc", ("key", "nct"), Position(b"", LAST_NCT, LAST_KEY)),
    Sort.RELEVANCE: Order(
        "page_relevance", ("score", "key", "nct", "floor_key", "floor_nct"), Position(b"", LAST_NCT, LAST_KEY, math.inf)
    ),
}


def order_of(query: TrialQuery) -> Sort:
    """The order asked for; relevance needs words to be relevant to."""
    asked = query.sort or Sort.RELEVANCE
    return Sort.NCT_ID if asked is Sort.RELEVANCE and not query.q else asked


def filter_arguments(query: TrialQuery) -> tuple[object, ...]:
    """$1 to $17 of the fragment `asked`."""
    near = query.near
    return (
        either(query.q),
        sorted(keys_meant(query.condition)), either(query.condition),
        sorted(keys_meant(query.intervention)), either(query.intervention),
        _values(query.status), _values(query.phase), _values(query.study_type), _values(query.sex),
        None if query.age is None else math.ceil(query.age * 365.25),
        [country.lower() for country in query.country] or None,
        *((round(near.lat, 9), round(near.lon, 9), near.km) if near else (None, None, None)),  # no underflow in sines
        either(query.sponsor),
        query.updated_since.isoformat() if query.updated_since else None,
        [number_of(nct_id) for nct_id in query.ids] or None,
    )  # fmt: skip


def either(values: Iterable[str]) -> str | None:
    """Several searches as one in the words of websearch_to_tsquery; a quotation left open is closed."""
    closed = (value if value.count('"') % 2 == 0 else f'{value}"' for value in values)
    return " or ".join(closed) or None


def _values(members: Iterable[object]) -> list[object] | None:
    return [member.value for member in members] or None  # type: ignore[attr-defined]  # every one is an Enum


def fingerprint(query: TrialQuery) -> bytes:
    """What a page token must agree with: everything that decides which trials come, and in what order."""
    asked = msgspec.structs.replace(
        query, page_token=None, page_size=1, count_total=False, fields=(), sort=order_of(query)
    )
    return hashlib.blake2b(_packed.encode(asked), digest_size=8).digest()


def token_of(position: Position) -> str:
    """A position as it travels in a URL."""
    return base64.urlsafe_b64encode(_packed.encode(position)).rstrip(b"=").decode()


def position_of(query: TrialQuery) -> Position:
    """Where the page asked for begins. Raises InvalidPageToken."""
    if query.page_token is None:
        return msgspec.structs.replace(ORDERS[order_of(query)].start, query=fingerprint(query))
    token = query.page_token
    try:
        position = msgspec.msgpack.decode(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), type=Position)
    except ValueError:
        position = None
    if position is None or position.query != fingerprint(query) or not _is_sane(position):
        detail = "use nextPageToken as it was answered, with the same parameters, or leave it out to begin again"
        raise InvalidPageToken("the page token is not of this search", Fault(detail, parameter="pageToken"))
    return position


def with_floor(position: Position, ranked: Sequence[Mapping[str, Any]]) -> Position:
    """The position with the last ranked hit, where more hits than that were found."""
    if not ranked:
        return position
    return msgspec.structs.replace(position, floor_key=ranked[0]["key"], floor_nct=ranked[0]["nct"])


def after(position: Position, last: Mapping[str, Any]) -> Position:
    """The position behind the last trial of a page."""
    return msgspec.structs.replace(position, **{name: last[name] for name in ("nct", "key", "score") if name in last})


def candidate_arguments(query: CandidateQuery) -> tuple[object, ...]:
    """Parameters of the query `candidates`. Conditions of `where` came as keys, in `within`."""
    where = query.where or TrialFilter()
    asked = TrialQuery(
        status=_tuple(where.status), phase=_tuple(where.phase),
        country=_tuple(where.country), ids=_tuple(where.nct_ids),
        near=Near.of(where.near) if isinstance(where.near, str) else where.near,
    )  # fmt: skip
    return (
        *filter_arguments(asked),
        asked != TrialQuery(),
        query.age_low_days,
        query.age_high_days,
        query.sex.value if query.sex else None,
        None if query.keys is None else sorted(query.keys),
        None if query.within is None else sorted(query.within),
    )


def _tuple(values: Any) -> tuple[Any, ...]:
    return values if isinstance(values, tuple) else (values,)


def _is_sane(position: Position) -> bool:
    """Whether the database can take it: tokens are not signed."""
    numbers, texts = (position.nct, position.floor_nct), position.key + position.floor_key
    return (
        all(-1 <= number <= LAST_NCT for number in numbers) and texts.isprintable() and not math.isnan(position.score)
    )
