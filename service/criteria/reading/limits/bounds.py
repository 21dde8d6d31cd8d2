"""Numbers, comparators and units among the tokens → bounds: `≥ 1.5 × ULN`, `between 3 and 18 years`, `0, 1 or 2`."""

from service.criteria.reading.limits.ends import Bound, closed, exclusive, joined, merged, range_of
from service.criteria.reading.limits.numbers import Number, number_at, unit_behind
from service.criteria.reading.tokens.lex import Token, sign_of
from service.schemas.expression import Limit
from service.schemas.quantity import Range

STARTS = frozenset({"range_open", "comparator", "num", "ordinal", "roman", "normal"})
"""Tables that a bound begins in."""
_JOINS = frozenset({"-", "~", "–"})
_YEARS = frozenset({"a", "mo"})
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_BETWEEN = 3
_AGAIN = 5
_SIGN = 3
"""Characters of a comparator written as a sign; one in words stands behind what it compares."""
_SMALL = frozenset({"the", "a", "an", "of", "or", "age", "ages", "score"})
_REFERENCE = frozenset({"reference", "normal", "range", "value", "values"})


def bound_at(tokens: list[Token], i: int) -> tuple[Bound, int] | None:
    """The longest bound that starts at token `i`, and the token behind it."""
    read = _bound_at(tokens, i)
    if read is not None and any("aged" in t.tags or "age" in t.tags for t in tokens[i : read[1]]):
        return read[0]._replace(aged=True), read[1]
    return read


def _bound_at(tokens: list[Token], i: int) -> tuple[Bound, int] | None:
    first = tokens[i].tags
    if "range_open" in first:
        return _opened(tokens, i)
    if "comparator" in first:
        return _compared(tokens, i)
    if "num" in first or "ordinal" in first or ("roman" in first and _is_class(tokens, i)):
        return _counted(tokens, i)
    return _worded(tokens, i)


def _is_class(tokens: list[Token], i: int) -> bool:
    """`class III`, `I/II`: a roman numeral beside a word for classes, or two of them."""
    around = [tokens[k].tags for k in range(max(0, i - 2), min(len(tokens), i + 3)) if k != i]
    return any("scale_word" in tags or "scale" in tags or "roman" in tags for tags in around)


def _worded(tokens: list[Token], i: int) -> tuple[Bound, int] | None:
    """`within normal limits`, `abnormal`, `above the upper limit of normal`."""
    state = tokens[i].tags.get("normal")
    if state is None:
        return None
    start, end = tokens[i].start, tokens[i].end
    if state == "high":
        return Bound(start, end, (Range(low=1.0, low_inclusive=False),), Limit.ULN), i + 1
    if state == "low":
        return Bound(start, end, (Range(high=1.0, high_inclusive=False),), Limit.LLN), i + 1
    return Bound(start, end, (Range(),), Limit.NORMAL, outside=state == "abnormal"), i + 1


def _opened(tokens: list[Token], i: int) -> tuple[Bound, int] | None:
    """`between A and B`, `from A to B`."""
    low = number_at(tokens, _skip_words(tokens, i + 1))
    if low is None:
        return None
    join = _past_bracket(tokens, low.next)
    while join + 1 < len(tokens) and _before_and(tokens, join):
        join += 1
    if join >= len(tokens) or not (_joins(tokens[join]) or _is_and(tokens[join])):
        return None
    sign = tokens[join + 1].tags.get("comparator") if join + 1 < len(tokens) else None
    high = number_at(tokens, join + 1 + (sign in ("<", "<=")))
    if high is None:
        return None
    bound, after = closed(tokens, i, low, high)
    return (_below(bound), after) if sign == "<" else (bound, after)


def _below(bound: Bound) -> Bound:
    """The bound without its upper end: `18 to < 65`."""
    return bound._replace(ranges=(*bound.ranges[:-1], exclusive(bound.ranges[-1])))


def _past_bracket(tokens: list[Token], i: int) -> int:
    """Past `(1 year)` in `between 12 months (1 year) and 5 years`."""
    if i >= len(tokens) or sign_of(tokens[i]) != "(":
        return i
    close = next((k for k in range(i, min(i + _AGAIN, len(tokens))) if sign_of(tokens[k]) == ")"), None)
    return i if close is None or "num" not in tokens[i + 1].tags else close + 1


def _before_and(tokens: list[Token], i: int) -> bool:
    """The hyphen of `18- and 65-year`, the words of `1 h of life and 28 days`."""
    return (sign_of(tokens[i]) == "-" and _is_and(tokens[i + 1])) or tokens[i].tags.get("word") in ("of", "life")


