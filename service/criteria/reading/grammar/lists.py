"""Chunks and the connectives between them → one expression: precedence, comma lists, and what list items share."""

import re
from itertools import pairwise

import msgspec

from service.criteria.reading.tokens.clause import (
    CLOSE,
    NUMERIC,
    OPEN,
    Clause,
    apart,
    has_item,
    is_everybody,
    is_small,
    of_classes_apart,
    speaks,
)
from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.reading.words.lexicon import QUALIFIERS
from service.criteria.tree import conjunction, disjunction, is_leaf, leaves, with_qualifiers, with_window
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Allergy,
    AllOf,
    AnyOf,
    Attestation,
    Biomarker,
    ConditionIs,
    Expression,
    Leaf,
    Pregnancy,
    SexIs,
    Timing,
    TobaccoIs,
    TreatmentIs,
    Unparsed,
    Window,
)
from service.schemas.patient import Sex
from service.schemas.text import Span

_ALLERGIC = re.compile(r"(?:allerg\w*|hypersensitiv\w*|sensitivity|anaphyla\w*|intolerance|reactions?)$")
_GOVERNING = frozenset({"history", "family history of", "at risk of", "suspected"})
_PRESENT = frozenset({"active", "uncontrolled"})
_ADDED = (*NUMERIC, Attestation, Unparsed)
_LISTED = {ConditionIs, TreatmentIs, Pregnancy, SexIs, Biomarker, Allergy, TobaccoIs, Attestation}


_TOLD = frozenset({"window", "when"})
_SIGNS = {",": ",", "/": "or"}
_JOINING = frozenset({"connective", "example", ";", *_SIGNS})


def chunks(tokens: list[Token], clause: Clause) -> tuple[list[list[Token]], list[str]]:
    """Stretches between connectives; a comma takes the word of the next connective in its run."""
    if _JOINING.isdisjoint(clause.marked):
        return [tokens] if tokens else [], []
    found: list[list[Token]] = [[]]
    joints: list[str] = []
    depth = 0
    for token, behind in zip(tokens, [*tokens[1:], None], strict=True):
        sign = sign_of(token)
        depth += (sign in OPEN) - (sign in CLOSE)
        word = token.tags.get("connective") if token.reading is None else None
        per = sign == "/" and behind is not None and "time" in behind.tags
        joint = str(word) if word else "" if per else _SIGNS.get(sign or "", "")
        if joint and _joins_times(found[-1], behind):
            found[-1].append(Token(token.start, token.end, {"when": "", "filler": "filler"}))
        elif not joint or depth > 0:
            found[-1].append(token)
        elif not speaks(found[-1]) and not any("window" in t.tags for t in found[-1]):
            if joints and joint != ",":
                joints[-1] = joint + "!" if joints[-1] == "," else joint
        else:
            found.append([])
            joints.append(joint)
    if not speaks(found[-1]) and joints:
        found.pop()
        joints.pop()
    return [chunk for chunk in found if chunk], joints


def _joins_times(before: list[Token], behind: Token | None) -> bool:
    """`within 7 days or at baseline`: a time told twice, no further item."""
    if not before or behind is None or not _TOLD & before[-1].tags.keys():
        return False
    return "when" in behind.tags and "event" not in behind.tags


def settled(joints: list[str]) -> list[str]:
    """Each comma as the next `and` or `or` to its right; a run that ends without one stays a comma.

    `!` marks a word that a comma stands before: it parts more than the words around it, unless it only ends a list.
    """
    settled: list[str] = []
    following = ","
    for i in range(len(joints) - 1, -1, -1):
        joint = joints[i]
        if joint == ",":
            settled.append(following.rstrip("!"))
            continue
        following = joint.replace("and_or", "or")
        ends_list = i > 0 and joints[i - 1] == ","
        settled.append(following.rstrip("!") if ends_list else following)
    return settled[::-1]


