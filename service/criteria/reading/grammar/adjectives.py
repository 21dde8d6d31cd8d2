"""How far the adjective reaches that opens a list of diseases: `uncontrolled hypertension, diabetes or asthma`."""

from enum import Enum

from service.criteria.reading.tokens.clause import Clause
from service.criteria.reading.words.lexicon import PHRASES, QUALIFIERS
from service.criteria.tree import conjunction, disjunction, with_qualifiers
from service.schemas.criterion import Polarity
from service.schemas.expression import AllOf, AnyOf, ConditionIs, Expression, Unparsed
from service.schemas.text import Span

_GOVERNING = frozenset({"history", "family history of", "at risk of", "suspected"})
_TOGETHER = frozenset({"concomitant", "other", "confirmed"})
_DEGREES = frozenset(
    {"severe", "moderate", "mild", "active", "uncontrolled", "unstable", "significant", "symptomatic", "asymptomatic"}
    | {"relapsed", "refractory", "relapsed or refractory", "metastatic", "advanced", "newly diagnosed"}
)
"""How any disease may be; what is `chronic` or `congenital` is a disease of its own."""


class Reach(Enum):
    """Of which items of a list the adjective is that opens it."""

    EVERY = "every"
    PERHAPS = "perhaps"
    FIRST = "first"


def reaches(first: Expression, others: list[Expression], joints: list[str], clause: Clause) -> list[Reach]:
    """Whether the adjective is of each item behind the first.

    Of names alone it is: `severe asthma, COPD or gout`; of which it is in `severe asthma, COPD, recent stroke`, nothing
    tells.
    """
    opening = variants(first)
    adjectives = _adjectives(opening)
    if "," not in joints or _is_cut_short(opening, clause):
        return [Reach.EVERY] * len(others)
    if clause.alternatives or (clause.polarity is Polarity.INCLUSION and {*joints} == {","}) or adjectives <= _TOGETHER:
        return [Reach.FIRST] * len(others)
    if len(others) != len(joints):
        return [Reach.PERHAPS] * len(others)
    if adjectives <= _DEGREES and joints[-1] != "," and {*joints[:-1]} == {","} and _are_names(others, opening):
        return [Reach.EVERY] * len(others)
    near = next(i for i, joint in enumerate(joints) if joint == "," or joint.endswith("!"))
    return [Reach.EVERY if i < near else Reach.PERHAPS for i in range(len(others))]


def _are_names(others: list[Expression], opening: tuple[ConditionIs, ...]) -> bool:
    """Whether all are names, and nothing but the last says more, behind its name."""
    heads = [_head(part) for part in others]
    if any(head is None or _is_adjectival(head.name) for head in heads):
        return False
    return all(
        part == head and part.window == opening[0].window
        for part, head in zip(others[:-1], heads, strict=False)
        if head is not None
    )


def variants(first: Expression) -> tuple[ConditionIs, ...]:
    """The disease that opens a list, once for each of its adjectives: `severe or uncontrolled asthma`."""
    told = first.of if isinstance(first, AnyOf) else (first,)
    each = tuple(one for one in told if isinstance(one, ConditionIs))
    return each if len(each) == len(told) and len({(one.name, one.span) for one in each}) == 1 else ()


def _adjectives(opening: tuple[ConditionIs, ...]) -> frozenset[str]:
    return QUALIFIERS.intersection(q for each in opening for q in each.qualifiers) - _GOVERNING


def _head(part: Expression) -> ConditionIs | None:
    """The disease of an item that has no adjective of the lexicon's beside it."""
    head = part.of[0] if isinstance(part, AllOf) else part
    return head if isinstance(head, ConditionIs) and QUALIFIERS.isdisjoint(head.qualifiers) else None


def _is_led(head: ConditionIs, clause: Clause) -> bool:
    """`multiple drug allergies`: an adjective of its own stands before it."""
    words = "" if head.span is None else head.span.of(clause.text)
    return any(words.startswith(own) for own in head.qualifiers)


def _is_adjectival(name: str) -> bool:
    """`unstable angina`: an adjective is part of the name."""
    first = PHRASES.get(name.lower().partition(" ")[0])
    return first is not None and "qualifier" in first.tags


def _is_kind(name: str, of: str) -> bool:
    """`anemia or sickle cell anemia`."""
    return name == of or (" " not in of and name.endswith(f" {of}"))


def _is_cut_short(opening: tuple[ConditionIs, ...], clause: Clause) -> bool:
    """Whether the last word of the name stands behind a later one."""
    return any(
        one.span is not None and one.name.lower().split()[-1] not in one.span.of(clause.text).lower() for one in opening
    )


def under(opening: tuple[ConditionIs, ...], part: Expression, reach: Reach, clause: Clause) -> Expression | None:
    """The item with the adjectives; where they may not be of it, whoever has it without them is left open."""
    head = _head(part)
    if head is None:
        return None
    told = _reach_of(head, opening, reach, clause)
    every = disjunction([_with(part, one, QUALIFIERS) for one in opening])
    bare = disjunction([*dict.fromkeys(_with(part, one, _GOVERNING) for one in opening)])
    start = opening[0].span
    if told is Reach.FIRST or every == bare:
        return bare
    if told is Reach.EVERY or head.span is None or start is None:
        return every
    span = Span(start.start, head.span.end)
    return disjunction([every, AllOf(of=(Unparsed(text=span.of(clause.text), span=span), bare))])


def _reach_of(head: ConditionIs, opening: tuple[ConditionIs, ...], reach: Reach, clause: Clause) -> Reach:
    """What `unstable angina` says itself is not said of it, nor that `anemia` is severe of `sickle cell anemia`.

    Of `stroke within 6 months` nothing is that is of now; of `multiple drug allergies`, `severe` may be said.
    """
    if _is_adjectival(head.name) or _is_kind(head.name.lower(), opening[0].name.lower()):
        return Reach.FIRST
    if reach is Reach.PERHAPS and head.window is not None and opening[0].window is None:
        return Reach.FIRST
    is_led = reach is Reach.EVERY and _is_led(head, clause) and not _adjectives(opening) <= _TOGETHER
    return Reach.PERHAPS if is_led else reach


def _with(part: Expression, opening: ConditionIs, kept: frozenset[str]) -> Expression:
    """The item under those of the adjectives that are kept."""
    own = tuple(q for q in opening.qualifiers if q in kept)
    if isinstance(part, AllOf):
        return conjunction([_with(part.of[0], opening, kept), *part.of[1:]])
    return with_qualifiers(part, (*own, *part.qualifiers)) if isinstance(part, ConditionIs) else part
