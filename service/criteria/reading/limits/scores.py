"""Scales put the way bounds are read: the name first, classes as numbers."""

from msgspec.structs import replace

from service.criteria.reading.tokens.lex import Token, sign_of
from service.reference.scales import SCALES, Scale

_EXTREMES = frozenset({"minimum", "maximum", "minimal", "maximal", "min", "max"})
_STRUCTURE = frozenset({"connective", "comparator", "num", "negation", "exception", "condition"})
_FAR = 6


def scored(tokens: list[Token], text: str) -> list[Token]:
    """`greater than NYHA II` as `NYHA greater than 2`, `Child-Pugh A or B` as `Child-Pugh 1 or 2`."""
    tokens = _least_of(tokens)
    if not any("scale" in token.tags for token in tokens):
        return tokens
    return _classed(_subject_first(tokens, text), text)


def _least_of(tokens: list[Token]) -> list[Token]:
    """`minimum weight of 50 kg` as `weight ≥ 50 kg`."""
    ordered = list(tokens)
    for i, token in enumerate(tokens):
        if token.tags.get("word") not in _EXTREMES or "comparator" not in token.tags:
            continue
        of = next((k for k in range(i + 1, min(i + _FAR, len(tokens) - 1)) if _is_of(tokens[k])), i)
        plain = not any("sign" in one.tags or not _STRUCTURE.isdisjoint(one.tags) for one in tokens[i + 1 : of])
        if of > i + 1 and plain and "num" in tokens[of + 1].tags:
            ordered[i] = replace(token, tags={"filler": "filler"})
            ordered[of] = replace(tokens[of], tags={"comparator": token.tags["comparator"]})
    return ordered


def _is_of(token: Token) -> bool:
    return token.tags.get("word") in ("of", "is") or sign_of(token) == ":"


def _is_class_of(scale: Token, token: Token, text: str) -> bool:
    known = SCALES.get(str(scale.tags["scale"]))
    return known is not None and token.text(text).upper() in known.classes


def _subject_first(tokens: list[Token], text: str) -> list[Token]:
    """`greater than NYHA 2` as `NYHA greater than 2`."""
    ordered = list(tokens)
    for i in range(len(ordered) - 2):
        sign, scale = ordered[i], ordered[i + 1]
        if (
            "comparator" in sign.tags
            and "scale" in scale.tags
            and (
                {"num", "roman", "scale_word"} & ordered[i + 2].tags.keys() or _is_class_of(scale, ordered[i + 2], text)
            )
        ):
            ordered[i], ordered[i + 1] = replace(scale, start=sign.start), replace(sign, start=scale.end, end=scale.end)
    return ordered


def _classed(tokens: list[Token], text: str) -> list[Token]:
    """`Child-Pugh A or B`: the classes of a named scale as its numbers."""
    found = list(tokens)
    for i, token in enumerate(tokens):
        scale = SCALES.get(str(token.tags.get("scale")))
        place = i + 1
        while scale is not None and place < len(found) and (number := _class(found[place], scale, text)) is not None:
            if number >= 0:
                found[place] = replace(found[place], tags={"num": number, "roman": number})
            place += 1
    return found


def _class(token: Token, scale: Scale, text: str) -> float | None:
    """The class's number, -1 for a word that may stand before it or between two, None for anything else."""
    number = scale.classes.get(token.text(text).upper())
    if number is not None and "word" in token.tags:
        return float(number)
    small = {"scale_word", "connective", "comparator", "filler"} & token.tags.keys() or sign_of(token) in (
        ",",
        "/",
        "-",
        ":",
        "(",
    )
    return -1.0 if small else None
