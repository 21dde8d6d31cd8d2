"""Bounds whose subject no table knows: borrowed from the bound before, an age, or named by the words around."""

import re

from service.criteria.reading.limits.ends import Bound
from service.criteria.reading.limits.leaves import Subject, leaf_of
from service.criteria.reading.limits.windows import TIME
from service.criteria.reading.tokens.lex import Token, sign_of
from service.reference.analytes import GROUPS
from service.schemas.expression import Expression, Not
from service.schemas.text import Span

_PERSONS = frozenset(
    {"filler", "sex", "recent", "when", "qualifier", "age", "timing", "connective", "pregnancy", "person"}
)
_LOOK_BACK = 5
_BESIDE_AGE = _PERSONS - {"person", "sex"}
_OTHERS_NEAR = 7
_OTHERS = frozenset(
    {"partner", "partners", "spouse", "donor", "donors", "sibling", "siblings", "caregiver", "caregivers", "guardian"}
)
_BEGINNINGS = frozenset({"onset", "diagnosed", "diagnosis", "debut", "menarche", "menopause", "dose", "occurred"})
_INABILITY = re.compile(r"\b(?:unable|inabilit\w+|incapab\w+|refus\w+|fail\w+)\b")
_HOLLOW = frozenset(
    {"total", "score", "level", "count", "number", "size", "amount", "value", "overall", "mean", "index"}
)
_HAVING = frozenset({"with", "have", "has", "a", "of"})
_BEING = frozenset(
    {"is", "are", "be", "must", "being", "was", "were", "who", "with", "the", "of", "have", "has", "should"}
)
_DURATION = frozenset({"since", "after", "before", "following", "from", "of", "prior", "with", "on", "history"})
_YOUNG = frozenset(
    {"infant", "infants", "newborn", "newborns", "neonate", "neonates", "child", "children", "babies", "baby"}
)
_OF_UNIT: dict[str | None, str] = {"{pack-years}": "pack_years"}
"""Units that only one thing is measured in."""

_SYSTOLIC, _DIASTOLIC = range(70, 261), range(30, 161)
_NO_NAMES = frozenset({"but", "than", "then", "if", "because", "thus", "so", "yet"})
_LASTING = re.compile(
    r"\b(?:duration|length|interval|time|period|latency|evolution|onset|cycle|stay|delay|since|gap)\b"
)


def of_age(found: list[Token], bound: Bound, tokens: list[Token], after: int) -> tuple[int, Expression] | None:
    """`Over 16 years`, `Women ≥ 18`: years without a subject, with nobody but persons before them."""
    unit = bound.ranges[0].unit
    if bound.relative_to or bound.outside or (unit is not None and unit not in TIME) or is_of_another(found):
        return None
    if bound.aged:
        return bound.start, _age(bound)
    before = [token for token in found if sign_of(token) not in ("-", "*", ":", ",", "(", "[", ".")]
    near = next((token for token in reversed(before) if token.tags.get("word") not in _BEING), None)
    if unit is None:
        return (bound.start, _age(bound)) if _may_be_age(found, tokens, after, bound, near) else None
    if near is not None and "person" in near.tags and unit == "a":
        return bound.start, _age(bound)
    if any(not _PERSONS & token.tags.keys() or token.reading for token in before):
        return None
    if any(_measures_time(token) for token in tokens[after : after + 1]) or _has_history(tokens, after):
        return None
    if unit != "a" and not any(t.tags.get("word") in _YOUNG for t in before):
        return None
    return bound.start, _age(bound)


def _measures_time(token: Token) -> bool:
    """`10 years since …`, `2 years of …`: a duration, no age."""
    return bool({"timing", "elapsed"} & token.tags.keys()) or token.tags.get("word") in _DURATION


def _has_history(tokens: list[Token], after: int) -> bool:
    """`a two-year clinical history of`, `2 years or more postprostatectomy`: how long something has been."""
    near = tokens[after : after + 3]
    past = any(token.tags.get("qualifier") == "history" or token.tags.get("word") == "history" for token in near)
    return past or (bool(near) and "concept" in near[0].tags and "person" not in near[0].tags)


def is_of_another(found: list[Token]) -> bool:
    """`a partner who is at least 21`, `onset at > 16 years`, `from birth to 18 years`: not how old the patient is."""
    near = found[-_OTHERS_NEAR:]
    if any(token.tags.get("word") in _OTHERS and token.reading is None for token in near):
        return True
    if found and "range_join" in found[-1].tags:
        return True
    if any(token.tags.get("when") == "diagnosis" for token in near):
        return True
    timed = any(token.tags.get("word") in ("at", "before", "after", "by") for token in found[-3:])
    return timed and any(token.tags.get("word") in _BEGINNINGS for token in near)


def _may_be_age(found: list[Token], tokens: list[Token], after: int, bound: Bound, near: Token | None) -> bool:
    """A number without a unit is an age right behind persons, with nothing behind it that it could count."""
    if near is None or not {"person", "sex"} & near.tags.keys() or bound.bare:
        return False
    if sign_of(found[-1]) == "," or found[-1].tags.get("word") in _HAVING:
        return False
    counted = after < len(tokens) and "word" in tokens[after].tags and not _BESIDE_AGE & tokens[after].tags.keys()
    values = [end for end in (bound.ranges[0].low, bound.ranges[0].high) if end is not None]
    return not counted and all(1 <= value <= 110 for value in values)


