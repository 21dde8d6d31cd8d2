"""What a kind of criterion must supply."""

from collections.abc import Callable
from typing import Any, NamedTuple

from service.criteria.bounds import NO_BOUNDS, Bounds
from service.criteria.finding import Finding
from service.criteria.patient.bearing import PERSON
from service.criteria.patient.facts import Facts


def unbounded(_leaf: Any) -> Bounds:
    """The leaf keeps nobody out that the candidate query could know of."""
    return NO_BOUNDS


def of_the_person(_leaf: Any) -> frozenset[str]:
    """The leaf is held against every record."""
    return PERSON


class Kind(NamedTuple):
    """One leaf type of schemas/expression.py and what can be done with it.

    `evaluate` says whether it holds for a patient, `bounds` which patients it can hold for at all, and `keys` what a
    record must have one of to say anything about it that a silent record does not.
    """

    leaf: type
    evaluate: Callable[[Any, Facts], Finding]
    bounds: Callable[[Any], Bounds] = unbounded
    keys: Callable[[Any], frozenset[str]] = of_the_person
