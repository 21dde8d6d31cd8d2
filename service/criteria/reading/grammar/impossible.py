"""What nobody can meet is a misreading: both sexes at once, two ages apart, a line for men beside one for women."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from msgspec.structs import replace

from service.criteria.reading.tokens.clause import of_classes_apart
from service.criteria.tree import conjunction
from service.reference.units import convert
from service.schemas.criterion import Criterion, Polarity
from service.schemas.expression import Age, AllOf, AnyOf, Expression, If, ScaleScore, SexIs
from service.schemas.patient import Sex
from service.schemas.quantity import exact


def is_impossible(node: Expression) -> bool:
    """Whether some conjunction in the tree holds of nobody."""
    if type(node) is AllOf:
        return _contradicts(node.of) or any(map(is_impossible, node.of))
    return type(node) is AnyOf and any(map(is_impossible, node.of))


def _contradicts(parts: Sequence[Expression]) -> bool:
    ages = [part for part in parts if type(part) is Age]
    scores = [part for part in parts if type(part) is ScaleScore]
    if any(map(of_classes_apart, combinations(scores, 2))):
        return True
    return _sexes(parts) == {Sex.MALE, Sex.FEMALE} or any(_are_apart(*pair) for pair in combinations(ages, 2))


def _sexes(parts: Sequence[Expression]) -> set[Sex]:
    return {part.sex for part in parts if type(part) is SexIs}


def _are_apart(one: Age, other: Age) -> bool:
    """No age is in both ranges."""
    return _ends_before(one, other) or _ends_before(other, one)


def _ends_before(one: Age, other: Age) -> bool:
    if one.range.high is None or other.range.low is None:
        return False
    high = convert(exact(one.range.high), one.range.unit or "a", "d")
    low = convert(exact(other.range.low), other.range.unit or "a", "d")
    if high is None or low is None:
        return False
    return high < low or (high == low and not (one.range.high_inclusive and other.range.low_inclusive))


def of_each_sex(criteria: Sequence[Criterion]) -> Iterator[Criterion]:
    """Lines for men beside lines for women ask each of their own."""
    asked = [criterion for criterion in criteria if criterion.polarity is Polarity.INCLUSION]
    if {sex for criterion in asked for sex in _sexes(_parts(criterion.expression))} != {Sex.MALE, Sex.FEMALE}:
        yield from criteria
        return
    for criterion in criteria:
        parts = _parts(criterion.expression)
        sexes = [part for part in parts if type(part) is SexIs]
        rest = [part for part in parts if type(part) is not SexIs]
        if criterion.polarity is not Polarity.INCLUSION or len(sexes) != 1:
            yield criterion
            continue
        yield replace(criterion, expression=If(when=sexes[0], then=conjunction(rest) if rest else AllOf(of=())))


def _parts(node: Expression) -> Sequence[Expression]:
    return node.of if type(node) is AllOf else (node,)
