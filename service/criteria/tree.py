"""Small helpers over expressions: flat conjunctions and disjunctions, walks, and what is shared among leaves."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import TypeGuard

import msgspec

from service.schemas.criterion import Coverage
from service.schemas.expression import (
    AllOf,
    AnyLeaf,
    AnyOf,
    AtLeast,
    Biomarker,
    ConditionIs,
    Expression,
    If,
    Leaf,
    Measurement,
    Not,
    ScaleScore,
    TreatmentIs,
    Unparsed,
    Window,
)  # fmt: skip
from service.schemas.text import Span

_TIMED = (Measurement, ScaleScore, ConditionIs, Biomarker, TreatmentIs)
BRANCHES = frozenset({AllOf, AnyOf, Not, AtLeast, If})
"""Every node that is no leaf. No type of node has subtypes: `type(node) in …` is ten times as fast as isinstance,
which asks the metaclass of a Struct."""


def conjunction(parts: Sequence[Expression]) -> Expression:
    """All of them; one alone stands for itself, nested ones are flattened."""
    flat = [inner for part in parts for inner in (part.of if type(part) is AllOf else (part,))]
    return flat[0] if len(flat) == 1 else AllOf(of=tuple(flat))


def disjunction(parts: Sequence[Expression]) -> Expression:
    """Any of them; one alone stands for itself, nested ones are flattened."""
    flat = [inner for part in parts for inner in (part.of if type(part) is AnyOf else (part,))]
    return flat[0] if len(flat) == 1 else AnyOf(of=tuple(flat))


def children(node: Expression) -> tuple[Expression, ...]:
    """The direct parts of a node, in order."""
    if is_leaf(node):
        return node.other_than if type(node) is ConditionIs or type(node) is TreatmentIs else ()
    match node:
        case AllOf() | AnyOf() | AtLeast():
            return node.of
        case Not():
            return (node.of,)
        case If():
            return (node.when, node.then) if node.otherwise is None else (node.when, node.then, node.otherwise)
        case _:
            return ()


def leaves(node: Expression) -> list[Leaf]:
    """Every leaf, left to right; the exceptions of a leaf follow it."""
    found: list[Leaf] = [node] if is_leaf(node) else []
    for child in children(node):
        found += leaves(child)
    return found


def is_leaf(node: Expression) -> TypeGuard[AnyLeaf]:
    """Whether nothing is joined by it."""
    return type(node) not in BRANCHES


def mapped(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The tree with `change` applied to every leaf."""
    return mapped_as_told(node, lambda leaf, _told: change(leaf))


class Told(Enum):
    """How a tree tells of a leaf; twice denied is stated. What is supposed stands behind an `if`."""

    STATED = "stated"
    DENIED = "denied"
    SUPPOSED = "supposed"

    def contrary(self) -> "Told":
        """Behind a `not`."""
        return _CONTRARY[self]


_CONTRARY = {Told.STATED: Told.DENIED, Told.DENIED: Told.STATED, Told.SUPPOSED: Told.SUPPOSED}


def mapped_as_told(
    node: Expression, change: Callable[[Expression, Told], Expression], told: Told = Told.STATED
) -> Expression:
    """The tree with `change` applied to every leaf and how it is told."""
    if type(node) is AllOf or type(node) is AnyOf or type(node) is AtLeast:
        return msgspec.structs.replace(node, of=tuple([mapped_as_told(part, change, told) for part in node.of]))
    if type(node) is Not:
        return Not(of=mapped_as_told(node.of, change, told.contrary()))
    if type(node) is If:
        otherwise = None if node.otherwise is None else mapped_as_told(node.otherwise, change, told)
        when = mapped_as_told(node.when, change, Told.SUPPOSED)
        return If(when=when, then=mapped_as_told(node.then, change, told), otherwise=otherwise)
    return change(node, told)


def with_window(node: Expression, window: Window) -> Expression:
    """The window given to every leaf that can have one and has none."""

    def timed(leaf: Expression) -> Expression:
        if isinstance(leaf, _TIMED) and leaf.window is None:
            return msgspec.structs.replace(leaf, window=window)
        return leaf

    return mapped(node, timed)


def spanning(node: Expression, end: int) -> Expression:
    """The tree with its last leaf's words reaching to character `end`."""
    match node:
        case AllOf(of=(*before, last)) | AnyOf(of=(*before, last)):
            return msgspec.structs.replace(node, of=(*before, spanning(last, end)))
        case Not():
            return Not(of=spanning(node.of, end))
        case Leaf(span=Span(start=start)):
            return msgspec.structs.replace(node, span=Span(start, end))
        case _:
            return node


def with_qualifiers(leaf: ConditionIs, qualifiers: tuple[str, ...]) -> ConditionIs:
    """The disease with qualifiers of a list it stands in."""
    return msgspec.structs.replace(leaf, qualifiers=qualifiers)


def with_exceptions(node: Expression, exceptions: Expression) -> Expression:
    """The exceptions given to the leaf they follow; where no leaf can have them, A and not B."""
    listed = _as_narrow(exceptions.of if isinstance(exceptions, AnyOf) else (exceptions,))
    match node:
        case ConditionIs() | TreatmentIs():
            return msgspec.structs.replace(node, other_than=(*node.other_than, *listed))
        case AnyOf(of=(*_, ConditionIs() | TreatmentIs())):
            return AnyOf(of=tuple(with_exceptions(part, exceptions) for part in node.of))
        case AllOf(of=(*before, ConditionIs() | TreatmentIs() as last)):
            return AllOf(of=(*before, with_exceptions(last, exceptions)))
        case Not():
            return Not(of=with_exceptions(node.of, exceptions))
        case _:
            return conjunction([node, Not(of=exceptions)])


def _as_narrow(listed: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """`treated carcinoma in situ of the cervix or breast`: what narrows the first exception narrows those behind it."""
    first = listed[0]
    if not isinstance(first, ConditionIs) or not first.qualifiers:
        return listed
    bare = (isinstance(each, ConditionIs) and not each.qualifiers for each in listed)
    return tuple(
        msgspec.structs.replace(each, qualifiers=first.qualifiers)
        if is_bare and isinstance(each, ConditionIs)
        else each
        for each, is_bare in zip(listed, bare, strict=True)
    )


def coverage(node: Expression) -> Coverage:
    """FULL without an `unparsed` leaf, NONE with nothing else."""
    unread = [type(leaf) is Unparsed for leaf in leaves(node)]
    if not any(unread):
        return Coverage.FULL
    return Coverage.NONE if all(unread) else Coverage.PARTIAL