def joined(parts: list[Expression], joints: list[str], clause: Clause) -> Expression:
    """`and` binds tighter than `or`; in a list of what excludes, `and` counts as `or`."""
    strong = next((joint for joint in joints if joint.endswith("!")), None)
    if strong is not None:
        return _parted(parts, joints, strong, clause)
    if clause.polarity is Polarity.EXCLUSION and "or" not in joints and is_list(parts):
        return disjunction(parts)
    if (
        clause.polarity is Polarity.EXCLUSION
        and joints == ["and"]
        and all(isinstance(part, ConditionIs | TreatmentIs | Allergy | Unparsed) for part in parts)
    ):
        return _either_or_both(parts, clause)
    if len({sex for part in parts for sex in _sexes(part)}) == len(parts) == len([p for p in parts if _sexes(p)]):
        return disjunction(parts)
    if clause.polarity is Polarity.INCLUSION and set(joints) == {","} and _is_bare(parts):
        return _either_or_both(parts, clause)
    default = "and" if clause.polarity is Polarity.INCLUSION else "or"
    groups: list[list[Expression]] = [[parts[0]]]
    for part, joint in zip(parts[1:], joints, strict=True):
        if (default if joint == "," else joint) == "and":
            groups[-1].append(part)
        else:
            groups.append([part])
    return disjunction([_alternative(group) for group in groups])


def _alternative(group: list[Expression]) -> Expression:
    """All of them, unless nobody could be."""
    return disjunction(group) if apart(group) or of_classes_apart(group) else conjunction(group)


def of_both_sexes(read: list[Expression | None]) -> list[Expression | None]:
    """`…, for both male and female participants`: of everybody, and so no item of a list."""
    kept = [None if one is not None and is_everybody(one) else one for one in read]
    return kept if any(one is not None for one in kept) else read


def _is_bare(parts: list[Expression]) -> bool:
    """`herniated disc, spinal stenosis`: a list that no word tells to be of one or of all."""
    diseases = all(type(part) in (ConditionIs, TreatmentIs) for part in parts)
    return diseases or (len(parts) > 2 and not _is_sum(parts))


def _is_sum(parts: list[Expression]) -> bool:
    """`hemoglobin ≥ 9 g/dL, platelets ≥ 100 × 10^9/L, age ≥ 18`: limits, and what the site attests, add up."""
    return all(type(leaf) in _ADDED for part in parts for leaf in leaves(part))


def _sexes(part: Expression) -> set[Sex]:
    """`Men and non-pregnant women`: nobody is both."""
    found = part.of if isinstance(part, AllOf) else (part,)
    return {one.sex for one in found if isinstance(one, SexIs)}


def _either_or_both(parts: list[Expression], clause: Clause) -> Expression:
    """`Diabetes and hypertension` among what excludes, `cough, fever, chills` elsewhere: the words do not tell.

    Without any of them the sentence is false however it is meant.
    """
    spans = [leaf.span for part in parts for leaf in leaves(part) if leaf.span is not None]
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    return AllOf(of=(AnyOf(of=tuple(parts)), Unparsed(text=whole.of(clause.text), span=whole)))


def _parted(parts: list[Expression], joints: list[str], strong: str, clause: Clause) -> Expression:
    """`A or B, and C`: the groups on either side of the comma, each joined by itself."""
    edges = [0, *(i + 1 for i, joint in enumerate(joints) if joint == strong), len(parts)]
    groups = [
        joined(parts[a:b], [joint.rstrip("!") for joint in joints[a : b - 1]], clause) for a, b in pairwise(edges)
    ]
    return joined(groups, [strong.rstrip("!")] * (len(groups) - 1), clause)


def is_list(parts: list[Expression]) -> bool:
    """`A, B and C` of diseases, therapies and the like: nobody asks for all three."""
    sorts = {type(leaf) for part in parts for leaf in leaves(part)} - {Unparsed}
    return sorts <= _LISTED and (len(parts) > 2 or sorts == {Pregnancy})


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
