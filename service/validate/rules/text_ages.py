"""The ages that the criteria's sentences state, against the registry's fields."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from service.criteria.interval import HIGHEST, LOWEST
from service.schemas.criterion import Criterion
from service.schemas.expression import Age
from service.schemas.issue import Issue
from service.schemas.trial import Eligibility, Trial
from service.validate.demands import admitted, demands, of_type
from service.validate.duration import DAYS, registered
from service.validate.issues import Found, field, warning, words

OF_SOMEBODY_ELSE = re.compile(
    r"\b(parents?|mothers?|fathers?|caregivers?|carers?|guardians?|partners?|donors?|siblings?|relatives?|offspring|famil(y|ies)"
    r"|spouses?|controls?|diagnos\w+|onset|gestation\w*|cohorts?|arms?|part|phase|group|stage|corrected|at birth"
    r"|wom[ae]n|females?|males?|men|girls?|boys?)\b",
    re.IGNORECASE,
)
WORDS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours"}
LOW, HIGH = "minimumAge", "maximumAge"


class Stated(NamedTuple):
    """An age limit that a sentence states."""

    criterion: Criterion
    number: float
    unit: str
    inclusive: bool


def text_agrees_with_fields(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """No sentence states the registered limit, and one states another."""
    eligibility = trial.eligibility or Eligibility()
    if not (eligibility.minimum_age or eligibility.maximum_age):
        return
    for name, limit in ((LOW, eligibility.minimum_age), (HIGH, eligibility.maximum_age)):
        stated = tuple(_stated(criteria, name))
        if stated and not any(_agrees(each, limit, name) for each in stated):
            yield _issue(stated[0], limit, name)


def _stated(criteria: tuple[Criterion, ...], name: str) -> Iterator[Stated]:
    """Limits that every participant must meet."""
    for criterion, age, holds in of_type(demands(criteria), Age):
        passing = admitted(age.range, holds)
        if passing is None or OF_SOMEBODY_ELSE.search(criterion.text):
            continue
        number, side = passing.low if name == LOW else passing.high
        if (number, side) not in (LOWEST, HIGHEST):
            yield Stated(criterion, float(number), age.range.unit or "a", side == 0)


def _agrees(stated: Stated, limit: str | None, name: str) -> bool:
    """`> 17` agrees with 17 and with 18 years, `< 18` with 18 and with 17: registries know only `from` and `to`."""
    if limit is None:
        return name == LOW and stated.number == 0
    number, unit = registered(limit)
    step = 0.0 if stated.inclusive else (1.0 if name == LOW else -1.0)
    spellings = {stated.number, stated.number + step}
    return any(_same(each * DAYS[stated.unit], number * DAYS[unit], DAYS[unit]) for each in spellings)


def _same(days: float, other: float, unit_days: float) -> bool:
    """Within a tenth of the registered unit: months do not divide into days."""
    return abs(days - other) < unit_days / 10


def _issue(stated: Stated, limit: str | None, name: str) -> Issue:
    """Both places, or the sentence and the field that says nothing."""
    age = f"{stated.number:g} {WORDS.get(stated.unit, stated.unit)}"
    which = "youngest" if name == LOW else "oldest"
    place = field(f"/eligibility/{name}", limit)
    said = f"is registered as {limit}" if limit else "has no registered limit"
    return warning(
        "age_text_disagrees", f"the {which} {said}, but a criterion says {age}", place, words(stated.criterion)
    )
