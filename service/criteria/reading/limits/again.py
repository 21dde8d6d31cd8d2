"""A bound told again: the same limit in another unit, or a further limit of the same subject."""

from decimal import Decimal

import msgspec

from service.criteria.reading.limits.bounds import bound_at
from service.criteria.reading.limits.ends import Bound
from service.criteria.reading.limits.leaves import SCORES, fits, ranged
from service.criteria.reading.limits.windows import TIME
from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.tree import leaves
from service.reference.analytes import ANALYTES
from service.reference.units import commensurable, convert
from service.schemas.expression import Age, AllOf, AnyOf, Expression, If, Limit, Measurement, ScaleScore
from service.schemas.quantity import Range
from service.schemas.text import Span

_LOOK_BACK = 5
_FAR = 16
_BETWEEN = frozenset(
    {"filler", "person", "sex", "connective", "exception", "condition", "concept", "qualifier", "negation", "result"}
)
"""What may stand between a limit and another of the same thing."""

_NEAR = Decimal("0.12")
"""How far a rounded conversion may be off: 1.5 mg/dL of creatinine is told as 130 or 133 µmol/L."""

_SAME = frozenset({"or", "i", "e", "ie", "equal", "approximately", "about", "ca", "equivalent", "to"})


def past_retold(tokens: list[Token], i: int, bound: Bound, reading: Expression) -> int:
    """Past `(133 µmol/L)`, `or 133 µmol/L`: the same limit in another unit."""
    if i >= len(tokens):
        return i
    if sign_of(tokens[i]) in ("(", "["):
        inner = i + 1
        while inner < len(tokens) and tokens[inner].tags.get("word") in _SAME:
            inner += 1
        again = bound_at(tokens, inner) if inner < len(tokens) else None
        closed = again is not None and again[1] < len(tokens) and sign_of(tokens[again[1]]) in (")", "]")
        return again[1] + 1 if again and closed and _retold(reading, bound, again[0]) else i
    if tokens[i].tags.get("connective") == "or" or sign_of(tokens[i]) in ("/", "="):
        again = bound_at(tokens, i + 1) if i + 1 < len(tokens) else None
        units = again is not None and again[0].ranges[0].unit not in (None, bound.ranges[0].unit)
        return again[1] if again and units and _retold(reading, bound, again[0]) else i
    return i


def _retold(reading: Expression, bound: Bound, again: Bound) -> bool:
    """Whether the second bound is the first one's in another unit, or repeats its number."""
    told, other = _ends(bound), _ends(again)
    unit, second = bound.ranges[0].unit, again.ranges[0].unit
    if second is None or second == unit:
        return set(other) <= {0.0, *told}
    if unit is None or len(told) != len(other) or again.relative_to is not None:
        return False
    analyte = next(
        (ANALYTES.get(leaf.analyte or "") for leaf in leaves(reading) if isinstance(leaf, Measurement)), None
    )
    if isinstance(reading, Measurement) and analyte is None and not commensurable(second, unit):
        return not {unit, second} & TIME
    converted = [convert(Decimal(str(end)), second, unit, analyte) for end in other]
    return all(
        end is not None and abs(end - Decimal(str(first))) <= _NEAR * abs(Decimal(str(first)))
        for first, end in zip(told, converted, strict=True)
    )


def _ends(bound: Bound) -> list[float]:
    """Its numbers, each once."""
    ends = (end for range_ in bound.ranges for end in (range_.low, range_.high) if end is not None)
    return list(dict.fromkeys(ends))


def borrowed(found: list[Token], bound: Bound) -> tuple[int, Expression] | None:
    """`< 18 or > 75 years`, `> 470 ms in women or > 450 ms in men`: a further bound of the subject before."""
    place = len(found) - 1
    while place >= 0 and found[place].reading is None and len(found) - place <= _LOOK_BACK:
        if (behind := _past_short_name(found, place)) is not None and _goes_below(found[behind], bound):
            return _once_more(found[behind].reading, bound)
        place -= 1
    if place < 0 or found[place].reading is None:
        return None
    between = found[place + 1 :]
    joined = _joins(between)
    if joined is None or (bound.bare and not joined):
        return None
    closed = bound.ranges[0].low is not None and bound.ranges[0].high is not None
    parted = sign_of(found[-1]) in ("(", "[") or (bound.ranges[0].unit is None and sign_of(found[-1]) == ",")
    if closed and parted:
        return None
    return _once_more(found[place].reading, bound)


