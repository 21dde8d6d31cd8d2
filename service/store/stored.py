"""A trial as it is stored, which is nearly as it is answered: its parts are JSON already."""

import msgspec
from msgspec import Struct

from service.schemas.criterion import Criterion
from service.schemas.issue import Issue
from service.schemas.trial import Trial

_trial = msgspec.json.Decoder(Trial)
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
        return _trial.decode(self.document)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """As compiled."""
        return _criteria.decode(self.criteria_json)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What the validator found."""
        return _issues.decode(self.issues_json)


def criteria_of(stored: bytes) -> tuple[Criterion, ...]:
    """As a row has them."""
    return (_criteria if _is_json(stored) else _packed_criteria).decode(stored)


def criteria_json_of(stored: bytes) -> bytes:
    """As they are answered."""
    return stored if _is_json(stored) else _encoded(_packed_criteria.decode(stored))


def _is_json(stored: bytes) -> bool:
    """Rows that were stored by earlier versions hold MessagePack, where no array begins with this byte."""
    return stored.startswith(b"[")
