"""What the items of a list share: an opening, a time behind it, what all of them are allergies to."""

import re

import msgspec

from service.criteria.reading.tokens.clause import (
    Clause,
    has_item,
    is_small,
)
from service.criteria.reading.tokens.lex import Token
from service.criteria.reading.words.lexicon import QUALIFIERS
from service.criteria.tree import is_leaf, leaves, with_qualifiers, with_window
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Allergy,
    AllOf,
    Attestation,
    ConditionIs,
    Expression,
    Leaf,
    Timing,
    TreatmentIs,
    Unparsed,
    Window,
)
from service.schemas.text import Span

_ALLERGIC = re.compile(r"(?:allerg\w*|hypersensitiv\w*|sensitivity|anaphyla\w*|intolerance|reactions?)$")
_GOVERNING = frozenset({"history", "family history of", "at risk of", "suspected"})
_PRESENT = frozenset({"active", "uncontrolled"})


def postposed(parts: list[list[Token]], read: list[Expression | None]) -> list[Expression | None]:
    """`acute leukemia, relapsed or refractory`: qualifiers behind the disease that they qualify."""
    kept = list(read)
    for i in range(1, len(kept)):
        said = [token for token in parts[i] if not is_small(token)]
        before = kept[i - 1]
        last = before.of[-1] if isinstance(before, AllOf) and before.of else before
        if not isinstance(last, ConditionIs) or not said or any(t.reading or "qualifier" not in t.tags for t in said):
            continue
        own = (*last.qualifiers, *(str(token.tags["qualifier"]) for token in said))
        start = last.span.start if last.span else said[0].start
        changed = msgspec.structs.replace(with_qualifiers(last, own), span=Span(start, said[-1].end))
        kept[i - 1] = AllOf(of=(*before.of[:-1], changed)) if isinstance(before, AllOf) else changed
        kept[i] = None
    return kept


def windowed(
    parts: list[Expression], read_from: list[list[Token]], joints: list[str], clause: Clause
) -> list[Expression]:
    """A window behind a list of alternatives, or before any list, is of every item in it."""
    windows = [next((t.tags["window"] for t in chunk if "window" in t.tags), None) for chunk in read_from]
    opens = "window" in read_from[0][0].tags or not has_item(read_from[0])
    window = windows[-1] or (windows[0] if opens else None)
    if sum(one is not None for one in windows) != 1 or not isinstance(window, Window):
        return parts
    if (
        windows[-1]
        and clause.polarity is Polarity.INCLUSION
        and any(joint.startswith("and") for joint in joints if joint != "and_or")
    ):
        return parts
    return [part if part is not parts[-1] and _is_present(part) else with_window(part, window) for part in parts]


def _is_present(part: Expression) -> bool:
    """`uncontrolled hypertension`: a state of now, whatever time stands behind a later item."""
    return any(isinstance(leaf, ConditionIs) and _PRESENT & set(leaf.qualifiers) for leaf in leaves(part))


def shared(
    parts: list[Expression], read_from: list[list[Token]], joints: list[str], clause: Clause
) -> list[Expression]:
    """What opens a list is of each item: `history of`, `received`, `allergy to`.

    An adjective is where there are no commas, or where the items share a noun: `severe liver, kidney or heart disease`.
    """
    opening = next((i for i, part in enumerate(parts) if not isinstance(part, Unparsed)), 0)
    first, *others = parts[opening:]
    commas = "," in joints and not _is_cut_short(first, clause)
    shared = [first]
    for part in others:
        begins = is_leaf(part) and _begins(part, read_from)
        changed = _with_opening(first, part, commas) if begins else None
        if changed is None:
            break
        shared.append(changed)
    return [*parts[:opening], *shared, *others[len(shared) - 1 :]]


def _is_cut_short(part: Expression, clause: Clause) -> bool:
    """Whether the last word of the name stands behind a later one."""
    if not isinstance(part, ConditionIs) or part.span is None:
        return False
    return part.name.lower().split()[-1] not in part.span.of(clause.text).lower()


def _begins(leaf: Leaf, read_from: list[list[Token]]) -> bool:
    """Whether only small words stand before the item in its chunk: `who have been diagnosed with` starts anew."""
    for chunk in read_from:
        place = next((i for i, t in enumerate(chunk) if leaf.span and t.start <= leaf.span.start < t.end), None)
        if place is not None:
            return all(
                token.tags.get("word") in ("a", "an", "the", "any", "of", "to", "with") for token in chunk[:place]
            )
    return False


def allergies(parts: list[Expression]) -> list[Expression]:
    """`allergy or hypersensitivity to X`: both to X."""
    told = list(parts)
    for i in range(len(told) - 2, -1, -1):
        before, following = told[i], told[i + 1]
        if isinstance(following, Allergy) and isinstance(before, ConditionIs) and _ALLERGIC.search(before.name.lower()):
            told[i] = msgspec.structs.replace(following, span=_from(before, following))
            told[i + 1] = told[i]
    return told


def _from(before: Leaf, following: Leaf) -> Span | None:
    return Span(before.span.start, following.span.end) if before.span and following.span else following.span


def not_other(part: Expression) -> Expression:
    """`lupus or other autoimmune disease`: other than the one before it, which says nothing more."""
    if isinstance(part, ConditionIs) and "other" in part.qualifiers:
        return with_qualifiers(part, tuple(q for q in part.qualifiers if q != "other"))
    return part


def _with_opening(first: Expression, part: Expression, commas: bool) -> Expression | None:
    """The part under the opening of the list's first item; None where the list turns to something else."""
    match first, part:
        case ConditionIs(), ConditionIs(qualifiers=()):
            kept = tuple(q for q in first.qualifiers if q in _GOVERNING or (not commas and q in QUALIFIERS))
            return with_qualifiers(part, kept)
        case TreatmentIs(), TreatmentIs(timing=Timing.ANY):
            return msgspec.structs.replace(part, timing=first.timing, outcome=part.outcome or first.outcome)
        case Attestation(), TreatmentIs(timing=Timing.ANY, lines=None):
            return Attestation(about=first.about, text=part.name, span=part.span)
        case Allergy(), Allergy():
            return part
        case Allergy(), TreatmentIs(timing=Timing.ANY, lines=None):
            return Allergy(to=part.name, concept=part.concept, span=part.span)
        case _:
            return None
