"""Trials as they are stored, which is nearly as they are answered: their parts are JSON already."""

from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from service.schemas.criterion import Criterion
from service.schemas.issue import Issue
from service.schemas.page import TrialPage
from service.schemas.trial import Trial

trial_of = msgspec.json.Decoder(Trial).decode
"""What a stored document tells."""
_issues = msgspec.json.Decoder(tuple[Issue, ...])
_criteria = msgspec.json.Decoder(tuple[Criterion, ...])
_packed_criteria = msgspec.msgpack.Decoder(tuple[Criterion, ...])
_encoded = msgspec.json.Encoder().encode


class StoredTrial(Struct, frozen=True, kw_only=True):
    """The document is a JSON object, criteria and issues are arrays; `etag` changes with each of them."""

    nct_id: str
    etag: str
    document: bytes
    criteria_json: bytes
    issues_json: bytes

    @property
    def record(self) -> bytes:
        """All three as one object, without reading any of them."""
        parts = (self.document[:-1], b',"criteria":', self.criteria_json, b',"issues":', self.issues_json, b"}")
        return b"".join(parts)

    @property
    def trial(self) -> Trial:
        """The document, decoded."""
        return trial_of(self.document)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """As compiled."""
        return _criteria.decode(self.criteria_json)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What the validator found."""
        return _issues.decode(self.issues_json)


class StoredPage(Struct, frozen=True, kw_only=True):
    """Documents one after another, or the parts of them that were asked for."""

    documents: tuple[bytes, ...]
    next_page_token: str | None = None
    total_count: int | None = None

    @property
    def trials(self) -> tuple[Trial, ...]:
        """The documents, decoded."""
        return tuple(map(trial_of, self.documents))

    @property
    def answer(self) -> bytes:
        """A TrialPage, without reading any of them."""
        trials: Any = tuple(map(Raw, self.documents))
        return _encoded(TrialPage(trials=trials, next_page_token=self.next_page_token, total_count=self.total_count))


def projected(document: bytes, fields: tuple[str, ...]) -> bytes:
    """The document with only those members and its id; all of it when none is named."""
    return _encoded(_parts(frozenset(fields)).decode(document)) if fields else document


@lru_cache(maxsize=100)
def _parts(fields: frozenset[str]) -> "msgspec.json.Decoder[Struct]":
    """Reads over everything else, and leaves what it keeps as it is."""
    members = [name for name in Trial.__struct_encode_fields__ if name in fields and name != "nctId"]
    optional = [(name, Raw | UnsetType, UNSET) for name in members]
    return msgspec.json.Decoder(msgspec.defstruct("TrialParts", [("nctId", Raw), *optional]))


def criteria_of(stored: bytes) -> tuple[Criterion, ...]:
    """As a row has them."""
    return (_criteria if _is_json(stored) else _packed_criteria).decode(stored)


def criteria_json_of(stored: bytes) -> bytes:
    """As they are answered."""
    return stored if _is_json(stored) else _encoded(_packed_criteria.decode(stored))


def _is_json(stored: bytes) -> bool:
    """Rows that were stored by earlier versions hold MessagePack, where no array begins with this byte."""
    return stored.startswith(b"[")
