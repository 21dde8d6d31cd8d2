"""Two sentences that bound the same thing and leave no room, or that give and take the same values."""

from itertools import combinations
from typing import NamedTuple

from service.criteria.interval import HIGHEST, LOWEST, Interval
from service.schemas.criterion import Criterion
from service.schemas.expression import Age, AnyLeaf, Measurement, ScaleScore, Survival
from service.schemas.trial import Trial
from service.validate.demands import admitted, demands
from service.validate.issues import Found, error, warning, words


class Bound(NamedTuple):
    """What passes of one measured thing, by one sentence; `holds` is false where it is an exclusion's other side."""

    criterion: Criterion
    passing: Interval
    holds: bool


def bounds_leave_room(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """Inclusion and exclusion of one number meet, or overlap, or both shut everybody out."""
    by_subject: dict[object, list[Bound]] = {}
    for criterion, leaf, holds in demands(criteria):
        subject = _subject(leaf)
        if subject is not None and isinstance(leaf, Age | Measurement | ScaleScore | Survival):
            passing = admitted(leaf.range, holds)
            if passing is not None:
                by_subject.setdefault(subject, []).append(Bound(criterion, passing, holds))
    for bounds in by_subject.values():
        for one, other in combinations(bounds, 2):
            yield from _judge(one, other)


def _judge(one: Bound, other: Bound) -> Found:
    """Two sentences; those of different headings may speak of different people."""
    if one.criterion.id == other.criterion.id or (
        one.holds == other.holds and one.criterion.path != other.criterion.path
    ):
        return
    places = (words(one.criterion), words(other.criterion))
    if one.passing.low > other.passing.high or other.passing.low > one.passing.high:
        yield error("bounds_leave_nobody", "no value passes both of these criteria", *places)
    elif one.holds and not other.holds and _takes_back(one.passing, other.passing):
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
