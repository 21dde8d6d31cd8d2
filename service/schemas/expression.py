"""The compiled form of a criterion's sentence: a tree of connectives over typed leaves.

An expression says when the sentence is true; whether that lets a patient in is the criterion's polarity.
Every node is immutable; every leaf marks the words it was read from.
"""

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.patient import Sex
from service.schemas.quantity import Quantity, Range
from service.schemas.text import Span

ConceptId = Annotated[str, Meta(max_length=60, description="id in the vocabulary", examples=["MESH:D015470"])]
Duration = Quantity


class Node(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Wire form of every node."""


class AllOf(Node, frozen=True, tag="all"):
    """Every one of `of`."""

    of: "tuple[Expression, ...]"


class AnyOf(Node, frozen=True, tag="any"):
    """At least one of `of`."""

    of: "tuple[Expression, ...]"


class Not(Node, frozen=True, tag="not"):
    """The contrary."""

    of: "Expression"


class AtLeast(Node, frozen=True, tag="at_least"):
    """`n` or more of `of`."""

    n: Annotated[int, Meta(ge=1)]
    of: "tuple[Expression, ...]"


class If(Node, frozen=True, tag="if"):
    """`then` where `when` holds; elsewhere `otherwise`, or nothing is asked."""

    when: "Expression"
    then: "Expression"
    otherwise: "Expression | None" = None


class Window(Node, frozen=True):
    """A span of time around a reference event such as `screening`, `first_dose` or `enrollment`.

    `within`: at most that long ago; `at_least`: at least that long ago, or for that long.
    `before` names the event the time is counted back from, `after` the one it is counted on from.
    """

    within: Duration | None = None
    at_least: Duration | None = None
    before: str | None = None
    after: str | None = None


class Limit(Enum):
    """Which reference limit of the laboratory a range multiplies; NORMAL is the reference range itself."""

    ULN = "uln"
    LLN = "lln"
    NORMAL = "normal"


class BiomarkerResult(Enum):
    """What the test found."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    MUTATED = "mutated"
    WILD_TYPE = "wild_type"
    NORMAL = "normal"
    ABNORMAL = "abnormal"


class Timing(Enum):
    """When the treatment is or was given."""

    PRIOR = "prior"
    CURRENT = "current"
    PLANNED = "planned"
    ANY = "any"


class TreatmentOutcome(Enum):
    """What came of it."""

    FAILED = "failed"
    RESPONDED = "responded"
    INTOLERANT = "intolerant"


class PregnancyState(Enum):
    """What is asked about."""

    PREGNANT = "pregnant"
    BREASTFEEDING = "breastfeeding"
    CHILDBEARING_POTENTIAL = "childbearing_potential"


class TobaccoUse(Enum):
    """EVER is current or former."""

    CURRENT = "current"
    FORMER = "former"
    NEVER = "never"
    EVER = "ever"


class Leaf(Node, frozen=True):
    """`span` marks the words in the criterion's text; None for a criterion taken from a registry field."""

    span: Span | None = None


class Age(Leaf, frozen=True, kw_only=True, tag="age"):
    """Age at the date of the match; `range.unit` is `a`, `mo`, `wk`, `d` or `h`."""

    range: Range


class SexIs(Leaf, frozen=True, kw_only=True, tag="sex"):
    """Administrative sex."""

    sex: Sex


class Measurement(Leaf, frozen=True, kw_only=True, tag="measurement"):
    """A laboratory value or vital sign; with `relative_to`, `range` counts multiples of that reference limit.

    `analyte` is a key of reference/analytes.toml, absent where the name is not known there; `method` is how the text
    wants it measured, if it says so.
    """

    name: str
    range: Range
    analyte: str | None = None
    relative_to: Limit | None = None
    method: str | None = None
    window: Window | None = None


class ScaleScore(Leaf, frozen=True, kw_only=True, tag="scale"):
    """A score or class of a clinical scale; `scale` is a key of reference/scales.toml, `of` what is graded, if said."""

    scale: str
    range: Range
    of: str | None = None
    window: Window | None = None


class Survival(Leaf, frozen=True, kw_only=True, tag="survival"):
    """Life expectancy."""

    range: Range


class ConditionIs(Leaf, frozen=True, kw_only=True, tag="condition"):
    """The patient has, or with qualifier `history` has had, the disease, and not merely one of `other_than`."""

    name: str
    concept: ConceptId | None = None
    qualifiers: tuple[str, ...] = ()
    window: Window | None = None
    other_than: "tuple[Expression, ...]" = ()


class Biomarker(Leaf, frozen=True, kw_only=True, tag="biomarker"):
    """An antigen, mutation or serology: a result, a share of cells, or both."""

    marker: str
    concept: ConceptId | None = None
    result: BiomarkerResult | None = None
    range: Range | None = None
    method: str | None = None
    window: Window | None = None


class TreatmentIs(Leaf, frozen=True, kw_only=True, tag="treatment"):
    """A therapy, and not merely one of `other_than`; `lines` bounds its lines, courses or distinct agents.

    `qualifiers` are words that narrow it: `major` surgery, transplant `from a related donor`.
    """

    name: str
    concept: ConceptId | None = None
    qualifiers: tuple[str, ...] = ()
    lines: Range | None = None
    timing: Timing = Timing.ANY
    outcome: TreatmentOutcome | None = None
    window: Window | None = None
    other_than: "tuple[Expression, ...]" = ()


class Pregnancy(Leaf, frozen=True, kw_only=True, tag="pregnancy"):
    """Pregnancy, breastfeeding, or the potential to become pregnant."""

    state: PregnancyState


class Allergy(Leaf, frozen=True, kw_only=True, tag="allergy"):
    """Hypersensitivity; `to` in the text's words."""

    to: str
    concept: ConceptId | None = None


class TobaccoIs(Leaf, frozen=True, kw_only=True, tag="tobacco"):
    """Smoking status."""

    use: TobaccoUse


class Attestation(Leaf, frozen=True, kw_only=True, tag="attestation"):
    """What only the site can attest: `about` is a stable key such as `consent`, `compliance`, `contraception`."""

    about: str
    text: str


class Unparsed(Leaf, frozen=True, kw_only=True, tag="unparsed"):
    """Words the compiler could not read, verbatim."""

    text: str


AnyLeaf = (
    Age | SexIs | Measurement | ScaleScore | Survival | ConditionIs | Biomarker | TreatmentIs
    | Pregnancy | Allergy | TobaccoIs | Attestation | Unparsed
)  # fmt: skip
Expression = (
    AllOf | AnyOf | Not | AtLeast | If | Age | SexIs | Measurement | ScaleScore | Survival | ConditionIs
    | Biomarker | TreatmentIs | Pregnancy | Allergy | TobaccoIs | Attestation | Unparsed
)  # fmt: skip
