"""What a trial's sentences demand of everybody: leaves that must hold, and leaves that must not."""

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from service.criteria.patient.interval import HIGHEST, LOWEST, Interval
from service.criteria.tree import is_leaf
from service.schemas.criterion import Criterion, Polarity
from service.schemas.expression import AllOf, AnyLeaf, AnyOf, AtLeast, Expression, If, Not
from service.schemas.quantity import Range

T = TypeVar("T")


class Demand(NamedTuple):
    """To be eligible, `leaf` must hold, or, where `holds` is false, must not."""

    criterion: Criterion
    leaf: AnyLeaf
    holds: bool


def demands(criteria: tuple[Criterion, ...]) -> Iterator[Demand]:
    """Every demand that no other part of its sentence can lift: no alternative, no condition, no count."""
    for criterion in criteria:
        if criterion.span is not None:
            found = _demanded(criterion.expression, holds=criterion.polarity is Polarity.INCLUSION)
            yield from (Demand(criterion, leaf, holds) for leaf, holds in found)


def wishes(criteria: tuple[Criterion, ...]) -> Iterator[Demand]:
    """Every leaf that is not denied, alternatives and conditions included; whether it speaks for the patient."""
    for criterion in criteria:
        if criterion.span is not None:
            holds = criterion.polarity is Polarity.INCLUSION
            yield from (Demand(criterion, leaf, holds) for leaf in _stated(criterion.expression))


def of_type(found: Iterator[Demand], leaf: type[T]) -> Iterator[tuple[Criterion, T, bool]]:
    """Those about one kind of leaf."""
    for demand in found:
        if type(demand.leaf) is leaf:
            yield demand.criterion, demand.leaf, demand.holds


def admitted(range_: Range, holds: bool) -> Interval | None:
    """The numbers that pass; None for those outside of a range with two ends, which are two stretches."""
    stated = Interval.stated(range_)
    if holds:
        return stated
    if stated.low == LOWEST and stated.high != HIGHEST:
        number, side = stated.high
        return Interval(low=(number, side + 1))
    if stated.high == HIGHEST and stated.low != LOWEST:
        number, side = stated.low
        return Interval(high=(number, side - 1))
    return None


Leaves = Iterator[tuple[AnyLeaf, bool]]


def _demanded(expression: Expression, *, holds: bool) -> Leaves:
    """What must hold for the sentence to be true, or must not hold lest it be."""
    if is_leaf(expression):
        yield expression, holds
    elif (type(expression) is AllOf and holds) or (type(expression) is AnyOf and not holds):
        for part in expression.of:
            yield from _demanded(part, holds=holds)
    elif type(expression) is Not:
        yield from _demanded(expression.of, holds=not holds)


def _stated(expression: Expression) -> Iterator[AnyLeaf]:
    """Every leaf but those under a negation, whose reach is the easiest thing to misread, and those of a condition."""
    if is_leaf(expression):
        yield expression
        return
    match expression:
        case AllOf(of=parts) | AnyOf(of=parts) | AtLeast(of=parts):
            for part in parts:
                yield from _stated(part)
        case If(then=then, otherwise=otherwise):
            yield from _stated(then)
            if otherwise is not None:
                yield from _stated(otherwise)
        case _:
            return
