"""Chunks and the connectives between them → one expression: precedence and comma lists."""

from itertools import pairwise

from service.criteria.reading.tokens.clause import (
    CLOSE,
    NUMERIC,
    OPEN,
    Clause,
    apart,
    is_everybody,
    of_classes_apart,
    speaks,
)
from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.tree import conjunction, disjunction, leaves
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Allergy,
    AllOf,
    AnyOf,
    Attestation,
    Biomarker,
    ConditionIs,
    Expression,
    Pregnancy,
    SexIs,
    TobaccoIs,
    TreatmentIs,
    Unparsed,
)
from service.schemas.patient import Sex
from service.schemas.text import Span

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
