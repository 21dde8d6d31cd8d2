"""Neighbouring items that say one thing together: a therapy and its failure, a marker and its result."""

import re
from collections.abc import Callable

import msgspec

from service.criteria.reading.names.plain import OPERATION
from service.criteria.reading.names.stages import staged
from service.criteria.reading.tokens.lex import Token, sign_of, single
from service.reference.concepts import ConceptKind, concept, lookup
from service.schemas.expression import (
    Biomarker,
    BiomarkerResult,
    ConditionIs,
    Expression,
    Measurement,
    ScaleScore,
    Timing,
    TreatmentIs,
    TreatmentOutcome,
)  # fmt: skip
from service.schemas.text import Span

_METHOD = frozenset({"by", "with", "using", "via", "on", "through", "as"})
_SEEN = frozenset(
    {"detected", "measured", "assessed", "determined", "confirmed", "documented", "evaluated", "calculated", "tested"}
)
_PLANNED = frozenset({"candidate", "candidates", "planned", "scheduled", "anticipated"})
_USE = frozenset(
    {"use", "usage", "intake", "administration", "treatment", "treatments", "therapy", "medication", "medications"}
)
_WAYS = frozenset({"equation", "formula", "method", "scan", "scans"})
_LOOKING = re.compile(r"(?:scopy|graphy|metry|gram|imaging)$")
_UNIT = "therapy"


