"""Limits of some only: `≥ 12 g/dL for women`, `≤ 5 × ULN in patients with liver metastases`, `for Group A`."""

import msgspec

from service.criteria.reading.lines.whom import whom
from service.criteria.reading.tokens.clause import NUMERIC, Clause, is_bound, is_small, speaks, unparsed
from service.criteria.reading.tokens.lex import Token
from service.criteria.tree import conjunction, disjunction, leaves
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Age,
    AllOf,
    AnyOf,
    ConditionIs,
    Expression,
    If,
    Leaf,
    Measurement,
    Not,
    Pregnancy,
    ScaleScore,
    SexIs,
    TreatmentIs,
)
from service.schemas.quantity import Range

_FOR = frozenset({"for", "in", "among"})
_OF_WHOM = frozenset({"for", "from", "by"})
_PATIENTS = frozenset(
    {"patient", "patients", "subject", "subjects", "participant", "participants", "those", "individuals"}
)
_OF_AN_AGE = frozenset(
    {"adults", "adolescents", "children", "infants", "newborns", "neonates", "youth", "pediatric patients"}
)


def of_case(tokens: list[Token], clause: Clause) -> Expression | None:
    """In an inclusion, a limit and behind it whom it is asked of; what excludes does so when both are so."""
    if clause.polarity is Polarity.EXCLUSION:
        return None
    first = next((i for i, token in enumerate(tokens) if token.reading is not None), len(tokens))
    if first == len(tokens):
        return None
    before = [token for token in tokens[:first] if "person" not in token.tags]
    if speaks(before):
        return _words_for(tokens, first, clause)
    limit, rest = tokens[first].reading, tokens[first + 1 :]
    if limit is None or not is_bound(tokens[first]):
        return None
    if (when := _when(rest, limit, clause)) is not None:
        return If(when=when, then=limit)
    return _with_words(limit, rest, clause)


def _words_for(tokens: list[Token], first: int, clause: Clause) -> Expression | None:
    """`Written assent from subjects above 7 years`: whatever the words ask for, they ask it of them only."""
    who, lead = tokens[first].reading, first - 1
    while lead > 0 and "person" in tokens[lead].tags:
        lead -= 1
    leads = _OF_WHOM | {"of"} if lead < first - 1 else _OF_WHOM
    if tokens[lead].tags.get("word") not in leads or not isinstance(who, Age | SexIs) or speaks(tokens[first + 1 :]):
        return None
    return If(when=who, then=unparsed(tokens[:lead], clause)) if speaks(tokens[:lead]) else None


def _with_words(limit: Expression, rest: list[Token], clause: Clause) -> Expression | None:
    """`later than 11 pm for 17-18 year olds`: words between a limit and those of whom it is asked narrow it."""
    lead = next((i for i, token in enumerate(rest) if token.tags.get("word") == "for"), 0)
    behind = [token.reading for token in rest[lead + 1 :] if token.reading is not None]
    between = [token for token in rest[:lead] if token.reading is None]
    if not lead or not isinstance(limit, Measurement | ScaleScore) or len(between) < lead or not speaks(between):
        return None
    if len(behind) != 1 or not isinstance(behind[0], Age | SexIs) or _is_unread(rest[lead + 1 :]):
        return None
    return If(when=behind[0], then=conjunction([limit, unparsed(between, clause)]))


def _is_unread(tokens: list[Token]) -> bool:
    """Whether words stand there that no reading covers."""
    return speaks([token for token in tokens if token.reading is None])


def _when(rest: list[Token], limit: Expression, clause: Clause) -> Expression | None:
    """Whom the limit is asked of: all that the words name, or a part of the trial that nothing tells apart."""
    multiples = all(map(_is_multiple, leaves(limit)))
    lead = next((i for i, token in enumerate(rest) if _leads(token, multiples)), None)
    if lead is None or speaks(rest[:lead]):
        return None
    named = [token.reading for token in rest if token.reading is not None]
    words = [token for token in rest[lead:] if token.reading is None]
    unread = [token for token in words if not is_small(token) and "person" not in token.tags]
    if named:
        told = not unread and _are_persons(named, words, multiples)
        return conjunction(named) if told else None
    aged = not isinstance(limit, Age) and any(token.tags.get("word") in _OF_AN_AGE for token in words)
    return unparsed(rest[lead:], clause) if aged or (unread and whom(clause.words(rest[lead:]))) else None


