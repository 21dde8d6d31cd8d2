"""Changes of a value, which are bounded otherwise than the value: `a fall in hemoglobin of > 2 g/dL`."""

import re

from service.criteria.reading.limits.ends import Bound
from service.criteria.reading.limits.leaves import Subject
from service.criteria.reading.tokens.lex import Token
from service.criteria.reading.words.lexicon import WORDS

_CHANGES = frozenset(WORDS["change"])
_CHANGING = re.compile(
    r"(?:in|de)creas\w*|reduc\w*|fall\w*|fell|drop\w*|rose|risen|declin\w*|improv\w*|worsen\w*|chang\w*|differ\w*"
)
_OWN = frozenset({"weight_change", "weight_change_mass"})
"""Analytes that are changes themselves."""

_REACHED = ("below", "under", "above", "over")
"""`falls below 8 g/dL`, `a fall to 8 g/dL`: where the change ends is a level again."""


def changed(found: list[Token], named: tuple[int, Subject], bound: Bound, text: str) -> tuple[int, Subject]:
    """The subject with the word for its change, where one stands beside it; multiples of a limit are of levels."""
    place, subject = named
    if found[-1].tags.get("word") == "to" or text[bound.start :].lower().startswith(_REACHED):
        return named
    if bound.relative_to is not None or subject.key in _OWN or subject.table not in ("analyte", "analytes", "scale"):
        return named
    first = place - 1
    while first >= 0 and "filler" in found[first].tags:
        first -= 1
    if first >= 0 and _is_change(found[first]):
        return first, _renamed(found[first].start, subject.end, text)
    by = found[-1].tags.get("word") == "by"
    for token in found[place + 1 : place + 3]:
        if _is_change(token) or (by and _is_changing(token)):
            return place, _renamed(subject.start, token.end, text)
    return named


def _is_change(token: Token) -> bool:
    return token.reading is None and token.tags.get("word") in _CHANGES


def _is_changing(token: Token) -> bool:
    """`hemoglobin has fallen by`: in front of `by` any verb of change."""
    return token.reading is None and bool(_CHANGING.match(str(token.tags.get("word"))))


def of_change(found: list[Token]) -> bool:
    """`a decrement of`: the number behind it is the change, of whatever is named then."""
    last = next((token for token in reversed(found) if "filler" not in token.tags), None)
    return last is not None and _is_change(last)


def _renamed(start: int, end: int, text: str) -> Subject:
    return Subject("name", text[start:end], text[start:end], start, end)
