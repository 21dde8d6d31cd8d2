"""One requirement of a trial: its words, which way they count, and what they were compiled to."""

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.expression import Expression
from service.schemas.text import Span


class Polarity(Enum):
    """Whether a true sentence lets a patient in or keeps the patient out."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"

    __hash__ = object.__hash__  # as Truth


class Coverage(Enum):
    """How much of the text the expression covers; FULL means no `unparsed` leaf."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Criterion(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """`id` is stable for the same text in the same trial; `path` holds the heading lines above it.

    `span` marks `text` in the trial's eligibility text; None where the criterion is one of the registry's own fields
    (ids `registry.age`, `registry.sex`, `registry.volunteers`, `registry.condition`).
    """

    id: Annotated[str, Meta(max_length=60)]
    polarity: Polarity
    text: str
    expression: Expression
    coverage: Coverage
    span: Span | None = None
    path: tuple[str, ...] = ()