def merge(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with such neighbours as one item."""
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        token, i = tokens[i], i + 1
        if token.reading is not None:
            token, i = _onward(token, tokens, i, text)
            token = _soon(_backward(token, found), text)
        found.append(token)
    return found


def _onward(token: Token, tokens: list[Token], i: int, text: str) -> tuple[Token, int]:
    """The item with what stands right behind it and belongs to it."""
    while i < len(tokens):
        attempts = (join(token, tokens, i, text) for join in _JOINS.get(type(token.reading), ()))
        joined = next((each for each in attempts if each is not None), None)
        if joined is None:
            return token, i
        token, i = joined
    return token, i


Joined = tuple[Token, int]


def _lines(token: Token, tokens: list[Token], i: int, _text: str) -> Joined | None:
    """`at least second-line or above` + `chemotherapy`."""
    own = token.reading
    if not isinstance(own, TreatmentIs) or own.lines is None or own.name != _UNIT:
        return None
    place = i
    while (
        place < len(tokens)
        and (
            "trailing" in tokens[place].tags
            or tokens[place].tags.get("word") in ("of", "prior", "previous", "systemic")
        )
        and tokens[place].reading is None
    ):
        place += 1
    if place < len(tokens) and isinstance(other := tokens[place].reading, TreatmentIs) and other.lines is None:
        return _extended(
            token, tokens[place], msgspec.structs.replace(own, name=other.name, concept=other.concept)
        ), place + 1
    return (_extended(token, tokens[place - 1], own), place) if place > i and "trailing" in tokens[i].tags else None


def _failed(token: Token, tokens: list[Token], i: int, _text: str) -> Joined | None:
    """`chemotherapy` + `failed`."""
    own, outcome = token.reading, tokens[i].tags.get("outcome")
    if not isinstance(own, TreatmentIs) or own.outcome is not None or not isinstance(outcome, str) or tokens[i].reading:
        return None
    changed = msgspec.structs.replace(own, outcome=TreatmentOutcome(outcome), timing=Timing.PRIOR)
    return _extended(token, tokens[i], changed), i + 1


def _planned(token: Token, tokens: list[Token], i: int, _text: str) -> Joined | None:
    """`liver transplantation` + `candidates`, `surgery` + `is planned`."""
    own, place = token.reading, i
    while place < len(tokens) and tokens[place].tags.get("word") in ("is", "are", "was", "being"):
        place += 1
    if not isinstance(own, TreatmentIs) or own.timing is not Timing.ANY or place == len(tokens):
        return None
    if tokens[place].reading or tokens[place].tags.get("word") not in _PLANNED:
        return None
    return _extended(token, tokens[place], msgspec.structs.replace(own, timing=Timing.PLANNED)), place + 1


def _used(token: Token, tokens: list[Token], i: int, _text: str) -> Joined | None:
    """`pregabalin` + `use`, `anticoagulant` + `treatment`: the same therapy."""
    if not isinstance(token.reading, TreatmentIs) or tokens[i].reading or tokens[i].tags.get("word") not in _USE:
        return None
    return _extended(token, tokens[i], token.reading), i + 1


def _soon(token: Token, text: str) -> Token:
    """`undergoing laparotomy`: nobody undergoes an operation for long, so that it is about to be."""
    own = token.reading
    if not isinstance(own, TreatmentIs) or own.timing is not Timing.CURRENT or not OPERATION.search(own.name.lower()):
        return token
    if not text[token.start : token.end].lower().startswith("undergo"):
        return token
    return Token(token.start, token.end, token.tags, msgspec.structs.replace(own, timing=Timing.PLANNED))


def _compound(token: Token, tokens: list[Token], i: int, text: str) -> Joined | None:
    """`oxygen` + `dependence`, `aspirin` + `intolerance`: one name, of what became of a therapy."""
    own, told = token.reading, tokens[i].reading
    if not isinstance(own, TreatmentIs) or not isinstance(told, ConditionIs) or own.timing is not Timing.ANY:
        return None
    if own.qualifiers or told.qualifiers or " " in told.name or tokens[i].start != token.end + 1:
        return None
    name = text[token.start : tokens[i].end]
    known = tuple(each.id for each in lookup(name))
    span = Span(token.start, tokens[i].end)
    return Token(span.start, span.end, {}, ConditionIs(name=name, concept=single(known), span=span)), i + 1


def _seen_by(token: Token, tokens: list[Token], i: int, text: str) -> Joined | None:
    """`recurrence` + `by MRI and spectroscopy`: how a disease was found, no therapy of the patient."""
    own = token.reading
    if not isinstance(own, ConditionIs) or tokens[i].tags.get("word") not in ("by", "via") or tokens[i].reading:
        return None
    place = i + 1
    if place >= len(tokens) or not _obtains(tokens[place]):
        return None
    while place + 2 < len(tokens) and _is_joint(tokens[place + 1]) and _obtains(tokens[place + 2]):
        place += 2
    words = text[tokens[i].start : tokens[place].end]
    return _extended(token, tokens[place], msgspec.structs.replace(own, qualifiers=(*own.qualifiers, words))), place + 1


def _is_joint(token: Token) -> bool:
    return token.reading is None and ("connective" in token.tags or sign_of(token) in ("/", ","))


def _result(token: Token, tokens: list[Token], i: int, _text: str) -> Joined | None:
    """`CD7 > 30 %` + `positive`."""
    own, result = token.reading, tokens[i].tags.get("result")
    if not isinstance(own, Biomarker) or own.result is not None or not isinstance(result, str) or tokens[i].reading:
        return None
    return _extended(token, tokens[i], msgspec.structs.replace(own, result=BiomarkerResult(result))), i + 1


def _sample(token: Token, tokens: list[Token], i: int, _text: str) -> Joined | None:
    """`CLL-1 ≥ 50 %` + `on AML blasts`: where the marker is looked for adds nothing that a result does not tell."""
    if not isinstance(token.reading, Biomarker | Measurement) or tokens[i].tags.get("word") not in ("on", "in", "of"):
        return None
    for place in range(i + 1, min(i + 4, len(tokens))):
        if "sample" in tokens[place].tags:
            return _extended(token, tokens[place], token.reading), place + 1
        if not (tokens[place].reading is not None or "filler" in tokens[place].tags or "word" in tokens[place].tags):
            return None
    return None


def _method(token: Token, tokens: list[Token], i: int, text: str) -> Joined | None:
    """`LVEF ≥ 50 %` + `by echocardiography`."""
    own = token.reading
    if not isinstance(own, Measurement | Biomarker) or own.method is not None:
        return None
    place = i
    while place < len(tokens) and tokens[place].tags.get("word") in _SEEN | _METHOD:
        place += 1
    if place == i or place >= len(tokens) or not _obtains(tokens[place]):
        return None
    while place + 2 < len(tokens) and _is_or(tokens[place + 1]) and _obtains(tokens[place + 2]):
        place += 2
    place += place + 1 < len(tokens) and tokens[place + 1].tags.get("word") in _WAYS
    changed = msgspec.structs.replace(own, method=text[tokens[i].start : tokens[place].end])
    return _extended(token, tokens[place], changed), place + 1


def _is_or(token: Token) -> bool:
    return token.reading is None and (token.tags.get("connective") in ("or", "and_or") or sign_of(token) == "/")


def _obtains(token: Token) -> bool:
    """A way to obtain a value."""
    named = isinstance(token.reading, TreatmentIs) and bool(_LOOKING.search(token.reading.name.lower()))
    return named or _is_procedure(token) or (token.reading is None and "method" in token.tags)


def _is_procedure(token: Token) -> bool:
    reading = token.reading
    return (
        isinstance(reading, TreatmentIs)
        and reading.concept is not None
        and concept(reading.concept).kind is ConceptKind.PROCEDURE
    )


def _backward(token: Token, found: list[Token]) -> Token:
    """`failed treatment with` + `at least two agents`: the outcome or timing that stands before."""
    own = token.reading
    if not isinstance(own, TreatmentIs) or not found or found[-1].reading is not None:
        return token
    outcome, timing = found[-1].tags.get("outcome"), found[-1].tags.get("timing")
    changed: Expression = own
    if isinstance(outcome, str) and own.outcome is None:
        changed = msgspec.structs.replace(own, outcome=TreatmentOutcome(outcome), timing=Timing.PRIOR)
    elif isinstance(timing, str) and own.timing is Timing.ANY:
        changed = msgspec.structs.replace(own, timing=Timing(timing))
    else:
        return token
    return _extended(found.pop(), token, changed)


def _extended(first: Token, last: Token, reading: Expression) -> Token:
    """One item over both, its span grown to match."""
    span = Span(min(first.start, last.start), max(first.end, last.end))
    return Token(span.start, span.end, {}, msgspec.structs.replace(reading, span=span))


_JOINS: dict[type, tuple[Callable[[Token, list[Token], int, str], Joined | None], ...]] = {
    TreatmentIs: (_lines, _failed, _planned, _used, _compound),
    Measurement: (_sample, _method),
    Biomarker: (_sample, _result, _method),
    ConditionIs: (staged, _seen_by),
    ScaleScore: (staged,),
}
"""What may go on from each kind of item, in the order it is tried."""
