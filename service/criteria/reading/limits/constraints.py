"""Bounds meet their subjects: `ALT and AST ≤ 2.5 × ULN`, `aged 3 to 18 years`, `ECOG 0-2`, `> 30 % CD7`."""

from service.criteria.reading.limits.again import borrowed, of_the_limited, past_retold
from service.criteria.reading.limits.bounds import STARTS, bound_at
from service.criteria.reading.limits.changes import of_change
from service.criteria.reading.limits.ends import Bound
from service.criteria.reading.limits.extents import extent
from service.criteria.reading.limits.gestation import gestational
from service.criteria.reading.limits.leaves import subject_of
from service.criteria.reading.limits.left import subject_before
from service.criteria.reading.limits.right import agents_behind, named_behind, scored_on, subject_behind
from service.criteria.reading.limits.scores import scored
from service.criteria.reading.limits.unnamed import of_age, told_by_form, unnamed
from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.reading.words.normal import normal
from service.reference.scales import SCALES
from service.schemas.expression import Expression, ScaleScore
from service.schemas.quantity import Range

Read = tuple[int, Expression]
"""Where a bound and its subject begin, and what both say."""

Behind = tuple[Expression, int]
GENERIC = frozenset({"grade", "stage", "class"})
_LABELLED, _LISTED = 3, 7