def _leads(token: Token, multiples: bool) -> bool:
    """`for`, `in`; behind multiples of a limit of normal also `with` and `without`."""
    if token.tags.get("word") in _FOR:
        return True
    return multiples and (token.tags.get("word") == "with" or isinstance(token.reading, Not))


def _are_persons(named: list[Expression], words: list[Token], multiples: bool) -> bool:
    """Whether persons are told apart: by their sex, or as patients who have something; not by limits of their own."""
    if any(isinstance(one, NUMERIC) and not isinstance(one, Age) for one in named) and len(named) > 1:
        return False
    are_told = any(isinstance(one, SexIs | Pregnancy | Age) for one in named)
    return multiples or are_told or any("person" in token.tags or _is_patient(token) for token in words)


def _is_patient(token: Token) -> bool:
    return token.tags.get("word") in _PATIENTS


def _is_multiple(leaf: Leaf) -> bool:
    return isinstance(leaf, Measurement) and leaf.relative_to is not None


def paired(parts: list[tuple[Expression, str]]) -> list[tuple[Expression, str]]:
    """`≤ 2.5 × ULN, or ≤ 5 × ULN with A or B`: the limit for the cases, and the one before it for everybody else.

    Each part stands with the joint behind it.
    """
    told: list[tuple[Expression, str]] = []
    for part, joint in parts:
        match part:
            case If(when=when, then=then, otherwise=None) if told and alike(told[-1][0], then):
                told[-1] = If(when=when, then=then, otherwise=told[-1][0]), joint
            case ConditionIs() | TreatmentIs() if told and isinstance(last := told[-1][0], If) and told[-1][1] == "or":
                told[-1] = msgspec.structs.replace(last, when=disjunction([last.when, part])), joint
            case _:
                told.append((part, joint))
    return told


def alternatives(node: Expression) -> Expression:
    """Among alternatives a limit of some is met by those who are of them only: nobody else has met it."""
    if not isinstance(node, AnyOf) or all(isinstance(part, If) for part in node.of):
        return node
    return AnyOf(of=tuple(map(_both, node.of)))


def _both(part: Expression) -> Expression:
    match part:
        case If(when=when, then=then, otherwise=None):
            return conjunction([then, when])
        case AllOf(of=inner):
            return conjunction([_both(one) for one in inner])
        case _:
            return part


def two_limits(tokens: list[Token], when: Expression) -> list[Token] | None:
    """The tokens with `≤ 2.5 × ULN, ≤ 5 × ULN` at their end as one limit for the case and one for all others."""
    items = [i for i, token in enumerate(tokens) if token.reading is not None]
    if len(items) < 2 or speaks(tokens[items[-1] + 1 :]) or speaks(tokens[items[-2] + 1 : items[-1]]):
        return None
    first, last = tokens[items[-2]].reading, tokens[items[-1]].reading
    if first is None or last is None or not alike(first, last):
        return None
    item = Token(tokens[items[-2]].start, tokens[-1].end, {}, If(when=when, then=last, otherwise=first))
    return [*tokens[: items[-2]], item]


def alike(one: Expression, other: Expression) -> bool:
    """Whether both bound the same things from the same side."""
    return bool(subjects(one)) and subjects(one) == subjects(other)


def subjects(node: Expression) -> set[tuple[str, str, bool]]:
    """What a tree of bounds is about, and from which side; nothing where it holds anything else."""
    found = {_subject(leaf) for leaf in leaves(node)} if isinstance(node, (*NUMERIC, AllOf, AnyOf)) else set()
    return set() if None in found else {one for one in found if one is not None}


def _subject(leaf: Leaf) -> tuple[str, str, bool] | None:
    ends = getattr(leaf, "range", None)
    if not isinstance(leaf, NUMERIC) or not isinstance(ends, Range):
        return None
    key = getattr(leaf, "analyte", None) or getattr(leaf, "scale", None) or getattr(leaf, "name", "")
    return type(leaf).__name__, str(key), ends.low is None
