"""Exceptions of a leaf, held against one entry of the record alone."""

from collections.abc import Callable

from service.schemas.expression import AllOf, AnyOf, Expression
from service.schemas.truth import Truth, all_of, any_of


def exception_truth(exception: Expression, leaf_truth: Callable[[Expression], Truth]) -> Truth:
    """Whether the entry is the exception; lists of exceptions are alternatives, joined ones hold together."""
    if isinstance(exception, AnyOf):
        return any_of([exception_truth(part, leaf_truth) for part in exception.of])
    if isinstance(exception, AllOf):
        return all_of([exception_truth(part, leaf_truth) for part in exception.of])
    return leaf_truth(exception)
