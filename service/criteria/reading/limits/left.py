"""The subject on a bound's left: `ALT and AST ≤ 2.5 × ULN`, `ANC (neutrophils) ≥ 1.5`, `no fever > 38 °C`."""

from service.criteria.reading.limits.changes import changed
from service.criteria.reading.limits.ends import Bound
from service.criteria.reading.limits.leaves import Subject, leaf_of, subject_of
from service.criteria.reading.limits.unnamed import is_of_another, name_run
from service.criteria.reading.tokens.lex import Token, sign_of
from service.schemas.expression import Age, AllOf, AnyOf, Expression, If, Limit, Not, SexIs
from service.schemas.patient import Sex
from service.schemas.text import Span

WALLS = frozenset({"connective", "exception", "condition", "window"})
_REACH = 7
_FOR = frozenset({"for", "in", "among"})
_FOLD = frozenset({"twice", "thrice", "double", "triple"})
_ENDS = frozenset({";", ".", ",", "x", "·", "⋅"})
"""Signs that a bound does not reach over: those of a list, and of a formula."""


def subject_before(found: list[Token], bound: Bound, text: str) -> tuple[tuple[int, int], Expression] | None:
    """The subject on the bound's left: where it begins (token, character) and what both say."""
    if found and bound.bare and "range_join" in found[-1].tags:
        return None
    place, steps, when = len(found) - 1, 0, None
    negated = diseased = peopled = False
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
        if token.reading is not None or WALLS & token.tags.keys() or sign_of(token) in _ENDS:
            break
        if token.tags.get("word") in _FOLD or (diseased and peopled and token.tags.get("word") in _FOR):
            return None
        when = when or _sex(token)
        diseased, peopled = diseased or "concept" in token.tags, peopled or "person" in token.tags
        negated = negated or ("negation" in token.tags and _is_of_limit(token, text))
        steps += "filler" not in token.tags
        place -= 1
    if named is None or (named[1].table == "age" and _is_not_now(found, named[0])):
        return None
    first, reading = _with_list(found, *changed(found, named, bound, text), bound, text)
    reading = Not(of=reading) if negated or bound.outside else reading
    start = found[first + 1].start if sign_of(found[first]) in ("(", "[") else found[first].start
    return (first, start), reading if when is None else If(when=when, then=reading)


def _is_of_limit(negation: Token, text: str) -> bool:
    """`ALT is not above …`; `platelets without transfusion above …` denies another thing."""
    return not {"not", "never"}.isdisjoint(negation.text(text).lower().split())


def _is_not_now(found: list[Token], place: int) -> bool:
    """`age at diagnosis ≥ 50 years`, `a partner's age`: not how old the patient is."""
    return is_of_another(found[: place + 1]) or any(token.tags.get("when") == "diagnosis" for token in found[place:])


def _sex(token: Token) -> Expression | None:
    """`hemoglobin in women ≥ 12 g/dL`: whom the bound is for."""
    sex = token.tags.get("sex")
    return SexIs(sex=Sex(sex), span=Span(token.start, token.end)) if isinstance(sex, str) else None


def _inside(found: list[Token], opening: int, close: int, bound: Bound, text: str) -> tuple[int, Subject] | None:
    """A subject that only its bracketed short name tells, and where its long name begins: `… (ASA) score ≤ 2`."""
    told = [one for token in found[opening + 1 : close] if not token.reading and (one := subject_of(token, text))]
    if len({one.key for one in told}) != 1 or not told[0].accepts(bound):
        return None
    first, last = name_run(found, opening)
    return (opening, told[0]) if first == last else (first, told[0]._replace(start=found[first].start))


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
    """`(for age ≥16 years)`, `(women)` between a subject and its bound."""
    readings = [token.reading for token in group if token.reading is not None]
    sexes = [sex for token in group if (sex := _sex(token)) is not None]
    if not readings and len(sexes) == 1:
        return sexes[0]
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
        if not previous.accepts(bound):
            break
        if previous.key == subjects[0].key:
            subjects[0] = subjects[0]._replace(start=previous.start)
        elif all(previous.key != one.key for one in subjects):
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