def read_constraints(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with every bound and its subject as one item."""
    tokens = _without_comma(gestational(scored(tokens, text), text), text)
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        tags = tokens[i].tags
        if STARTS.isdisjoint(tags) or "window" in tags or tokens[i].reading:
            found.append(tokens[i])
            i += 1
        else:
            i = _step(tokens, i, found, text)
    return found


def _without_comma(tokens: list[Token], text: str) -> list[Token]:
    """`Age, 18-65 years`, `Hemoglobin, ≥ 9 g/dL`: a label, and behind its comma a limit of it."""
    if len(tokens) < _LABELLED or sign_of(tokens[1]) != "," or STARTS.isdisjoint(tokens[2].tags):
        return tokens
    subject, read = subject_of(tokens[0], text), bound_at(tokens, 2)
    if subject is None or read is None or not subject.accepts(read[0]) or (read[0].bare and subject.table != "age"):
        return tokens
    return [tokens[0], *tokens[2:]]


def _step(tokens: list[Token], i: int, found: list[Token], text: str) -> int:
    """Move one token over, or one bound with its subject; where to go on."""
    read = bound_at(tokens, i)
    if read is not None and _is_footnote(found, tokens, *read):
        found.extend(tokens[i : read[1]])
        return read[1]
    if read is not None and "normal" in tokens[i].tags and _bounded_anyway(tokens, read[1], text):
        found.append(Token(tokens[i].start, tokens[i].end, {"filler": "filler"}))
        return read[1]
    if read is None:
        found.append(tokens[i])
        return i + 1
    bound, after = read
    if (reach := extent(bound, normal(text))) is not None or (reach := _whole_scale(found, bound)) is not None:
        return _passed_over(tokens, after, found, *reach)
    return _bounded(tokens, i, found, bound, after, text)


def _is_footnote(found: list[Token], tokens: list[Token], bound: Bound, after: int) -> bool:
    """`estrogen therapy (7)`: a number alone in brackets counts no therapies."""
    alone = bound.bare and bound.ranges[0].unit is None and bound.ranges[0].low == bound.ranges[0].high
    opened = len(found) > 1 and sign_of(found[-1]) == "(" and not {"scale", "age", "roman"} & found[-2].tags.keys()
    return alone and opened and after < len(tokens) and sign_of(tokens[after]) == ")"


def _whole_scale(found: list[Token], bound: Bound) -> tuple[int, int] | None:
    """`itch score (0-10)`: a bracket that tells from where to where the scale before it reaches."""
    if not found or sign_of(found[-1]) != "(":
        return None
    named = next((SCALES[str(t.tags["scale"])] for t in reversed(found) if t.tags.get("scale") in SCALES), None)
    whole = named is not None and (bound.ranges[0].low, bound.ranges[0].high) == (named.low, named.high)
    return (bound.start, bound.end) if whole else None


def _passed_over(tokens: list[Token], after: int, found: list[Token], start: int, end: int) -> int:
    """Put what stands between two offsets aside as words that say nothing; where to go on."""
    while found and found[-1].start >= start and found[-1].reading is None:
        found.pop()
    while after < len(tokens) and tokens[after].start < end:
        after += 1
    found.append(Token(start, end, {"filler": "filler"}))
    return after


def _bounded(tokens: list[Token], i: int, found: list[Token], bound: Bound, after: int, text: str) -> int:
    """Move one bound over with its subject, wherever that stands; where to go on."""
    bound = _within(found, bound)
    if _was_then(found, tokens, after, bound):
        found.extend(tokens[i:after])
        return after
    taken = None if _graded_elsewhere(found, tokens, after, bound, text) else subject_before(found, bound, text)
    if taken is not None:
        first, reading = taken
        end = max(bound.end, found[-1].end if found else 0)
        del found[first[0] :]
        found.append(Token(first[1], end, {}, reading))
        return past_retold(tokens, after, bound, reading)
    right = None if of_change(found) else _on_right(tokens, after, found, bound, text)
    alone = None if right else _alone(tokens, after, found, bound, text)
    if alone is not None:
        start, reading = alone
        while found and found[-1].start >= start:
            found.pop()
        found.append(Token(start, bound.end, {}, reading))
        return after
    right = right or named_behind(tokens, after, bound, text)
    if right is not None:
        reading, after = right
        found.append(Token(bound.start, tokens[after - 1].end, {}, reading))
        return after
    found.extend(tokens[i:after])
    return after


def _on_right(tokens: list[Token], after: int, found: list[Token], bound: Bound, text: str) -> Behind | None:
    """The subject that a table knows behind the bound, and the token behind it."""
    return (
        agents_behind(found, tokens, after, bound, text)
        or subject_behind(tokens, after, bound, text)
        or scored_on(found, tokens, after, bound, text)
    )


def _within(found: list[Token], bound: Bound) -> Bound:
    """`within 1.5 × ULN`: not above it."""
    alone = bound.bare and bound.relative_to is not None and bool(found) and found[-1].tags.get("word") == "within"
    if not alone:
        return bound
    found[-1] = Token(found[-1].start, found[-1].end, {"filler": "filler"})
    return bound._replace(ranges=(Range(high=bound.ranges[0].high),), bare=False)


def _was_then(found: list[Token], tokens: list[Token], after: int, bound: Bound) -> bool:
    """`less than 50 years of age at the time of migraine onset`: how old somebody was."""
    aged = bound.aged or any("age" in token.tags for token in found[-3:])
    behind = tokens[after : after + 6]
    timed = any({"when", "before"} & token.tags.keys() for token in behind[:2])
    then = any(t.tags.get("when") == "diagnosis" or t.tags.get("word") in ("onset", "diagnosis") for t in behind)
    return aged and timed and then


def _alone(tokens: list[Token], after: int, found: list[Token], bound: Bound, text: str) -> Read | None:
    """A bound whose subject no table knows, and where it begins; what counts persons is of nothing."""
    if after < len(tokens) and "person" in tokens[after].tags and bound.ranges[0].unit is None and not bound.aged:
        return None
    return (
        told_by_form(bound)
        or borrowed(found, bound)
        or of_the_limited(found, bound)
        or of_age(found, bound, tokens, after)
        or unnamed(found, bound, text)
    )


def _graded_elsewhere(found: list[Token], tokens: list[Token], after: int, bound: Bound, text: str) -> bool:
    """`grade I/II … according to the New York Heart Association`: a later name tells what is graded."""
    if not found or found[-1].tags.get("scale") not in GENERIC:
        return False
    right = subject_behind(tokens, after, bound, text)
    if right is None or not isinstance(right[0], ScaleScore) or right[0].scale in GENERIC:
        return False
    found[-1] = Token(found[-1].start, found[-1].end, {"filler": "filler"})
    return True


def _bounded_anyway(tokens: list[Token], i: int, text: str) -> bool:
    """`elevated INR ≥ 1.5`, `elevated AST or ALT (> 3 × ULN)`: the number says what the word means."""
    named = False
    for place in range(i, min(i + _LISTED, len(tokens))):
        if "comparator" in tokens[place].tags:
            return named
        if subject_of(tokens[place], text) is not None:
            named = True
        elif not named or ("connective" not in tokens[place].tags and sign_of(tokens[place]) not in ("(", "/", "[")):
            return False
    return False
