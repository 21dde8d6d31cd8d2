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


class Other(NamedTuple):
    """A second length of time; `next` is the token behind it."""

    value: Quantity
    next: int


def other_length(tokens: list[Token], i: int, unit: str | None) -> Other | None:
    """`or 5 half-lives`, `/ 28 days`, behind a length in `unit`: one of both is told in half-lives."""
    joined = i < len(tokens) and (tokens[i].tags.get("connective") in ("or", "and_or") or sign_of(tokens[i]) == "/")
    if not joined or i + 1 >= len(tokens) or not isinstance(value := tokens[i + 1].tags.get("num"), float):
        return None
    end, own = _unit(tokens, i + 2)
    return Other(Quantity(value=value, unit=own), end) if own is not None and _HALF in (own, unit) else None


def _unit(tokens: list[Token], i: int) -> tuple[int, str | None]:
    """The half-lives or the unit of time at token `i`, and the token behind it."""
    if i >= len(tokens):
        return i, None
    word = tokens[i].tags.get("word")
    if word in ("half", "half-lives", "halflives", "half-life", "halves"):
        split = i + 1 < len(tokens) and tokens[i + 1].tags.get("word") in ("lives", "life")
        return i + 1 + split, _HALF
    unit = tokens[i].tags.get("unit", tokens[i].tags.get("time"))
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
