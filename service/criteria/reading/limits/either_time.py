"""Times told twice: `within 30 days or 5 half-lives, whichever is longer`."""

import re
from typing import NamedTuple

import msgspec

from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.tree import conjunction, disjunction, mapped
from service.schemas.expression import Expression, Window
from service.schemas.quantity import Quantity

_SHORTER = re.compile(r"\b(?:shorter|shortest|less|sooner|lesser|smaller|earlier)\b")
_HALF = "{half-life}"
_WHICHEVER = 9
"""Tokens of `(whichever is longer)` with its brackets."""

_OPEN, _CLOSE = ("(", "["), (")", "]")
_LENGTHS = frozenset({"a", "mo", "wk", "d", "h"})
_ABOUT = frozenset({"i", "e", "ie", "i.e", "i.e.", "or", "approximately", "about", "around", "equal", "to", "ca"})
_HALVES = frozenset({"half", "half-lives", "halflives", "half-life", "halves"})
_DRUGS = frozenset({"drug", "drugs", "agent", "agents", "medication", "medications", "compound", "product", "therapy"})
_OF_DRUGS = frozenset(
    {"drug", "elimination", "plasma", "terminal", "known", "biological", "serum", "its", "the", "estimated", "expected"}
)
_WHOSE = _DRUGS | {"of", "the", "that", "this", "previous", "prior", "respective", "last", "specific", "relevant"}


class Other(NamedTuple):
    """A second length of time; `next` is the token behind it; `shorter`: a bracket around it asks for the shorter."""

    value: Quantity
    next: int
    shorter: bool = False


def other_length(tokens: list[Token], i: int, unit: str | None) -> Other | None:
    """`or 5 half-lives`, `/ 28 days`, `(or 4 half-lives)` behind a length in `unit`: one of both is in half-lives."""
    opened = i < len(tokens) and sign_of(tokens[i]) in _OPEN
    place = i + opened
    joined = place < len(tokens) and (_is_or(tokens[place]) or sign_of(tokens[place]) == "/")
    place += joined
    if not (joined or opened) or place >= len(tokens) or not isinstance(value := tokens[place].tags.get("num"), float):
        return None
    end, own = _unit(tokens, place + 1)
    if own is None or own == unit or _HALF not in (own, unit):
        return None
    other = Other(Quantity(value=value, unit=own), end)
    return _closed(tokens, other) if opened else other


def _is_or(token: Token) -> bool:
    return token.tags.get("connective") in ("or", "and_or")


def _closed(tokens: list[Token], other: Other) -> Other | None:
    """The length with its bracket, in which nothing but `whichever is longer` may follow it."""
    near = range(other.next, min(other.next + _WHICHEVER, len(tokens)))
    close = next((k for k in near if sign_of(tokens[k]) in _CLOSE), None)
    if close is None:
        return None
    words = [str(token.tags.get("word", "whichever")) for token in tokens[other.next : close] if sign_of(token) != ","]
    if words and words[0] != "whichever":
        return None
    return other._replace(next=close + 1, shorter=bool(_SHORTER.search(" ".join(words))))


def past_same_length(tokens: list[Token], i: int) -> int:
    """Past `(168 days)` behind `24 weeks`: the same length in another unit."""
    inner = i + 1
    while inner < len(tokens) and tokens[inner].tags.get("word") in _ABOUT:
        inner += 1
    if inner + 2 >= len(tokens) or sign_of(tokens[i]) not in _OPEN or "num" not in tokens[inner].tags:
        return i
    unit = tokens[inner + 1].tags.get("unit", tokens[inner + 1].tags.get("time"))
    return inner + 3 if unit in _LENGTHS and sign_of(tokens[inner + 2]) in _CLOSE else i


def past_half_lives(tokens: list[Token], i: int) -> int | None:
    """Past `half-lives`, `drug-elimination half-lives of the drug`; None where they do not stand there."""
    while i < len(tokens) and tokens[i].tags.get("word") in _OF_DRUGS:
        i += 1
    if i >= len(tokens) or tokens[i].tags.get("word") not in _HALVES:
        return None
    i += 1 + (i + 1 < len(tokens) and tokens[i + 1].tags.get("word") in ("lives", "life"))
    drug = i
    while drug < len(tokens) and "event" not in tokens[drug].tags and tokens[drug].tags.get("word") in _WHOSE:
        drug += 1
    named = drug > i and tokens[drug - 1].tags.get("word") in _DRUGS
    return drug if named else i


def _unit(tokens: list[Token], i: int) -> tuple[int, str | None]:
    """The half-lives or the unit of time at token `i`, and the token behind it."""
    if (behind := past_half_lives(tokens, i)) is not None:
        return behind, _HALF
    unit = tokens[i].tags.get("unit", tokens[i].tags.get("time")) if i < len(tokens) else None
    return i + 1, unit if isinstance(unit, str) else None


def past_whichever(tokens: list[Token], i: int, text: str) -> tuple[int, bool]:
    """Past `(whichever is longer)`; whether the shorter of both times counts."""
    near = range(i, min(i + 3, len(tokens)))
    at = next((k for k in near if tokens[k].text(text).lower().startswith("whichever")), None)
    if at is None or any(sign_of(token) not in (",", "(", "[") for token in tokens[i:at]):
        return i, False
    end = at + 1
    while end < min(len(tokens), at + _WHICHEVER) and sign_of(tokens[end]) is None and not _is_told(tokens[end]):
        end += 1
    words = text[tokens[at].start : tokens[end - 1].end].lower()
    closes = (
        end < len(tokens) and sign_of(tokens[end]) in (")", "]") and i < at and sign_of(tokens[at - 1]) in ("(", "[")
    )
    comma = not closes and end < len(tokens) and sign_of(tokens[end]) == ","
    return end + (closes or comma), bool(_SHORTER.search(words))


def _is_told(token: Token) -> bool:
    return bool({"before", "connective", "window", "concept"} & token.tags.keys())


def in_either_time(expression: Expression, tokens: list[Token]) -> Expression:
    """Each leaf with the first time of such a pair as two: one a time, any or both of them."""
    for token in tokens:
        if "window" not in token.tags:
            continue
        first, second = token.tags["window"], token.tags.get("or_window") or token.tags.get("and_window")
        if isinstance(first, Window) and isinstance(second, Window):
            expression = _twice(expression, first, second, both="and_window" in token.tags)
    return expression


def _twice(expression: Expression, first: Window, second: Window, both: bool) -> Expression:
    def change(leaf: Expression) -> Expression:
        if getattr(leaf, "window", None) != first:
            return leaf
        pair = [leaf, msgspec.structs.replace(leaf, window=second)]
        return conjunction(pair) if both else disjunction(pair)

    return mapped(expression, change)
