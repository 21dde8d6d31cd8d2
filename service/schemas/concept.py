"""The vocabulary as it is shown: what a name may mean, and all that is known of one meaning."""

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.coding import Coding
from service.schemas.report import Name

SUGGESTIONS = 20


class ConceptKind(Enum):
    """What a concept is."""

    __hash__ = object.__hash__  # Enum's own hashes the name anew each time it is looked for in a set

    # In the order of their numbers in the packed vocabulary: new ones go last.
    DISEASE = "disease"
    FINDING = "finding"
    DRUG = "drug"
    DRUG_CLASS = "drug_class"
    PROCEDURE = "procedure"
    ORGANISM = "organism"
    ANTIGEN = "antigen"
    OTHER = "other"


class ConceptQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What somebody has typed of a name so far, or a code."""

    q: Annotated[Name, Meta(description="beginning of a name, words of it, or a code", examples=["acute lymph"])]
    kind: Annotated[
        tuple[ConceptKind, ...], Meta(max_length=8, description="only these kinds", examples=[["disease"]])
    ] = ()
    page_size: Annotated[int, Meta(ge=1, le=100, description="at most this many concepts")] = SUGGESTIONS


class ConceptBrief(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """`id` carries its source: `MESH:D054198`, `MONDO:0004963`, `HGNC:1695`, `ELIGO:car-t`."""

    id: Annotated[str, Meta(examples=["MESH:D054198"])]
    name: str
    kind: ConceptKind


class ConceptHit(ConceptBrief, frozen=True, kw_only=True):
    """A concept found; `matched` is the name or code that was found, where that is not its preferred name."""

    matched: str | None = None


class ConceptPage(Struct, frozen=True, kw_only=True, rename="camel"):
    """The best first."""

    concepts: tuple[ConceptHit, ...]


class ConceptRecord(ConceptBrief, frozen=True, kw_only=True, omit_defaults=False):
    """A concept and its neighbours.

    `synonyms` are names that are recognised as it, in the vocabulary's spelling. `codes` are the shortest of those that
    mean it, at most 200. `ancestors` are every broader concept, the nearest first. `trials` counts the stored trials
    that name it, and no narrower concept, as a condition or an intervention.
    """

    synonyms: tuple[str, ...]
    codes: tuple[Coding, ...]
    parents: tuple[ConceptBrief, ...]
    ancestors: tuple[ConceptBrief, ...]
    trials: int
