"""Two sentences that bound the same thing and leave no room, or that give and take the same values."""

import re
from itertools import product
from typing import NamedTuple

from service.criteria.patient.interval import HIGHEST, LOWEST, Interval
from service.schemas.criterion import Criterion, Polarity
from service.schemas.expression import Age, AnyLeaf, Measurement, ScaleScore, Survival
from service.schemas.trial import Trial
from service.validate.demands import admitted, demands
from service.validate.issues import Found, warning, words

CONDITIONAL = re.compile(r"\b(for|if|when|whose|who|with|unless|in case|provided)\b", re.IGNORECASE)


class Bound(NamedTuple):
    """What passes of one measured thing, by one sentence."""

    criterion: Criterion
    passing: Interval


def bounds_leave_room(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """Inclusion and exclusion of one number meet, or overlap, or both shut everybody out."""
    by_subject: dict[object, list[Bound]] = {}
    for criterion, leaf, holds in demands(criteria):
        subject = _subject(leaf)
        if subject is not None and isinstance(leaf, Age | Measurement | ScaleScore | Survival):
            passing = admitted(leaf.range, holds)
            if passing is not None:
                by_subject.setdefault(subject, []).append(Bound(criterion, passing))
    for bounds in by_subject.values():
        included = [bound for bound in bounds if bound.criterion.polarity is Polarity.INCLUSION]
        excluded = [
            bound
            for bound in bounds
            if bound.criterion.polarity is Polarity.EXCLUSION and not CONDITIONAL.search(bound.criterion.text)
        ]
        for given, taken in product(included, excluded):
            yield from _judge(given, taken)


def _judge(given: Bound, taken: Bound) -> Found:
    """An inclusion and an exclusion; two inclusions that leave no room speak of different groups of people."""
    places = (words(given.criterion), words(taken.criterion))
    if given.passing.low > taken.passing.high or taken.passing.low > given.passing.high:
        yield warning("bounds_leave_nobody", "no value passes both the inclusion and the exclusion", *places)
    elif _takes_back(given.passing, taken.passing):
        yield warning(
            "bounds_contradict", "the exclusion shuts out values that the inclusion names as admitted", *places
        )


def _takes_back(given: Interval, left: Interval) -> bool:
    """The exclusion moves an end that the inclusion states."""
    above = given.high != HIGHEST and left.high < given.high
    below = given.low != LOWEST and left.low > given.low
    return above or below


def _subject(leaf: AnyLeaf) -> object | None:
    """What is bounded; only what is named alike is compared."""
    match leaf:
        case Age(range=range_):
            return "age", range_.unit
        case Survival(range=range_):
            return "survival", range_.unit
        case Measurement(analyte=str() as analyte, range=range_, relative_to=limit, window=None):
            return analyte, range_.unit, limit
        case ScaleScore(scale=scale, of=of, window=None):
            return scale, of
        case _:
            return None