def _is_and(token: Token) -> bool:
    """`and`, and what is often typed for it."""
    return token.tags.get("connective") == "and" or token.tags.get("word") in ("an", "ad", "nad")


def _compared(tokens: list[Token], i: int) -> tuple[Bound, int] | None:
    """`≥ 18`, `> 2.5 × ULN`, `≥ 18 and ≤ 75 years`, `> 3 and < 5`."""
    one = _one_sided(tokens, i)
    return None if one is None else _with_other_end(tokens, *one)


def _with_other_end(tokens: list[Token], bound: Bound, after: int) -> tuple[Bound, int]:
    """The bound with the opposite one behind it, if one follows: `≥ 18 years, but below 80 years`."""
    second = after
    while second < min(len(tokens), after + _BETWEEN) and _links_ends(tokens[second]):
        second += 1
    if second < len(tokens) and "comparator" in tokens[second].tags:
        other = _one_sided(tokens, second)
        both = joined(bound, other[0]) if other else None
        if other and both:
            return both, other[1]
    return bound, after


def _links_ends(token: Token) -> bool:
    """What stands between two ends: `and`, a comma, `but`."""
    return token.tags.get("connective") == "and" or token.tags.get("word") == "but" or sign_of(token) in (",", "-")


def _one_sided(tokens: list[Token], i: int) -> tuple[Bound, int] | None:
    sign = str(tokens[i].tags["comparator"])
    place = i + 1
    if place < len(tokens) and "comparator" in tokens[place].tags and "sign" not in tokens[place].tags:
        sign, place = merged(sign, str(tokens[place].tags["comparator"])), place + 1
    if place + 2 < len(tokens) and sign_of(tokens[place]) in ("(", "[") and sign_of(tokens[place + 2]) in (")", "]"):
        again = tokens[place + 1].tags.get("comparator")
        if again == sign:
            place += 3
    number = number_at(tokens, _skip_words(tokens, place)) or _past_reference(tokens, place)
    if number is None:
        return None
    joined = number.next
    if _sign_in(tokens, joined, _JOINS) and (high := number_at(tokens, joined + 1)) and sign in (">=", ">", "="):
        bound, after = closed(tokens, i, number, high)
        return bound, after
    if sign == "=" and (behind := _sign_behind(tokens, number.next)) is not None:
        sign, after = behind
        number = number._replace(next=after)
    bound = Bound(
        tokens[i].start, tokens[number.next - 1].end, (range_of(sign, number),), number.limit, over=number.over
    )
    return bound, number.next


def _counted(tokens: list[Token], i: int) -> tuple[Bound, int] | None:
    """`3-18 years`, `18 years or older`, `0, 1 or 2`, a bare number."""
    first = number_at(tokens, i)
    if first is None:
        return None
    after = first.next
    if (behind := _sign_behind(tokens, after)) is not None:
        sign, after = behind
        late = unit_behind(tokens, after) if first.unit is None else None
        end = late[1] if late else after
        first = first._replace(unit=late[0]) if late else first
        bound = Bound(tokens[i].start, tokens[end - 1].end, (range_of(sign, first),), first.limit)
        return _with_other_end(tokens, bound, end)
    if (older := _and_years(tokens, first)) is not None:
        return closed(tokens, i, first, older)
    if after < len(tokens) and _joins(tokens[after]):
        at = after + 1
        at += at < len(tokens) and sign_of(tokens[after]) == "-" and "range_join" in tokens[at].tags
        sign = ""
        if at < len(tokens) and tokens[at].tags.get("comparator") in ("<", "<="):
            sign, at = str(tokens[at].tags["comparator"]), at + 1
        high = number_at(tokens, at)
        if high is not None:
            bound, end = closed(tokens, i, first, high)
            bound = bound._replace(bare="roman" in tokens[i].tags)
            return (_below(bound) if sign == "<" else bound), end
    if _is_sandwiched(tokens, after):
        return _sandwich(tokens, i, first)
    return _listed(tokens, i, first)


def _sign_behind(tokens: list[Token], i: int) -> tuple[str, int] | None:
    """What `or older`, `, inclusive, or older` or the plus of `65+` say of the number before, and the token behind."""
    if _is_plus(tokens, i):
        return ">=", i + 1
    place = i
    while place < len(tokens) and _is_between(tokens[place]):
        place += 1
    sign = tokens[place].tags.get("trailing") if place < len(tokens) else None
    return (sign, place + 1) if isinstance(sign, str) else None


