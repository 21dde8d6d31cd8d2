"""What the lines beside a requirement tell of it, `A, or` above `B`; and names that say nothing by themselves."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from service.criteria.reading.words.lexicon import WORDS
from service.criteria.reading.words.normal import normal
from service.criteria.tree import conjunction, coverage, disjunction
from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.expression import ConditionIs, Expression, Timing, TreatmentIs, Unparsed
from service.schemas.text import Span

_AROUND = re.compile(r"\W+|\b(?:and|or|patients?|subjects?|participants?|individuals?)\b")
_ENDS = re.compile(r"\bor\W*$", re.IGNORECASE)
_BEGINS = re.compile(r"[\s(–-]*(?:or|and/or)\b", re.IGNORECASE)
_EDGE = 12
_GENERIC = frozenset(WORDS["vague"]) | {"surgery", "surgeries", "operations", "medicines"}


def of_lines_beside(text: str, criteria: Sequence[Criterion]) -> Iterator[Criterion]:
    """Alternatives, diseases side by side and a therapy that nobody says to have had let in and shut nobody out."""
    alternatives = {*_joined(text, criteria), *_side_by_side(criteria)}
    for i, criterion in enumerate(criteria):
        leaf = criterion.expression
        is_therapy = isinstance(leaf, TreatmentIs) and _is_bare(criterion)
        if criterion.polarity is Polarity.INCLUSION:
            is_open = (i in alternatives or is_therapy) and criterion.coverage is not Coverage.NONE
            yield _told(criterion, disjunction([leaf, _unread(criterion)])) if is_open else criterion
        else:
            is_open = isinstance(leaf, TreatmentIs) and is_therapy and leaf.name.lower() in _GENERIC
            yield _told(criterion, conjunction([leaf, _unread(criterion)])) if is_open else criterion


def _joined(text: str, criteria: Sequence[Criterion]) -> Iterator[int]:
    """Lines of an inclusion that an `or` at their end, at their beginning or between them makes alternatives."""
    for i, (one, other) in enumerate(pairwise(criteria)):
        if one.polarity is not Polarity.INCLUSION or other.polarity is not Polarity.INCLUSION:
            continue
        if _ENDS.search(one.text[-_EDGE:]) or _BEGINS.match(other.text):
            yield from (*_listed_before(text, criteria, i), i, i + 1)


def _listed_before(text: str, criteria: Sequence[Criterion], i: int) -> Iterator[int]:
    """`A;` `B; or` `C`: the lines above in the same list."""
    for place in range(i - 1, -1, -1):
        above = criteria[place]
        if above.path != criteria[i].path or not _goes_on(text, above):
            return
        yield place
        if _BEGINS.match(above.text):
            return


def _goes_on(text: str, criterion: Criterion) -> bool:
    end = criterion.span.end if criterion.span else 0
    return text[max(0, end - 1) : end + 1].strip()[-1:] in (",", ";")


def _side_by_side(criteria: Sequence[Criterion]) -> Iterator[int]:
    """Where bare names of diseases stand in a row: who has one of them may well be meant."""
    for i, (one, other) in enumerate(pairwise(criteria)):
        if one.polarity is Polarity.INCLUSION and one.path == other.path and _is_disease(one) and _is_disease(other):
            yield from (i, i + 1)


def _is_disease(criterion: Criterion) -> bool:
    return isinstance(criterion.expression, ConditionIs) and _is_bare(criterion)


def _is_bare(criterion: Criterion) -> bool:
    """Whether the words are the name, with adjectives at most."""
    leaf = criterion.expression
    assert isinstance(leaf, ConditionIs | TreatmentIs)
    if leaf.window is not None or leaf.other_than or (isinstance(leaf, TreatmentIs) and leaf.timing is not Timing.ANY):
        return False
    name = _words(leaf.name)
    said = _words(criterion.text)
    adjectives = sum(len(_words(qualifier)) for qualifier in leaf.qualifiers)
    return said[-len(name) :] == name and len(said) == len(name) + adjectives


def _words(text: str) -> list[str]:
    return _AROUND.sub(" ", normal(text)).split()


def _unread(criterion: Criterion) -> Expression:
    return Unparsed(text=criterion.text, span=Span(0, len(criterion.text)))


def _told(criterion: Criterion, expression: Expression) -> Criterion:
    return replace(criterion, expression=expression, coverage=coverage(expression))
