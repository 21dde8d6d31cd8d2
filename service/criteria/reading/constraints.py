"""Bounds meet their subjects: `ALT and AST ≤ 2.5 × ULN`, `aged 3 to 18 years`, `ECOG 0-2`, `> 30 % CD7`."""

import re

from service.criteria.reading.again import borrowed, past_retold
from service.criteria.reading.bounds import bound_at
from service.criteria.reading.ends import Bound
from service.criteria.reading.leaves import Subject, leaf_of, subject_of
from service.criteria.reading.lex import Token, sign_of
from service.criteria.reading.scores import scored
from service.criteria.reading.unnamed import name_run, named_behind, of_age, unnamed
from service.reference.concepts import lookup
from service.schemas.expression import Age, AllOf, AnyOf, Expression, If, Limit, Not, ScaleScore, Timing, TreatmentIs
from service.schemas.text import Span

_REACH = 7
_AGENTS = 7
_MOST = 20
_FOLD = frozenset({"twice", "thrice", "double", "triple"})
_GIVEN = re.compile(
    r"\b(?:agents?|drugs?|therap\w+|treatments?|regimens?|medications?|lines?|courses?|cycles?|doses?|inhibitors?|blockers?|antibod\w+"
    r"|transplant\w*|\w*mabs?|\w*nibs?|anti\w+|immunosuppress\w*|steroids?|vaccin\w*|biologics?|dmards?|chemo\w*|systemic)\b"
)
GENERIC = frozenset({"grade", "stage", "class"})
_RIGHT = 3
_ENDS = frozenset({";", ".", ",", "x", "·", "⋅"})
"""Signs that a bound does not reach over: those of a list, and of a formula."""
_WALLS = frozenset({"connective", "exception", "condition", "window"})


