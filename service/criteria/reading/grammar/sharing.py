"""What the items of a list share: an opening, a time behind it, what all of them are allergies to."""

import re

import msgspec

from service.criteria.reading.grammar.adjectives import Reach, reaches, under, variants
from service.criteria.reading.tokens.clause import (
    SILENT,
    Clause,
    has_item,
    is_small,
)
from service.criteria.reading.tokens.lex import Token
from service.criteria.reading.words.lexicon import QUALIFIERS
from service.criteria.tree import leaves, with_qualifiers, with_window
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Allergy,
    AllOf,
    Attestation,
    ConditionIs,
    Expression,
    Leaf,
    Not,
    Timing,
    TreatmentIs,
    Unparsed,
    Window,
)
from service.schemas.text import Span

_ALLERGIC = re.compile(
    r"(?:drug\s+|allergic\s+|hypersensitivity\s+|anaphylactic\s+)?"
    r"(?:allerg\w*|hypersensitiv\w*|sensitivity|anaphyla\w*|intolerance|reactions?)"
)
_STEM = 5
_JOINT = re.compile(r"\s*(?:/|,|and/or|or|and)\s*")
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
    """`uncontrolled hypertension`: a state of now, whatever time stands behind a later item; so is `insulin-naive`."""
    return isinstance(part, Not) or any(
        isinstance(leaf, ConditionIs) and _PRESENT & set(leaf.qualifiers) for leaf in leaves(part)
    )


def shared(
    parts: list[Expression], read_from: list[list[Token]], joints: list[str], clause: Clause
) -> list[Expression]:
    """What opens a list is of each item: `history of`, `received`, `allergy to`.

    An adjective is where there are no commas, where the items share a noun (`severe liver, kidney or heart disease`)
    and where they are names alone; elsewhere it may be.
    """
    opening = next((i for i, part in enumerate(parts) if not isinstance(part, Unparsed)), 0)
    first, *others = parts[opening:]
    told = [first]
    for part, reach in zip(others, reaches(first, others, joints, clause), strict=True):
        changed = _with_opening(first, part, reach, clause) if _begins(part, read_from) else None
        if changed is None:
            break
        told.append(changed)
    return [*parts[:opening], *told, *others[len(told) - 1 :]]


def _begins(part: Expression, read_from: list[list[Token]]) -> bool:
    """Whether only small words stand before the item in its chunk: `who have been diagnosed with` starts anew."""
    leaf = leaves(part)[0]
    for chunk in read_from:
        place = next((i for i, t in enumerate(chunk) if leaf.span and t.start <= leaf.span.start < t.end), None)
        if place is not None:
            return all(
                token.tags.get("word") in ("a", "an", "the", "any", "of", "to", "with") for token in chunk[:place]
            )
    return False


def allergies(parts: list[Expression], text: str) -> list[Expression]:
    """`allergy or hypersensitivity to X`: both to X; `severe allergy, or known allergy to X`: two things."""
    told = list(parts)
    for i in range(len(told) - 2, -1, -1):
        before, following = told[i], told[i + 1]
        if isinstance(following, Allergy) and isinstance(before, ConditionIs) and _is_to_same(before, following, text):
            told[i] = msgspec.structs.replace(following, span=_from(before, following))
            told[i + 1] = told[i]
    return told


def _is_to_same(before: ConditionIs, following: Allergy, text: str) -> bool:
    """Whether an allergy is left to the next one to say to what; what is severe is, where only a joint parts them."""
    if before.span is None or following.span is None or not _ALLERGIC.fullmatch(before.name.lower()):
        return False
    if set(before.qualifiers) <= SILENT:
        return True
    if not QUALIFIERS.issuperset(before.qualifiers):
        return False
    again = before.name.lower().split()[-1][:_STEM] in text[following.span.start : following.span.end].lower()
    return not again and bool(_JOINT.fullmatch(text, before.span.end, following.span.start))


def _from(before: Leaf, following: Leaf) -> Span | None:
    return Span(before.span.start, following.span.end) if before.span and following.span else following.span


def not_other(part: Expression) -> Expression:
    """`lupus or other autoimmune disease`: other than the one before it, which says nothing more."""
    if isinstance(part, ConditionIs) and "other" in part.qualifiers:
        return with_qualifiers(part, tuple(q for q in part.qualifiers if q != "other"))
    return part


def _with_opening(first: Expression, part: Expression, reach: Reach, clause: Clause) -> Expression | None:
    """The part under the opening of the list's first item; None where the list turns to something else."""
    if diseases := variants(first):
        return under(diseases, part, reach, clause)
    match first, part:
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
