"""Items of a list that only their neighbours explain: `surgery of the hip or knee`, `aspirin or another such drug`."""

import re

from msgspec.structs import replace

from service.criteria.reading.names.plain import name_alone
from service.criteria.reading.tokens.clause import Clause
from service.criteria.reading.tokens.token import Token
from service.criteria.reading.words.lexicon import QUALIFIERS
from service.criteria.tree import with_qualifiers
from service.schemas.expression import Allergy, ConditionIs, Expression, TreatmentIs, Unparsed

_FEW = 3
_HEADS = frozenset({"disease_head", "therapy_head", "named", "concept"})
_PLAIN = frozenset({"word", "filler", "sample", "method", "roman", "event"}) | _HEADS
_HEADLESS = _PLAIN - _HEADS
_ALIKE = re.compile(r"(?:al|ic|ous|ary|ar|ive|ine|ed|ing|ly)$")
_JOINTS = frozenset({"and", "or", "and_or"})
_OPENING = frozenset(
    {"severe", "moderate", "mild", "active", "acute", "chronic", "uncontrolled", "unstable", "significant", "systemic"}
    | {"symptomatic", "asymptomatic", "suspected", "concomitant"}
)
_LOOSE_TAIL = re.compile(
    r"(?:in(?!\s+situ)|on|at|with|within|that|which|who|requir\w+|needing|necessitating|affecting|involving|interfering|limiting|caus\w+|leading|resulting|due|secondary"
    r"|related|associated|confirmed|documented|diagnosed|proven|treated|managed|located|during|after|before|following|prior)\b"
)
"""Words behind a name that are not tied to it as `of the breast` is."""


def with_tails(parts: list[list[Token]], joints: list[str]) -> tuple[list[list[Token]], list[str]]:
    """`wounds of the head or neck`: bare words behind an item that other words follow go on with those words."""
    told, kept = [parts[0]], list[str]()
    for part, joint in zip(parts[1:], joints, strict=True):
        if joint in _JOINTS and _is_bare(part, _HEADLESS) and _ends_beyond_item(told[-1]):
            told[-1] = [*told[-1], *part]
        else:
            told.append(part)
            kept.append(joint)
    return told, kept


def _is_bare(part: list[Token], tables: frozenset[str] = _PLAIN) -> bool:
    """A few words that no table knows."""
    return len(part) <= _FEW and all(t.reading is None and t.tags.keys() <= tables for t in part)


def _ends_beyond_item(part: list[Token]) -> bool:
    last = part[-1]
    return last.reading is None and last.tags.keys() <= _PLAIN and any(token.reading is not None for token in part)


def both_tailed(
    parts: list[list[Token]], read: list[Expression], joints: list[str], clause: Clause
) -> list[Expression]:
    """`surgery or radiotherapy in the pelvic area`: what stands behind the second of two may be said of both."""
    if len(read) != 2 or len(parts) != 2 or not {*joints} <= {"or", "and_or"}:
        return read
    first, last = read
    if (
        not isinstance(first, ConditionIs | TreatmentIs)
        or type(first) is not type(last)
        or parts[0][-1].reading is None
    ):
        return read
    if parts[1][0].reading is None or first.name.lower() == last.name.lower():
        return read
    words = clause.words(parts[1])
    behind = words[words.find(last.name) + len(last.name) :] if last.name in words else ""
    told = tuple(q for q in last.qualifiers if q not in QUALIFIERS and q in behind and _LOOSE_TAIL.match(q.lower()))
    return [replace(first, qualifiers=(*first.qualifiers, *told)), last] if told else read


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


def led_by_adjective(parts: list[Expression], read_from: list[list[Token]]) -> list[Expression]:
    """`serious heart, lung or other organ dysfunction`: what opens a list of shortened names is of the name in full."""
    opening, *others = [token for token in read_from[0] if "filler" not in token.tags] or read_from[0][:1]
    key, last = opening.tags.get("qualifier"), parts[-1]
    shortened = len(parts) > 1 and bool(others) and all(isinstance(part, Unparsed) for part in parts[:-1])
    if not shortened or key not in _OPENING or any("qualifier" in t.tags for t in others):
        return parts
    if not isinstance(last, ConditionIs) or not QUALIFIERS.isdisjoint(last.qualifiers):
        return parts
    return [*parts[:-1], with_qualifiers(last, (str(key), *last.qualifiers))]