def read_constraints(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with every bound and its subject as one item."""
    tokens = scored(tokens, text)
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        i = _step(tokens, i, found, text)
    return found


def _step(tokens: list[Token], i: int, found: list[Token], text: str) -> int:
    """Move one token over, or one bound with its subject; where to go on."""
    read = None if "window" in tokens[i].tags or tokens[i].reading else bound_at(tokens, i)
    if read is not None and "normal" in tokens[i].tags and _bounded_anyway(tokens, read[1], text):
        found.append(Token(tokens[i].start, tokens[i].end, {"filler": "filler"}))
        return read[1]
    if read is not None:
        bound, after = read
        taken = None if _graded_elsewhere(found, tokens, after, bound, text) else _left(found, bound, text)
        if taken is not None:
            first, reading = taken
            end = max(bound.end, found[-1].end if found else 0)
            del found[first[0] :]
            found.append(Token(first[1], end, {}, reading))
            return past_retold(tokens, after, bound, reading)
        right = _agents(found, tokens, after, bound, text) or _right(tokens, after, bound, text)
        if right is not None:
            reading, after = right
            found.append(Token(bound.start, tokens[after - 1].end, {}, reading))
            return after
        alone = borrowed(found, bound) or of_age(found, bound, tokens, after) or unnamed(found, bound, text)
        if alone is not None:
            start, reading = alone
            while found and found[-1].start >= start:
                found.pop()
            found.append(Token(start, bound.end, {}, reading))
            return after
        right = named_behind(tokens, after, bound, text)
        if right is not None:
            reading, after = right
            found.append(Token(bound.start, tokens[after - 1].end, {}, reading))
            return after
        found.extend(tokens[i:after])
        return after
    found.append(tokens[i])
    return i + 1


def _graded_elsewhere(found: list[Token], tokens: list[Token], after: int, bound: Bound, text: str) -> bool:
    """`grade I/II … according to the New York Heart Association`: a later name tells what is graded."""
    if not found or found[-1].tags.get("scale") not in GENERIC:
        return False
    right = _right(tokens, after, bound, text)
    if right is None or not isinstance(right[0], ScaleScore) or right[0].scale in GENERIC:
        return False
    found[-1] = found[-1]._replace(tags={"filler": "filler"})
    return True


def _bounded_anyway(tokens: list[Token], i: int, text: str) -> bool:
    """`elevated INR ≥ 1.5`: the number says what the word means."""
    return i + 1 < len(tokens) and subject_of(tokens[i], text) is not None and "comparator" in tokens[i + 1].tags


def _left(found: list[Token], bound: Bound, text: str) -> tuple[tuple[int, int], Expression] | None:
    """The subject on the bound's left: where it begins (token, character) and what both say."""
    place, steps, negated, when = len(found) - 1, 0, False, None
    named: tuple[int, Subject] | None = None
    while place >= 0 and steps <= _REACH:
        token = found[place]
        if sign_of(token) in (")", "]"):
            opening = _opening(found, place)
            if opening is None:
                return None
            when = when or _condition(found[opening + 1 : place])
            named = named or _inside(found, opening, place, bound, text)
            place = opening - 1
            continue
        subject = None if token.reading else subject_of(token, text)
        if subject is not None:
            named = (place, subject) if subject.accepts(bound) else named
            break
        if token.reading is not None or _WALLS & token.tags.keys() or sign_of(token) in _ENDS:
            break
        if token.tags.get("word") in _FOLD:
            return None
        negated = negated or "negation" in token.tags
        steps += "filler" not in token.tags
        place -= 1
    if named is None:
        return None
    first, reading = _with_list(found, *named, bound, text)
    reading = Not(of=reading) if negated or bound.outside else reading
    start = found[first + 1].start if sign_of(found[first]) in ("(", "[") else found[first].start
    return (first, start), reading if when is None else If(when=when, then=reading)


def _inside(found: list[Token], opening: int, close: int, bound: Bound, text: str) -> tuple[int, Subject] | None:
    """A subject that only its bracketed short name tells, and where its long name begins: `… (ASA) score ≤ 2`."""
    for place in range(opening + 1, close):
        subject = None if found[place].reading else subject_of(found[place], text)
        if subject is not None and subject.accepts(bound):
            first, last = name_run(found, opening)
            return (first if first < last else opening), subject
    return None


def _opening(found: list[Token], close: int) -> int | None:
    """The bracket that opens what closes at `close`."""
    depth = 0
    for place in range(close, -1, -1):
        sign = sign_of(found[place])
        depth += (sign in (")", "]")) - (sign in ("(", "["))
        if depth == 0:
            return place
    return None


def _condition(group: list[Token]) -> Expression | None:
    """`(for age ≥16 years)` between a subject and its bound."""
    readings = [token.reading for token in group if token.reading is not None]
    return readings[0] if len(readings) == 1 and isinstance(readings[0], Age) else None


def _with_list(found: list[Token], place: int, subject: Subject, bound: Bound, text: str) -> tuple[int, Expression]:
    """The subject and those coordinated before it share the bound; the first token of them all."""
    subjects, first, joint = [subject], place, ""
    while True:
        join = _before(found, first)
        other = _before(found, join) if join is not None else None
        if join is None or other is None or found[other].reading is not None:
            break
        kind = found[join].tags.get("connective") or sign_of(found[join])
        previous = subject_of(found[other], text)
        if kind not in ("and", "or", "and_or", ",", "/") or previous is None or previous.table != subject.table:
            break
        if all(previous.key != one.key for one in subjects):
            subjects.insert(0, previous)
        joint, first = (joint if kind in (",", "/") else str(kind)), other
    first = _named_twice(found, first, subjects[0], text)
    leaves = [leaf_of(one, bound, Span(one.start, bound.end)) for one in subjects]
    return first, _combined(leaves, joint, bound)


def _named_twice(found: list[Token], first: int, subject: Subject, text: str) -> int:
    """Where the subject begins, its other names before it included: `ECOG (Eastern …) performance status`."""
    while (other := _before(found, first)) is not None:
        again = None if found[other].reading else subject_of(found[other], text)
        if again is None or (again.table, again.key) != (subject.table, subject.key):
            return first
        first = other
    return first


def _before(found: list[Token], place: int) -> int | None:
    """The token before `place`, past bracketed synonyms and small words."""
    place -= 1
    while place >= 0:
        if sign_of(found[place]) in (")", "]"):
            opening = _opening(found, place)
            if opening is None:
                return None
            place = opening - 1
        elif found[place].tags.get("word") in (
            "serum",
            "plasma",
            "total",
            "the",
            "a",
            "an",
            "level",
            "levels",
            "blood",
            "mean",
        ):
            place -= 1
        else:
            return place
    return None


def _combined(leaves: list[Expression], joint: str, bound: Bound) -> Expression:
    """One leaf, or all or any of several; without a word between them, a ceiling is for all and a floor for any."""
    if len(leaves) == 1:
        return leaves[0]
    floor = bool(bound.ranges) and bound.ranges[0].high is None and bound.relative_to is not Limit.NORMAL
    if joint in ("or", "and_or") or (not joint and floor):
        return AnyOf(of=tuple(leaves))
    return AllOf(of=tuple(leaves))


def _agents(found: list[Token], tokens: list[Token], i: int, bound: Bound, text: str) -> tuple[Expression, int] | None:
    """`failed at least two immunosuppressive and/or biologic agents`: how many of what, behind a therapy's verb."""
    if (
        not found
        or not {"outcome", "timing"} & found[-1].tags.keys()
        or bound.ranges[0].unit
        or not 1 <= (bound.ranges[0].low or 0) <= _MOST
    ):
        return None
    end = i
    while end < len(tokens) and end - i < _AGENTS and (_can_count(tokens[end]) or _joins_agents(tokens, end)):
        end += 1
    if end == i:
        return None
    name = text[tokens[i].start : tokens[end - 1].end]
    known = lookup(name)
    if not known and not _GIVEN.search(name.lower()):
        return None
    leaf = TreatmentIs(
        name=name,
        concept=known[0].id if len(known) == 1 else None,
        lines=bound.ranges[0],
        timing=Timing.PRIOR,
        span=Span(bound.start, tokens[end - 1].end),
    )
    return leaf, end


def _can_count(token: Token) -> bool:
    if token.tags.get("word") in ("for", "in"):
        return False
    return sign_of(token) is None and not (_WALLS | {"comparator", "num", "negation", "event"}) & token.tags.keys()


def _joins_agents(tokens: list[Token], i: int) -> bool:
    """`immunosuppressive and/or biologic`: a connective between words that count."""
    return tokens[i].tags.get("connective") in ("and_or", "or") and i + 1 < len(tokens) and _can_count(tokens[i + 1])


def _right(tokens: list[Token], i: int, bound: Bound, text: str) -> tuple[Expression, int] | None:
    """The subject on the bound's right: `18 years of age`, `two prior lines`, `> 30 % of blasts`."""
    if bound.relative_to is Limit.NORMAL and i < len(tokens):
        subject = subject_of(tokens[i], text)
        if subject is None or not subject.accepts(bound):
            return None
        leaf = leaf_of(subject, bound, Span(bound.start, tokens[i].end))
        return (Not(of=leaf) if bound.outside else leaf), i + 1
    steps = 0
    for place in range(i, len(tokens)):
        token = tokens[place]
        if "num" in token.tags or (sign_of(token) == "-" and place > i and "num" in tokens[place - 1].tags):
            continue
        if (
            _WALLS & token.tags.keys()
            or token.reading
            or sign_of(token)
            or "comparator" in token.tags
            or steps > _RIGHT
        ):
            return None
        subject = subject_of(token, text)
        if subject is not None and subject.table == "age" and bound.ranges[0].unit is None and place > i:
            return None
        if subject is not None and subject.on_right and subject.accepts(bound):
            return leaf_of(subject, bound, Span(bound.start, token.end)), place + 1
        steps += "filler" not in token.tags
    return None
