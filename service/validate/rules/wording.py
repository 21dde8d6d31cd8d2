"""The criteria as a text: there at all, in lists, each once."""

import re
from collections.abc import Iterator

from service.schemas.criterion import Criterion
from service.schemas.trial import Trial
from service.validate.issues import CRITERIA, Found, field, information, warning, words
from service.validate.spelling import key

HEADED = re.compile(
    r"\b(inclusion|exclusion|include[ds]?|exclude[ds]?|eligib\w+|criteria|characteristics)\b", re.IGNORECASE
)
GARBLED = re.compile(
    r"</?(?:p|li|ul|ol|br|b|i|strong|sup|sub|div|span)\b[^>]*>|&(?:lt|gt|amp|nbsp|le|ge|#\d+|#x[\da-f]+);"
    r"|\ufffd|â‰.|Ã[—–]|Â[°±µ]|â€.?",
    re.IGNORECASE,
)
GARBLING = re.compile("[<&\ufffdâÂãÃ]")
"""With one of these all that is garbled begins."""
AROUND = 40  # characters shown either side
ELSEWHERE = re.compile(r"\b(refer|see|protocol|specified|applicable|note|applies)\b", re.IGNORECASE)
FEWEST_WORDS, FEWEST_IN_BOTH = 4, 8  # shorter ones are headings of a part, as often as not
MOST_REPEATED = 2  # more, and the list is given again for another group of people


def criteria_are_there(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """A trial that says nothing about who may take part."""
    text = trial.eligibility.criteria if trial.eligibility else None
    if not text or not text.strip():
        yield warning("criteria_missing", "the record has no eligibility criteria", field("/eligibility"))
    elif not HEADED.search(text):
        message = "the criteria stand under no heading: they are all read as inclusions"
        yield information("criteria_without_heading", message, field(CRITERIA, text))


def text_is_clean(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """Markup, entities or bytes of another encoding stand where signs should."""
    text = (trial.eligibility.criteria if trial.eligibility else None) or ""
    found = tuple(GARBLED.finditer(text)) if GARBLING.search(text) else ()
    if found:
        first = found[0]
        message = f"the criteria hold `{first[0]}` where another sign was meant, {len(found)} such in all"
        shown = text[max(0, first.start() - AROUND) : first.end() + AROUND]
        yield information("text_garbled", message, field(CRITERIA, shown))


def criteria_are_distinct(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """The same sentence twice in one list."""
    pairs = [
        (first, again)
        for first, again in _pairs(criteria)
        if first.polarity is again.polarity and first.path == again.path
    ]
    if len(pairs) <= MOST_REPEATED:
        for first, again in pairs:
            yield information(
                "criterion_repeated", f"the same {first.polarity.value} is listed twice", words(first), words(again)
            )


def lists_are_distinct(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """The same sentence once in each list."""
    for first, again in _pairs(criteria):
        if first.polarity is not again.polarity and len(key(first.text).split()) >= FEWEST_IN_BOTH:
            message = "the same sentence lets people in and keeps them out"
            yield warning("criterion_in_both_lists", message, words(first), words(again))


def _pairs(criteria: tuple[Criterion, ...]) -> Iterator[tuple[Criterion, Criterion]]:
    """Criteria of the same words, each with the first of them."""
    seen: dict[str, Criterion] = {}
    for criterion in criteria:
        if criterion.span is None:
            continue
        spelled = key(criterion.text)
        first = seen.setdefault(spelled, criterion)
        if first is criterion or len(spelled.split()) < FEWEST_WORDS or ELSEWHERE.search(spelled):
            continue
        yield first, criterion
