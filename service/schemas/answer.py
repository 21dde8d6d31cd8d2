"""What the service says of one record: as stored, as checked, as written."""

from enum import Enum
from typing import Annotated, Any

from msgspec import Meta, Struct

from service.schemas.criterion import Criterion
from service.schemas.issue import Issue
from service.schemas.report import Corpus, CorpusState
from service.schemas.trial import NctId, Trial


class TrialRecord(Trial, frozen=True, kw_only=True):
    """A trial with what its eligibility was compiled to and what the validator found."""

    criteria: tuple[Criterion, ...]
    issues: tuple[Issue, ...]


class SentTrial(Trial, frozen=True, kw_only=True):
    """A trial as it is sent. An answer may be sent back: its `criteria` and `issues` are ignored, and derived anew."""

    criteria: Any = None
    issues: Any = None

    @property
    def trial(self) -> Trial:
        """Without what is derived."""
        return Trial(**{name: getattr(self, name) for name in Trial.__struct_fields__})


class CheckedDocument(Struct, frozen=True, kw_only=True, rename="camel"):
    """A document as it was read: which format it is in, the trial in it, its criteria, and what looks wrong."""

    source: str
    trial: Trial
    criteria: tuple[Criterion, ...]
    issues: tuple[Issue, ...]


class WriteOutcome(Enum):
    """What writing a record did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class WrittenTrial(Struct, frozen=True, kw_only=True, rename="camel"):
    """A record that is stored now, and what the validator found in it."""

    nct_id: NctId
    outcome: WriteOutcome
    issues: tuple[Issue, ...]


class Health(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """`live`: the process answers; `ready`: so does the database, and `corpus` is what it holds."""

    status: Annotated[str, Meta(examples=["ready"])]
    version: str
    corpus: Corpus | None = None


class About(Struct, frozen=True, kw_only=True, rename="camel"):
    """All that decides an answer. `engine`: what reads and matches; `vocabulary`: the tables it reads by."""

    service: str
    engine: str
    vocabulary: str
    corpus: CorpusState
