"""Times that must have gone by since a therapy: `at least 4 weeks since X`, `3 weeks must have elapsed since Y`."""

import msgspec

from service.criteria.reading.limits.events import AS_OF
from service.criteria.reading.limits.windows import TIME
from service.criteria.reading.tokens.lex import Token, sign_of, single
from service.criteria.tree import disjunction, with_window
from service.reference.concepts import lookup
from service.schemas.expression import Expression, Not, TreatmentIs, Window
from service.schemas.quantity import Quantity
from service.schemas.text import Span

_SINCE = frozenset({"since", "from", "after", "following", "post"})
_PASSING = frozenset(
    {"must", "should", "have", "has", "had", "elapsed", "passed", "gone", "by", "been", "be", "at", "least"}
)
_ENDING = frozenset(
    {"a", "administration", "any", "cessation", "completing", "completion", "discontinuation", "dose", "doses", "end"}
    | {"final", "last", "most", "of", "previous", "prior", "recent", "stopping", "the", "their", "treatment", "with"}
)


def read_washouts(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each such time and the therapies behind it as one item: none of them within that time."""
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        read = _washout(tokens, i, text)
        if read is None:
            found.append(tokens[i])
            i += 1
            continue
        reading, after = read
        found.append(Token(tokens[i].start, tokens[after - 1].end, {}, reading))
        i = after
    return found


def _washout(tokens: list[Token], i: int, text: str) -> tuple[Expression, int] | None:
    sign, place = "", i
    if "comparator" in tokens[i].tags:
        sign, place = str(tokens[i].tags["comparator"]), i + 1
    if place + 2 >= len(tokens) or not isinstance(value := tokens[place].tags.get("num"), float):
        return None
    unit = tokens[place + 1].tags.get("unit", tokens[place + 1].tags.get("time"))
    if unit not in TIME:
        return None
    since = _past(tokens, place + 2, _PASSING)
    if since >= len(tokens) or (since == place + 2 and not sign):
        return None
    therapies, after = _since(tokens, since, text)
    if not therapies:
        return None
    window = Window(within=Quantity(value=value, unit=str(unit)), before=AS_OF)
    span = Span(tokens[i].start, tokens[after - 1].end)
    therapies = [msgspec.structs.replace(therapy, span=span) for therapy in therapies]
    recent = with_window(disjunction(therapies), window)
    return (recent if sign in ("<", "<=") else Not(of=recent)), after


def _since(tokens: list[Token], i: int, text: str) -> tuple[list[TreatmentIs], int]:
    """The therapies behind `since`, `since the last dose of`; `since surgery` names one itself."""
    elapsed = tokens[i].tags.get("elapsed")
    if elapsed == "surgery":
        span = Span(tokens[i].start, tokens[i].end)
        name = span.of(text).split()[-1]
        known = tuple(concept.id for concept in lookup(name))
        return [TreatmentIs(name=name, concept=single(known), span=span)], i + 1
    if elapsed == "last_dose" or tokens[i].tags.get("word") in _SINCE:
        return _therapies(tokens, i + 1)
    return [], i


def _therapies(tokens: list[Token], i: int) -> tuple[list[TreatmentIs], int]:
    """The therapies in a list, nothing else in it, and the token behind the last."""
    found: list[TreatmentIs] = []
    after, place = i, _past(tokens, i, _ENDING)
    while place < len(tokens) and isinstance(reading := tokens[place].reading, TreatmentIs):
        found.append(reading)
        after, place = place + 1, place + 1
        while place < len(tokens) and (sign_of(tokens[place]) in (",", "/") or "connective" in tokens[place].tags):
            place += 1
        place = _past(tokens, place, _ENDING) if place > after else len(tokens)
    return found, after


def _past(tokens: list[Token], i: int, words: frozenset[str]) -> int:
    while i < len(tokens) and tokens[i].reading is None and tokens[i].tags.get("word") in words:
        i += 1
    return i
