"""A number among the tokens, with the unit, the reference limit and the second number that belong to it."""

from typing import NamedTuple

from service.criteria.reading.tokens.lex import Token, sign_of
from service.schemas.expression import Limit

_FOLD = "{fold}"
"""A multiple of something that no limit names: `2 fold as high as …` is no 2 mg/dL."""

_TIMES = frozenset({"x", "*", "·", "⋅", "∙", "•"})
"""Signs that stand for `times`."""


class Number(NamedTuple):
    """A number with what it multiplies; `next` is the token behind it, `over` the second of `160/100`."""

    value: float
    unit: str | None
    limit: Limit | None
    next: int
    over: float | None = None


def number_at(tokens: list[Token], i: int) -> Number | None:
    """A number, its unit, and `× ULN`."""
    if i >= len(tokens):
        return None
    tags = tokens[i].tags
    value = tags.get("num", tags.get("roman"))
    if tags.get("word") in ("a", "an") and i + 1 < len(tokens) and "time" in tokens[i + 1].tags:
        return Number(1.0, str(tokens[i + 1].tags["time"]), None, i + 2)
    if "ordinal" in tags and i + 1 < len(tokens) and "lines" in tokens[i + 1].tags:
        value = tags["ordinal"]
    if not isinstance(value, float):
        return _limit_alone(tokens, i)
    unit, after = None, i + 1
    over = _over(tokens, i)
    after += 2 * (over is not None)
    read = unit_behind(tokens, after)
    if read is not None:
        unit, after = read
    if unit == "wk" and (days := _days(tokens, after)) is not None:
        return Number(value * 7 + days, "d", None, after + 2)
    after += _is_tied_to_times(tokens, after)
    limit = _limit(tokens, after)
    if limit is None and unit is None and after < len(tokens) and tokens[after].tags.get("word") in ("fold", "folds"):
        unit, after = _FOLD, after + 1
    if unit == "%" and limit is not None:
        near = value >= 100 if limit[0] is Limit.ULN else value <= 100
        return Number(value / 100, None, *limit) if near else Number(value, unit, None, after)
    return Number(value, unit, limit[0], limit[1]) if limit else Number(value, unit, None, after, over)


def _is_tied_to_times(tokens: list[Token], i: int) -> bool:
    """The hyphen of `3-fold`."""
    return i + 1 < len(tokens) and sign_of(tokens[i]) == "-" and "times" in tokens[i + 1].tags


def _days(tokens: list[Token], i: int) -> float | None:
    """The 6 of `23 weeks 6 days`."""
    if i + 1 >= len(tokens) or tokens[i + 1].tags.get("unit") != "d":
        return None
    days = tokens[i].tags.get("num")
    return days if isinstance(days, float) and days < 7 else None


def _over(tokens: list[Token], i: int) -> float | None:
    """The 100 of `160/100`, the 10 of `4/10`; not the IIIC of `IIIB/IIIC`."""
    if "roman" in tokens[i].tags:
        return None
    if i + 2 >= len(tokens) or sign_of(tokens[i + 1]) != "/" or tokens[i + 1].start != tokens[i].end:
        return None
    own, value = tokens[i].tags.get("num"), tokens[i + 2].tags.get("num")
    if not isinstance(value, float) or not isinstance(own, float) or value == own + 1:
        return None
    return value if tokens[i + 2].start == tokens[i + 1].end else None


def unit_behind(tokens: list[Token], i: int) -> tuple[str, int] | None:
    """The unit at token `i`, and the token behind it; a time also where words part it from its number."""
    code = tokens[i].tags.get("unit", tokens[i].tags.get("time")) if i < len(tokens) else None
    return (code, i + 1) if isinstance(code, str) else None


def _limit(tokens: list[Token], i: int) -> tuple[Limit, int] | None:
    """`× ULN`, `times the upper limit of normal`."""
    place = i
    while place < len(tokens) and (
        sign_of(tokens[place]) in _TIMES
        or "times" in tokens[place].tags
        or "filler" in tokens[place].tags
        or tokens[place].tags.get("word") in ("institutional", "laboratory", "local", "age")
    ):
        place += 1
    if place < len(tokens) and isinstance(key := tokens[place].tags.get("limit"), str):
        return Limit(key), place + 1
    multiplied = any(sign_of(token) in _TIMES or "times" in token.tags for token in tokens[i:place])
    if multiplied and place < len(tokens) and tokens[place].tags.get("word") == "normal":
        return Limit.ULN, place + 1
    return None


def _limit_alone(tokens: list[Token], i: int) -> Number | None:
    """`> ULN` is `> 1 × ULN`."""
    if isinstance(key := tokens[i].tags.get("limit"), str):
        return Number(1.0, None, Limit(key), i + 1)
    return None
