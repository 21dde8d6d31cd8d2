"""The ages that the criteria's sentences state, against the registry's fields."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from service.criteria.patient.interval import HIGHEST, LOWEST
from service.schemas.criterion import Criterion
from service.schemas.expression import Age
from service.schemas.issue import Issue
from service.schemas.trial import Eligibility, EligibleSex, Trial
from service.validate.demands import admitted, demands, of_type
from service.validate.duration import DAYS, registered
from service.validate.issues import Found, field, warning, words

OF_AGE = re.compile(r"\bage[ds]?\b|\bold(er)?\b|\byoung(er)?\b|birth|-old\b", re.IGNORECASE)
OF_SOME = re.compile(
    r"\b(parents?|mothers?|fathers?|caregivers?|carers?|guardians?|partners?|donors?|siblings?|relatives?|offspring"
    r"|spouses?|controls?|diagnos\w+|onset|gestation\w*|cohorts?|arms?|part|phase|group|stage|corrected|birth"
    r"|if|for (?:the )?(?:\w+ )?(?:subjects|adolescents|children|adults|patients|participants|those|individuals|minors)"
    r"|unsuitable|unfit|score|first|may be eligible|child-?\s?bearing|menopaus\w*|pregnan\w*|expectancy"
    r"|surviv\w+|spirometry"
    r"|at (the )?time of (?!(the )?(sign|giving|inform|consent|screen|enrol|inclu|random|stud|entry|regist)))\b",
    re.IGNORECASE,
)
MEN = re.compile(r"\b(males?|m[ae]n|boys?)\b", re.IGNORECASE)
WOMEN = re.compile(r"\b(females?|wom[ae]n|girls?)\b", re.IGNORECASE)
AROUND = 50  # characters either side of the age that may say whose it is
LONGEST = 500  # characters; what is longer tells several things
WORDS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours"}
TOLERANCE = 0.1  # of the registered unit: months do not divide into days
LOW, HIGH = "minimumAge", "maximumAge"


class Stated(NamedTuple):
    """An age limit that a sentence states, and whether for everybody."""

    criterion: Criterion
    number: float
    unit: str
    inclusive: bool
    for_all: bool


def text_agrees_with_fields(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """No sentence states the registered limit, and one states another for everybody."""
    eligibility = trial.eligibility or Eligibility()
    if not (eligibility.minimum_age or eligibility.maximum_age):
        return
    ages = tuple(of_type(demands(criteria), Age))
    limits = {name: tuple(_stated(eligibility, ages, name)) for name in (LOW, HIGH)}
    if any(_days(low) >= _days(high) for low in limits[LOW] for high in limits[HIGH]):
        return  # they speak of different groups of people
    for name, limit in ((LOW, eligibility.minimum_age), (HIGH, eligibility.maximum_age)):
        for_all = [each for each in limits[name] if each.for_all]
        if for_all and not any(_agrees(each, limit, name) for each in limits[name]):
            yield _issue(for_all[0], limit, name)


def _stated(eligibility: Eligibility, ages: Iterable[tuple[Criterion, Age, bool]], name: str) -> Iterator[Stated]:
    """Limits in one direction; a single age is taken as a misreading."""
    for criterion, age, holds in ages:
        passing = admitted(age.range, holds)
        if passing is None or passing.low[0] == passing.high[0]:
            continue
        number, side = passing.low if name == LOW else passing.high
        if (number, side) not in (LOWEST, HIGHEST):
            unit, for_all = age.range.unit or "a", _is_for_all(criterion, age, eligibility.sex)
            yield Stated(criterion, float(number), unit, side == 0 and holds, for_all)


def _is_for_all(criterion: Criterion, age: Age, sex: EligibleSex | None) -> bool:
    """Whether the words say age, and nothing near them says that it is of a part of the participants."""
    text, span = criterion.text, age.span
    if len(text) > LONGEST:
        return False
    near = text[max(0, span.start - AROUND) : span.end + AROUND] if span else text
    heading = "\n".join(criterion.path)
    of_one_sex = bool(MEN.search(near)) is not bool(WOMEN.search(near)) and sex in (None, EligibleSex.ALL)
    return not of_one_sex and not OF_SOME.search(f"{heading}\n{near}") and bool(OF_AGE.search(f"{heading}\n{near}"))


def _agrees(stated: Stated, limit: str | None, name: str) -> bool:
    """`> 17` agrees with 17 and with 18 years, `< 18` with 18 and with 17: registries know only `from` and `to`.

    `to 5 years` lasts until the sixth birthday, so it agrees with 71 months.
    """
    if stated.number == 0:
        return True
    if limit is None:
        return False
    number, unit = registered(limit)
    step = 0.0 if stated.inclusive else DAYS[stated.unit] * (1 if name == LOW else -1)
    left = DAYS[stated.unit] - (number * DAYS[unit] - _days(stated))
    lasts = name == HIGH and TOLERANCE * DAYS[unit] < left <= DAYS[stated.unit]
    spellings = (_days(stated), _days(stated) + step)
    return (lasts and unit != stated.unit) or any(_same(number, days / DAYS[unit]) for days in spellings)


def _same(number: float, stated: float) -> bool:
    """In the registered unit: registries round down, and months do not divide into days."""
    return number == stated // 1 or abs(number - stated) < TOLERANCE


def _days(stated: Stated) -> float:
    return stated.number * DAYS[stated.unit]


def _issue(stated: Stated, limit: str | None, name: str) -> Issue:
    """Both places, or the sentence and the field that says nothing."""
    age = f"{stated.number:g} {WORDS.get(stated.unit, stated.unit)}"
    which = "youngest" if name == LOW else "oldest"
    place = field(f"/eligibility/{name}", limit)
    said = f"is registered as {limit}" if limit else "has no registered limit"
    return warning(
        "age_text_disagrees", f"the {which} {said}, but a criterion says {age}", place, words(stated.criterion)
    )