def _age(bound: Bound) -> Expression:
    return leaf_of(Subject("age", "age", "age", bound.start, bound.end), bound, Span(bound.start, bound.end))


def unnamed(found: list[Token], bound: Bound, text: str) -> tuple[int, Expression] | None:
    """A subject that no table knows: its own words name the measurement."""
    if not measures(bound) and not (bound.bare and is_scored(found)):
        return None
    behind = len(found)
    if found and (sign_of(found[-1]) in ("(", "[", ",") or _is_labelled(found, bound)):
        behind -= 1
    short = None
    while (opening := _bracket_before(found, behind)) is not None:
        short, behind = short or _short_name(found, opening), opening
    first, last = name_run(found, behind)
    if short is not None and all(_is_hollow(token) for token in found[first:last]):
        first, last = short, short + 1
    if all(_is_hollow(token) for token in found[first:last]):
        return None
    start, end = found[first].start, found[last - 1].end
    if all({"timing", "filler"} & token.tags.keys() for token in found[first:last]):
        return None
    if _INABILITY.search(text[start:end].lower()):
        return None
    if bound.ranges[0].unit in TIME and not _LASTING.search(text[start:end].lower()):
        return None
    subject = Subject("name", text[start:end], text[start:end], start, end)
    whole = bound.start if found and sign_of(found[-1]) in ("(", "[", ",") else start
    reading = leaf_of(subject, bound, Span(whole, bound.end))
    return whole, Not(of=reading) if any("negation" in t.tags for t in found[last:]) else reading


def _bracket_before(found: list[Token], behind: int) -> int | None:
    """The bracket that opens what closes right before token `behind`, small words between them."""
    last = max((i for i in range(behind) if "filler" not in found[i].tags), default=-1)
    if last < 0 or sign_of(found[last]) not in (")", "]"):
        return None
    return max((i for i in range(last) if sign_of(found[i]) in ("(", "[")), default=None)


def _short_name(found: list[Token], opening: int) -> int | None:
    """The only word of a bracket: `(HSS7)`."""
    inner = found[opening + 1 : opening + 3]
    alone = len(inner) == 2 and sign_of(inner[1]) in (")", "]") and inner[0].reading is None
    return opening + 1 if alone and can_name(inner[0]) and not _is_hollow(inner[0]) else None


def _is_hollow(token: Token) -> bool:
    """A word that names nothing by itself."""
    return token.tags.get("word") in _HOLLOW or "time" in token.tags


def told_by_form(bound: Bound) -> tuple[int, Expression] | None:
    """`> 180/110 mmHg` is of the blood pressure, `≥ 20 pack-years` of smoking."""
    key = "blood pressure" if _is_pressure(bound) else _OF_UNIT.get(bound.ranges[0].unit)
    if key is None or bound.bare or bound.relative_to is not None:
        return None
    table = "analytes" if key in GROUPS else "analyte"
    subject = Subject(table, key, key, bound.start, bound.end)
    return bound.start, leaf_of(subject, bound, Span(bound.start, bound.end))


def _is_pressure(bound: Bound) -> bool:
    value = bound.ranges[0].low or bound.ranges[0].high or 0
    in_mm = bound.ranges[0].unit in (None, "mm[Hg]")
    return bound.over is not None and in_mm and value in _SYSTOLIC and bound.over in _DIASTOLIC


def measures(bound: Bound) -> bool:
    """Whether a bound can be of something without a table: no calendar years, no mere `at least one`."""
    if bound.bare or bound.relative_to is not None:
        return False
    low, high, unit = bound.ranges[0].low, bound.ranges[0].high, bound.ranges[0].unit
    if unit is None and low is not None and high is not None and min(low, high) >= 1900 and max(low, high) <= 2100:
        return False
    return not (unit is None and high is None and low in (0, 1))


def name_run(found: list[Token], behind: int) -> tuple[int, int]:
    """The words right before token `behind` that can name something, without small words at either end."""
    first = behind
    while first > 0 and behind - first < 5 and can_name(found[first - 1]):
        first -= 1
    while first < behind and "filler" in found[first].tags:
        first += 1
    last = behind
    while last > first and "filler" in found[last - 1].tags:
        last -= 1
    return first, last


def is_scored(found: list[Token]) -> bool:
    """`a score of` right before the number: it is of whatever is named there, with or without a comparator."""
    near = [token for token in found[-2:] if token.reading is None]
    return any(token.tags.get("word") in ("score", "scores") for token in near)


def _is_labelled(found: list[Token], bound: Bound) -> bool:
    """`Dioptre range: 18 to 27 D`; without a unit, what stands behind may be what is counted."""
    return sign_of(found[-1]) == ":" and bound.ranges[0].unit is not None


def can_name(token: Token) -> bool:
    """Words and concepts can; structure cannot."""
    if token.reading is not None or sign_of(token) is not None:
        return False
    word = token.tags.get("word")
    if word == "non":
        return True
    if word in _NO_NAMES:
        return False
    if "sex" in token.tags or "person" in token.tags:
        return "filler" in token.tags
    return not (
        {
            "connective",
            "negation",
            "exception",
            "condition",
            "window",
            "num",
            "comparator",
            "unit",
            "definition",
            "qualifier",
        }
        & token.tags.keys()
    )
