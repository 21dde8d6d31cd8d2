"""Stages of a disease that stand beside it: `stage III-IV melanoma`, `melanoma (stage IIIB)`."""

import re
from typing import TypeGuard

import msgspec

from service.criteria.reading.tokens.lex import Token, sign_of
from service.schemas.expression import ConditionIs, Expression, ScaleScore
from service.schemas.quantity import Range
from service.schemas.text import Span

_ROMAN = re.compile(r"\b[ivx]+\s?[a-c]?\b", re.IGNORECASE)
_STAGED = ("_stage", "_class")
_NUMERALS = ("0", "I", "II", "III", "IV")
_LETTERS = ("", "A", "B", "C")


def staged(token: Token, tokens: list[Token], i: int, text: str) -> tuple[Token, int] | None:
    """The disease with its stage as a qualifier, and the token behind both; arabic numbers stay a score."""
    place = i
    while place < len(tokens) and sign_of(tokens[place]) in ("(", "[", ","):
        place += 1
    other = tokens[place] if place < len(tokens) else token
    disease, score = (other, token) if place == i and isinstance(token.reading, ScaleScore) else (token, other)
    stage = _stage(score, text)
    if stage is None or not isinstance(disease.reading, ConditionIs):
        return None
    behind = place + 1
    if place > i and sign_of(tokens[i]) != ",":
        if behind >= len(tokens) or sign_of(tokens[behind]) not in (")", "]"):
            return None
        behind += 1
    span = Span(min(token.start, other.start), tokens[behind - 1].end)
    qualifiers = (*disease.reading.qualifiers, stage)
    reading = msgspec.structs.replace(disease.reading, qualifiers=qualifiers, span=span)
    return Token(span.start, span.end, {}, reading), behind


def stages_shared(parts: list[Expression]) -> list[Expression]:
    """`stage II or stage IIIA melanoma`: each is of the disease that the list ends with."""
    told = _of_one_scale(parts)
    for i in range(len(told) - 2, -1, -1):
        score, disease = told[i], told[i + 1]
        if not isinstance(score, ScaleScore) or score.scale != "stage" or not isinstance(disease, ConditionIs):
            continue
        others = tuple(one for one in disease.qualifiers if not one.startswith("stage "))
        stage = _spelled(score.range)
        if stage is not None and len(others) < len(disease.qualifiers):
            told[i] = msgspec.structs.replace(disease, qualifiers=(*others, stage), span=score.span)
    return told


def _of_one_scale(parts: list[Expression]) -> list[Expression]:
    """`CKD stage III and stage IV`: a bare stage is of the scale that was named before it."""
    told = [*parts[:1]]
    for part in parts[1:]:
        before = told[-1]
        if not isinstance(before, ScaleScore) or not before.scale.endswith(_STAGED) or not _is_bare(part):
            told.append(part)
        else:
            told.append(msgspec.structs.replace(part, scale=before.scale))
    return told


def _is_bare(part: Expression) -> TypeGuard[ScaleScore]:
    return isinstance(part, ScaleScore) and part.scale == "stage" and part.of is None


def _stage(token: Token, text: str) -> str | None:
    """`stage III-IV`, from a stage told in Roman numerals."""
    score = token.reading
    if not isinstance(score, ScaleScore) or score.scale != "stage" or score.of is not None or score.span is None:
        return None
    return _spelled(score.range) if _ROMAN.search(score.span.of(text)) else None


def _spelled(range_: Range) -> str | None:
    """None for open ends, and for several stages with letters, between which others lie."""
    if range_.low is None or range_.high is None:
        return None
    (low, first), (high, last) = _parts(range_.low), _parts(range_.high)
    if high >= len(_NUMERALS) or max(first, last) >= len(_LETTERS) or (low != high and (first or last)):
        return None
    begin, end = _NUMERALS[low] + _LETTERS[first], _NUMERALS[high] + _LETTERS[last]
    return f"stage {begin}" if begin == end else f"stage {begin}-{end}" if low != high else None


def _parts(value: float) -> tuple[int, int]:
    """3.2 is IIIB."""
    return int(value), round(value * 10) % 10
