"""The subject on a bound's right: `18 years of age`, `two prior lines`, `> 30 % of blasts`, `at least two agents`."""

import re

from service.criteria.reading.limits.ends import Bound
from service.criteria.reading.limits.leaves import Subject, leaf_of, subject_of
from service.criteria.reading.limits.left import WALLS
from service.criteria.reading.limits.unnamed import can_name, is_scored, measures
from service.criteria.reading.limits.windows import TIME
from service.criteria.reading.tokens.lex import Token, sign_of
from service.reference.analytes import ANALYTES
from service.reference.concepts import lookup
from service.schemas.expression import Expression, Limit, Not, Timing, TreatmentIs
from service.schemas.text import Span

_AGENTS = 7
_MOST = 20
_RIGHT = 3
_GIVEN = re.compile(
    r"\b(?:agents?|drugs?|therap\w+|treatments?|regimens?|medications?|lines?|courses?|cycles?|doses?|inhibitors?|blockers?|antibod\w+"
    r"|transplant\w*|\w*mabs?|\w*nibs?|anti\w+|immunosuppress\w*|steroids?|vaccin\w*|biologics?|dmards?|chemo\w*|systemic)\b"
)


_LENGTHS = frozenset({"mm", "cm"})
_TESTS = frozenset(
    {"test", "tests", "blood", "measurement", "measurements", "sample", "samples", "reading", "readings"}
)
_INSTRUMENT = 10
_INSTRUMENTS = frozenset(
    {"questionnaire", "scale", "index", "inventory", "test", "assessment", "interview", "checklist", "screen", "survey"}
)
Behind = tuple[Expression, int]
"""What a bound and its subject say, and the token behind both."""


def agents_behind(found: list[Token], tokens: list[Token], i: int, bound: Bound, text: str) -> Behind | None:
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
    return sign_of(token) is None and not (WALLS | {"comparator", "num", "negation", "event"}) & token.tags.keys()


def _joins_agents(tokens: list[Token], i: int) -> bool:
    """`immunosuppressive and/or biologic`: a connective between words that count."""
    return tokens[i].tags.get("connective") in ("and_or", "or") and i + 1 < len(tokens) and _can_count(tokens[i + 1])


def subject_behind(tokens: list[Token], i: int, bound: Bound, text: str) -> Behind | None:
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
        after_number = place > i and "num" in tokens[place - 1].tags
        if "num" in token.tags or (sign_of(token) == "-" and after_number) or sign_of(token) == "'":
            continue
        if WALLS & token.tags.keys() or token.reading or sign_of(token) or "comparator" in token.tags or steps > _RIGHT:
            return None
        subject = subject_of(token, text)
        if subject is not None and subject.table == "age" and bound.ranges[0].unit is None and place > i:
            return None
        if subject is not None and _is_counted(subject, bound, tokens[place + 1 : place + 2]):
            return None
        if subject is not None and subject.table == "scale" and _is_bounded(tokens, place + 1):
            return None
        if subject is not None and subject.on_right and subject.accepts(bound):
            return leaf_of(subject, bound, Span(bound.start, token.end)), place + 1
        steps += "filler" not in token.tags
    return None


def _is_counted(subject: Subject, bound: Bound, behind: list[Token]) -> bool:
    """`at least four glucose tests`, `three target lesions`: how many of them, not how much or how large."""
    if subject.table != "analyte" or bound.ranges[0].unit is not None or bound.relative_to is not None:
        return False
    return ANALYTES[subject.key].unit in _LENGTHS or any(token.tags.get("word") in _TESTS for token in behind)


def _is_bounded(tokens: list[Token], i: int) -> bool:
    """`class V of ICDAS score 1-2`: the scale has a bound of its own."""
    while i < len(tokens) and {"filler", "scale_word"} & tokens[i].tags.keys():
        i += 1
    return i < len(tokens) and bool({"num", "roman", "range_open"} & tokens[i].tags.keys())


def scored_on(found: list[Token], tokens: list[Token], after: int, bound: Bound, text: str) -> Behind | None:
    """`a score of 46 on the initial anxiety questionnaire`: what the score is of stands behind it."""
    is_alone = bool(found) and sign_of(found[-1]) == "(" and not bound.bare
    if not (is_scored(found) or is_alone) or bound.relative_to is not None or after >= len(tokens):
        return None
    if tokens[after].tags.get("word") not in ("on", "in", "for"):
        return None
    names = tokens[after : after + _INSTRUMENT]
    last = max((i for i, token in enumerate(names) if token.tags.get("word") in _INSTRUMENTS), default=None)
    if last is None or not all(map(can_name, names[: last + 1])):
        return None
    start = next(token.start for token in names if "filler" not in token.tags)
    span = Span(bound.start, names[last].end)
    subject = Subject("name", text[start : span.end], text[start : span.end], start, span.end)
    return leaf_of(subject, bound, span), after + last + 1


def named_behind(tokens: list[Token], after: int, bound: Bound, text: str) -> Behind | None:
    """`≥ 20 mm non-pedunculated polyp`: the words behind the bound name what it is of."""
    if not measures(bound) or bound.ranges[0].unit in TIME:
        return None
    end = after
    while end < len(tokens) and end - after < 5 and can_name(tokens[end]):
        end += 1
    while end > after and "filler" in tokens[end - 1].tags:
        end -= 1
    if end == after or all("filler" in token.tags for token in tokens[after:end]):
        return None
    if (
        any("head" in (token.tags.get("disease_head"), token.tags.get("therapy_head")) for token in tokens[after:end])
        and bound.ranges[0].unit is None
    ):
        return None
    start = next(token.start for token in tokens[after:end] if "filler" not in token.tags)
    name = text[start : tokens[end - 1].end]
    return leaf_of(
        Subject("name", name, name, start, tokens[end - 1].end), bound, Span(bound.start, tokens[end - 1].end)
    ), end
