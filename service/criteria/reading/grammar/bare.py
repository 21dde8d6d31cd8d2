"""Requirements that are a name and nothing else, `Surgery`, `NSCLC` beside `SCLC`: what is asked, nothing tells."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from service.criteria.reading.words.lexicon import WORDS
from service.criteria.reading.words.normal import normal
from service.criteria.tree import coverage
from service.schemas.criterion import Criterion, Polarity
from service.schemas.expression import AllOf, AnyOf, ConditionIs, Expression, Timing, TreatmentIs, Unparsed
from service.schemas.text import Span

_AROUND = re.compile(r"\W+|\b(?:and|or|patients?|subjects?|participants?|individuals?)\b")
_GENERIC = frozenset(WORDS["vague"]) | {"surgery", "surgeries", "operations", "medicines"}


def of_bare_names(criteria: Sequence[Criterion]) -> Iterator[Criterion]:
    """A therapy that nobody says to have had, and diseases side by side, let in and shut nobody out."""
    beside = _beside(criteria)
    for i, criterion in enumerate(criteria):
        leaf = criterion.expression
        if criterion.polarity is Polarity.INCLUSION:
            is_open = i in beside or (isinstance(leaf, TreatmentIs) and _is_bare(criterion))
            yield _told(criterion, AnyOf(of=(leaf, _unread(criterion)))) if is_open else criterion
        else:
            is_open = isinstance(leaf, TreatmentIs) and leaf.name.lower() in _GENERIC and _is_bare(criterion)
            yield _told(criterion, AllOf(of=(leaf, _unread(criterion)))) if is_open else criterion


def _beside(criteria: Sequence[Criterion]) -> set[int]:
    """Where diseases stand in a row that an inclusion asks for: who has one of them may well be meant."""
    pairs = (
        (i, i + 1)
        for i, (one, other) in enumerate(pairwise(criteria))
        if one.polarity is Polarity.INCLUSION and one.path == other.path and _is_disease(one) and _is_disease(other)
    )
    return {i for pair in pairs for i in pair}


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
    return said[-len(name) :] == name and len(said) == len(name) + len(leaf.qualifiers)


def _words(text: str) -> list[str]:
    return _AROUND.sub(" ", normal(text)).split()


def _unread(criterion: Criterion) -> Expression:
    return Unparsed(text=criterion.text, span=Span(0, len(criterion.text)))


def _told(criterion: Criterion, expression: Expression) -> Criterion:
    return replace(criterion, expression=expression, coverage=coverage(expression))