def _is_between(token: Token) -> bool:
    """What may part a number from its sign: `8 months of age or older`, `18 years, inclusive, or older`."""
    is_age = "age" in token.tags and "trailing" not in token.tags
    return is_age or sign_of(token) == "," or token.tags.get("word") == "inclusive"


def _is_plus(tokens: list[Token], i: int) -> bool:
    """The plus of `65+`, not that of `3+4`."""
    if i >= len(tokens) or sign_of(tokens[i]) != "+" or tokens[i].start != tokens[i - 1].end:
        return False
    return i + 1 == len(tokens) or "num" not in tokens[i + 1].tags or tokens[i + 1].start > tokens[i].end


def _and_years(tokens: list[Token], first: Number) -> Number | None:
    """The upper end of `18 and 80 years`."""
    if first.next >= len(tokens) or first.unit is not None or not _is_and(tokens[first.next]):
        return None
    older = number_at(tokens, first.next + 1)
    return older if older is not None and older.unit in _YEARS and older.value > first.value + 1 else None


def _is_sandwiched(tokens: list[Token], i: int) -> bool:
    """`18 years ≤ age`: a comparator with something to compare behind it, no further number."""
    if i + 1 >= len(tokens) or tokens[i].tags.get("comparator") not in _MIRRORED:
        return False
    return "num" not in tokens[i + 1].tags and "word" not in tokens[i].tags and tokens[i].end - tokens[i].start <= _SIGN


def _sandwich(tokens: list[Token], i: int, number: Number) -> tuple[Bound, int]:
    """`18 ≤` of `18 ≤ age < 65`: what stands behind it is the subject."""
    sign = _MIRRORED[str(tokens[number.next].tags["comparator"])]
    return Bound(tokens[i].start, tokens[number.next].end, (range_of(sign, number),), None), number.next + 1


def _listed(tokens: list[Token], i: int, first: Number) -> tuple[Bound, int]:
    """A bare number, or a list of them: `0, 1 or 2` is 0 to 2, `I/II` is 1 to 2."""
    values, last = [first.value], first
    unit, limit = first.unit, first.limit
    while True:
        place = last.next
        while place < len(tokens) and (
            sign_of(tokens[place]) in (",", "/") or tokens[place].tags.get("connective") in ("or", "and", "and_or")
        ):
            place += 1
        beside = _is_class_beside(tokens, i, place)
        following = number_at(tokens, place) if place > last.next or beside else None
        if following is None or not _follows(values[-1], following.value):
            break
        values.append(following.value)
        unit, limit, last = unit or following.unit, limit or following.limit, following
    bounds = Range(low=min(values), high=max(values), unit=unit)
    return Bound(tokens[i].start, tokens[last.next - 1].end, (bounds,), limit, bare=True), last.next


def _follows(value: float, next_value: float) -> bool:
    """Whether nothing lies between two classes: II and III, IIIB and IV, but not IIIA and IV."""
    return 0 < abs(next_value - value) <= 1 and not 0.85 < abs(next_value - value) < 0.95


def _is_class_beside(tokens: list[Token], i: int, place: int) -> bool:
    """`stage IIIB IV`: a lost sign between two classes."""
    return place < len(tokens) and "roman" in tokens[i].tags and "roman" in tokens[place].tags


def _skip_words(tokens: list[Token], i: int) -> int:
    """Past small words between a comparator and its number: `at least the age of 18`, `above a score of 3`."""
    while i + 1 < len(tokens) and _is_small(tokens[i]) and "time" not in tokens[i + 1].tags:
        i += 1
    return i


def _past_reference(tokens: list[Token], i: int) -> Number | None:
    """The multiple in `> reference range 3 times upper limit`."""
    place = i
    while place < len(tokens) and tokens[place].tags.get("word") in _REFERENCE:
        place += 1
    number = number_at(tokens, place) if place > i else None
    return number if number is not None and number.limit is not None else None


def _is_small(token: Token) -> bool:
    return (
        sign_of(token) == ":" or token.tags.get("word") in _SMALL or ("age" in token.tags and "num" not in token.tags)
    )


def _sign_in(tokens: list[Token], i: int, signs: frozenset[str]) -> bool:
    return i < len(tokens) and sign_of(tokens[i]) in signs


def _joins(token: Token) -> bool:
    return sign_of(token) in _JOINS or "range_join" in token.tags
