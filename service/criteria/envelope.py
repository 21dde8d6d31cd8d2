"""A trial's envelope: the bounds of its criteria, joined."""

from functools import reduce

from service.criteria.bounds import NO_BOUNDS, SEXES, Bounds
from service.criteria.kinds import KINDS
from service.schemas.criterion import Criterion
from service.schemas.envelope import ANY, OPEN, Envelope
from service.schemas.expression import AllOf, AnyOf, Expression
from service.schemas.patient import Sex
from service.schemas.trial import EligibleSex, Trial

REGISTRY = "registry."
REGISTRY_CONDITION = "registry.condition"
_BOUNDS = {kind.leaf: kind.bounds for kind in KINDS}


def envelope_of(trial: Trial, criteria: tuple[Criterion, ...]) -> Envelope:
    """What every patient who is not ineligible satisfies, by the registry's own fields alone.

    Criteria of the text bound nothing here, however plainly they read: reading one wrongly would hide the trial, and
    what is hidden cannot be corrected by anybody who reads the answer.
    """
    joined = reduce(Bounds.both, map(_of_criterion, criteria), NO_BOUNDS)
    return Envelope(
        age_min_days=joined.age_min_days,
        age_max_days=joined.age_max_days,
        sex=_sex(joined.sexes),
        keys=tuple(sorted(joined.keys or {ANY})),
        open=trial.overall_status in OPEN,
    )


def bounds_of(expression: Expression) -> Bounds:
    """Which patients a sentence can hold for at all."""
    if isinstance(expression, AllOf):
        return reduce(Bounds.both, map(bounds_of, expression.of), NO_BOUNDS)
    if isinstance(expression, AnyOf) and expression.of:
        return reduce(Bounds.either, map(bounds_of, expression.of))
    bounds = _BOUNDS.get(type(expression))
    return bounds(expression) if bounds is not None else NO_BOUNDS


def _of_criterion(criterion: Criterion) -> Bounds:
    if not criterion.id.startswith(REGISTRY):
        return NO_BOUNDS
    bounds = bounds_of(criterion.expression)
    return bounds if criterion.id == REGISTRY_CONDITION else bounds._replace(keys=None)


def _sex(sexes: frozenset[Sex]) -> EligibleSex:
    """Both where the criteria contradict each other: then nobody fits, and the verdicts will say so."""
    if sexes == SEXES or not sexes:
        return EligibleSex.ALL
    return EligibleSex.MALE if Sex.MALE in sexes else EligibleSex.FEMALE
