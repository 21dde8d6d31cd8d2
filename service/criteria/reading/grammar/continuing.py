"""Items of a list that only their neighbours explain: `surgery of the hip or knee`, `aspirin or another such drug`."""

import re

from service.criteria.reading.names.plain import name_alone
from service.criteria.reading.tokens.clause import Clause
from service.criteria.reading.tokens.token import Token
from service.schemas.expression import Allergy, ConditionIs, Expression, TreatmentIs, Unparsed

_FEW = 3
_HEADS = frozenset({"disease_head", "therapy_head", "named", "concept"})
_PLAIN = frozenset({"word", "filler", "sample", "method", "roman", "event"}) | _HEADS
_ALIKE = re.compile(r"(?:al|ic|ous|ary|ar|ive|ine|ed|ing|ly)$")
_JOINTS = frozenset({"and", "or", "and_or"})


def with_tails(parts: list[list[Token]], joints: list[str]) -> tuple[list[list[Token]], list[str]]:
    """`wounds of the head or neck`: bare words behind an item that other words follow go on with those words."""
    told, kept = [parts[0]], list[str]()
    for part, joint in zip(parts[1:], joints, strict=True):
        if joint in _JOINTS and _is_bare(part, _HEADS) and _ends_beyond_item(told[-1]):
            told[-1] = [*told[-1], *part]
        else:
            told.append(part)
            kept.append(joint)
    return told, kept


def _is_bare(part: list[Token], heads: frozenset[str] = frozenset()) -> bool:
    """A few words that no table knows."""
    return len(part) <= _FEW and all(t.reading is None and t.tags.keys() <= _PLAIN - heads for t in part)


def _ends_beyond_item(part: list[Token]) -> bool:
    last = part[-1]
    return last.reading is None and last.tags.keys() <= _PLAIN and any(token.reading is not None for token in part)


def alongside(
    parts: list[list[Token]], read: list[Expression | None], joints: list[str], clause: Clause
) -> list[Expression | None]:
    """`lupus, gout or FMF`: a bare name beside names is of their kind."""
    told = list(read)
    for i in range(1, len(parts)):
        before = told[i - 1]
        if not isinstance(told[i], Unparsed) or not _is_bare(parts[i]) or parts[i - 1][-1].reading is None:
            continue
        words = clause.words(parts[i])
        shares = i + 1 < len(parts) and bool(_ALIKE.search(words.lower()))
        if shares or joints[i - 1].rstrip("!") not in (*_JOINTS, ",") or (name := name_alone(words)) is None:
            continue
        told[i] = _of_kind(before, name, parts[i], clause) or told[i]
    return told


def _of_kind(before: Expression | None, name: str, part: list[Token], clause: Clause) -> Expression | None:
    span = clause.span(part)
    match before:
        case ConditionIs():
            return ConditionIs(name=name, span=span)
        case TreatmentIs():
            return TreatmentIs(name=name, span=span)
        case Allergy():
            return Allergy(to=name, span=span)
        case _:
            return None