def _joins(between: list[Token]) -> bool | None:
    """Whether words join a bound to the one before them; None where something else stands among them."""
    cased = any("sex" in token.tags for token in between)
    joined = False
    for token in reversed(between):
        sign = sign_of(token)
        joined = joined or "connective" in token.tags or sign in ("(", "[") or (sign == "," and cased)
        silent = sign == ":" or bool({"filler", "sex", "person"} & token.tags.keys())
        if not (joined or silent) or sign in (";", "."):
            return None
    return joined


def _once_more(previous: Expression | None, bound: Bound) -> tuple[int, Expression] | None:
    again = None if previous is None else _named(previous, bound)
    return None if again is None else (bound.start, again)


def of_the_limited(found: list[Token], bound: Bound) -> tuple[int, Expression] | None:
    """`…, except in Gilbert's syndrome (≤ 3 × ULN)`: a multiple of a limit is of what was limited before."""
    if bound.relative_to not in (Limit.ULN, Limit.LLN):
        return None
    for place in range(len(found) - 1, max(-1, len(found) - _FAR), -1):
        token = found[place]
        if token.reading is not None:
            return _once_more(token.reading, bound) if _is_multiple(token.reading) else None
        ends = sign_of(token) == "." or (sign_of(token) == ";" and place < len(found) - 1)
        if ends or not ("sign" in token.tags or _BETWEEN & token.tags.keys()):
            return None
    return None


def _is_multiple(reading: Expression) -> bool:
    """Whether it bounds multiples of a reference limit, or is mixed with such."""
    return any(isinstance(leaf, Measurement) and leaf.relative_to is not None for leaf in leaves(reading))


def _past_short_name(found: list[Token], close: int) -> int | None:
    """The item before `(TT3)`."""
    if close < 3 or sign_of(found[close]) != ")" or sign_of(found[close - 2]) != "(":
        return None
    return close - 3 if found[close - 3].reading is not None else None


def _goes_below(item: Token, bound: Bound) -> bool:
    """`1.3 ≤ triiodothyronine` leaves open above what `≤ 3.1` closes."""
    ends = getattr(item.reading, "range", None)
    return isinstance(ends, Range) and ends.high is None and bound.ranges[0].low is None


def _named(previous: Expression, bound: Bound) -> Expression | None:
    """The previous reading's subject under another bound, as in `< 18 or > 75 years`."""
    span = Span(bound.start, bound.end)
    range_, unit = bound.ranges[0], bound.ranges[0].unit
    match previous:
        case Age() if bound.relative_to is None and (unit is None or unit in TIME):
            return Age(range=ranged(range_, unit or previous.range.unit), span=span)
        case ScaleScore() if bound.relative_to is None and unit in SCORES:
            return ScaleScore(scale=previous.scale, range=ranged(range_, None), span=span)
        case Measurement() if bound.relative_to is not Limit.NORMAL and (not bound.bare or unit):
            if not _comparable(previous, unit):
                return None
            multiples = previous.relative_to if unit is None and bound.relative_to is None else bound.relative_to
            own = unit or (None if multiples else previous.range.unit)
            return Measurement(
                analyte=previous.analyte,
                name=previous.name,
                range=ranged(range_, own),
                relative_to=multiples,
                span=span,
            )
        case If(then=limit):
            return _named(limit, bound)
        case AllOf() | AnyOf() if bound.over is None:
            parts = tuple(_named(part, bound) for part in previous.of)
            return None if None in parts else msgspec.structs.replace(previous, of=parts)
        case _:
            return None


def _comparable(previous: Measurement, unit: str | None) -> bool:
    """Whether a further bound in this unit can be of the same measurement."""
    if unit is None:
        return True
    if previous.analyte is not None:
        return fits(previous.analyte, unit)
    if previous.range.unit is None:
        return unit not in TIME
    return previous.range.unit is not None and commensurable(unit, previous.range.unit)
