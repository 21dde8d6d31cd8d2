"""The criteria as a text: there at all, in lists, each once."""

import re

from service.schemas.criterion import Criterion, Polarity
from service.schemas.issue import Place
from service.schemas.trial import Trial
from service.validate.issues import CRITERIA, Found, field, information, warning, words
from service.validate.spelling import key

HEADED = re.compile(
    r"\b(inclusion|exclusion|include[ds]?|exclude[ds]?|eligib\w+|criteria|characteristics)\b", re.IGNORECASE
)
FEWEST_WORDS = 4


def criteria_are_there(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """A trial that says nothing about who may take part."""
    text = trial.eligibility.criteria if trial.eligibility else None
    if not text or not text.strip():
        yield warning("criteria_missing", "the record has no eligibility criteria", field("/eligibility"))
    elif not HEADED.search(text):
        message = "the criteria stand under no heading: they are all read as inclusions"
        yield information("criteria_without_heading", message, field(CRITERIA, text))


def criteria_are_distinct(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """The same sentence twice, or once in each list."""
    seen: dict[str, Criterion] = {}
    for criterion in criteria:
        spelled = key(criterion.text)
        if criterion.span is None or len(spelled.split()) < FEWEST_WORDS:
            continue
        first = seen.setdefault(spelled, criterion)
        if first.polarity is not criterion.polarity:
            message = "the same sentence lets people in and keeps them out"
            yield warning("criterion_in_both_lists", message, *_both(first, criterion))
        elif first is not criterion and first.path == criterion.path:
            kind = "inclusion" if first.polarity is Polarity.INCLUSION else "exclusion"
            yield information("criterion_repeated", f"the same {kind} is listed twice", *_both(first, criterion))


def _both(first: Criterion, second: Criterion) -> tuple[Place, Place]:
    return words(first), words(second)
