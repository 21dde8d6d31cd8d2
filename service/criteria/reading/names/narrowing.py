"""Words beside a disease or a therapy that make it more special, kept as its qualifiers."""

import re

import msgspec

from service.criteria.reading.names.plain import LETTING, name_alone
from service.criteria.reading.tokens.clause import Clause
from service.criteria.reading.tokens.lex import Token
from service.schemas.expression import (
    Age,
    AllOf,
    Biomarker,
    ConditionIs,
    Expression,
    Measurement,
    Not,
    Pregnancy,
    ScaleScore,
    Survival,
    TobaccoIs,
    TreatmentIs,
)
from service.schemas.text import Span

_BEFORE, _BEHIND = 4, 14
"""Words that may stand before a name, and behind it where they begin as such words do."""

_LEADING = 3
_BOUNDED = (Age, Measurement, ScaleScore, Survival, Not)
_NAMED = frozenset({"person", "result", "analyte", "concept", "scale", "sex", "when", "window"})
_JOINED = re.compile(r"\w\s+(?:of|to|for|in|at|on|with|from|by|after|during|against)\b[^.;:,()]*$")
_CLOSE = re.compile(r"[\s/'\"(-]*(?:(?:any\s+|the\s+)*(?:forms?|types?|kinds?|degrees?)\s+of\s+(?:the\s+|an?\s+)?)?")
_STRUCTURE = frozenset(
    {"num", "comparator", "negation", "exception", "condition", "limit", "trailing", "inability", "example"}
)
_TAIL = re.compile(
    r"(?:according\s+to|as\s+(?:per|defined|determined|assessed|evidenced|shown|seen)|per|based|defined|evidenced|by|in|on|of|at|to|for|from|with|within|under|over|after"
    r"|before|during|following|through|via|involving|affecting|located|limited|localized|confined|arising|that|which|who|requiring|necessitating|needing|interfering"
    r"|causing|leading|resulting|caused|induced|due|secondary|related|associated|confirmed|documented|diagnosed|proven|treated|managed|using|including|among|between"
    r"|without|leading|undergoing|receiving|scheduled|presenting|characteri[sz]ed|complicated|accompanied|compatible|consistent)\b"
)


def narrowed_by(run: list[Token], items: list[Token], text: str) -> int | None:
    """Which of the items the words narrow: what they lead up to, or what they go on from; None where neither."""
    if any(_STRUCTURE & token.tags.keys() for token in run) or LETTING.search(text[run[0].start : run[-1].end].lower()):
        return None
    ahead = next((i for i, item in enumerate(items) if item.start >= run[-1].end), None)
    behind = next((i for i in range(len(items) - 1, -1, -1) if items[i].end <= run[0].start), None)
    tail = bool(_TAIL.match(text[run[0].start : run[-1].end].lower()))
    if behind is not None and can_be_narrowed(items[behind].reading) and tail and len(run) <= _BEHIND:
        return behind
    if any("definition" in token.tags for token in run):
        return None
    if len(run) > _BEFORE:
        return None
    if ahead is None:
        return behind if behind is not None and can_be_narrowed(items[behind].reading) else None
    start = items[ahead].start
    while ahead + 1 < len(items) and isinstance(items[ahead].reading, Biomarker):
        ahead += 1
    return ahead if _modify(run, items[ahead], text[run[-1].end : start], text) else None


def _modify(run: list[Token], item: Token, gap: str, text: str) -> bool:
    """Whether the words stand right before the name as adjectives do; `use of` leads up to it instead."""
    leaf = item.reading
    if not isinstance(leaf, ConditionIs | TreatmentIs) or any("filler" in token.tags for token in run):
        return False
    if any("timing" in token.tags and "qualifier" not in token.tags for token in run) and isinstance(leaf, TreatmentIs):
        return False
    if not _CLOSE.fullmatch(gap.lower()):
        return False
    named_first = text[item.start : item.end].lower().startswith(leaf.name.lower())
    return isinstance(leaf, ConditionIs) or named_first or bool(leaf.qualifiers)


def as_one_name(run: list[Token], item: Token, text: str) -> Token | None:
    """`reversal of a ligation`, `tendency to seizures`: more than what it leads up to, so a name of its own."""
    leaf = item.reading
    if not isinstance(leaf, ConditionIs | TreatmentIs) or len(run) > _LEADING or leaf.other_than:
        return None
    if any((_STRUCTURE | _NAMED) & token.tags.keys() for token in run):
        return None
    name = name_alone(text[run[0].start : item.end])
    if name is None or not _JOINED.search(text[run[-1].start : item.start].lower()):
        return None
    changed = msgspec.structs.replace(leaf, name=name, concept=None, qualifiers=(), span=Span(run[0].start, item.end))
    return msgspec.structs.replace(item, start=run[0].start, reading=changed)


def described(told: Expression, rest: list[Token], clause: Clause) -> Expression | None:
    """`disorders which may lead to bleeding`: whatever is named there, it is said of the disorders."""
    leaf = told.of[-1] if isinstance(told, AllOf) and told.of else told
    words = clause.words(rest)
    if not isinstance(leaf, ConditionIs | TreatmentIs) or len(rest) > _BEHIND or LETTING.search(words.lower()):
        return None
    if any((_STRUCTURE | {"connective"}) & t.tags.keys() or isinstance(t.reading, _BOUNDED) for t in rest):
        return None
    end = rest[-1].end
    span = Span(leaf.span.start if leaf.span else rest[0].start, end)
    changed = msgspec.structs.replace(leaf, qualifiers=(*leaf.qualifiers, words), span=span)
    return AllOf(of=(*told.of[:-1], changed)) if isinstance(told, AllOf) else changed


def more_than(run: list[Token], items: list[Token], text: str) -> Expression | None:
    """`twin pregnancy`, `heavy smokers`: beside the plain fact, what makes it special, under its own name."""
    item = next((item for item in items if item.start >= run[-1].end), None)
    if item is None or not isinstance(item.reading, Pregnancy | TobaccoIs) or len(run) > _LEADING:
        return None
    if any((_STRUCTURE | _NAMED | {"filler"}) & token.tags.keys() for token in run):
        return None
    if not _CLOSE.fullmatch(text[run[-1].end : item.start].lower()):
        return None
    return ConditionIs(name=text[run[0].start : item.end], span=Span(run[0].start, item.end))


def can_be_narrowed(node: Expression | None) -> bool:
    """Whether it is a disease or a therapy."""
    return isinstance(node, ConditionIs | TreatmentIs)


def with_words(item: Token, run: list[Token], following: Token | None, clause: Clause) -> Token:
    """The disease or therapy with the words among its qualifiers: `after` with the operation that it is after."""
    leaf = item.reading
    assert isinstance(leaf, ConditionIs | TreatmentIs)
    if following is not None and run[0].start >= item.end:
        run = [*run, following]
    start, end = min(item.start, run[0].start), max(item.end, run[-1].end)
    qualifiers = (*leaf.qualifiers, clause.words(run))
    changed = msgspec.structs.replace(leaf, qualifiers=qualifiers, span=Span(start, end))
    return msgspec.structs.replace(item, start=start, end=end, reading=changed)
