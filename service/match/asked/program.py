"""Sentences as rows of numbers."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from service.match.arrays import Ints, Longs, Rows
from service.match.asked.leaves import NO_LEAF, literal
from service.schemas.criterion import Polarity
from service.schemas.expression import AllOf, AnyOf, AtLeast, Expression, If, Not

CONDITIONAL = -1
"""Of a node: its three parts are what is asked where, what then, and what elsewhere."""


class Node(NamedTuple):
    """One row. Parts of a node stand next to each other, behind it, `first` counted from the program's first row.

    `operand` of a node that has parts: how many of them must hold, or CONDITIONAL; of a leaf: its `literal`.
    """

    operand: int
    first: int
    parts: int
    is_denied: int
    depth: int


def program_of(expression: Expression, polarity: Polarity, number_of: Callable[[Expression], int]) -> list[int]:
    """All nodes of a tree, from the root on, level by level; its leaves are told by their numbers."""
    waiting: list[_Waiting] = [_Waiting(expression, polarity is Polarity.INCLUSION, 0)]
    rows: list[int] = []
    for each in waiting:
        node, is_denied, to_hold = each.sentence, False, each.to_hold
        while isinstance(node, Not):
            node, is_denied, to_hold = node.of, not is_denied, not to_hold
        parts = _parts(node, to_hold, each.depth + 1)
        if parts:
            rows += Node(_needed(node), len(waiting), len(parts), is_denied, each.depth)
            waiting += parts
        elif isinstance(node, bool | AllOf | AnyOf | AtLeast):
            holds = node if isinstance(node, bool) else isinstance(node, AllOf)
            rows += Node(literal(NO_LEAF, to_hold=True), 0, 0, is_denied is holds, each.depth)
        else:
            rows += Node(literal(number_of(node), to_hold=to_hold), 0, 0, is_denied, each.depth)
    return rows


class _Waiting(NamedTuple):
    """A part of a tree; True or False where nothing is asked."""

    sentence: Expression | bool
    to_hold: bool
    depth: int


def _parts(node: Expression | bool, to_hold: bool, depth: int) -> list[_Waiting]:
    if isinstance(node, If):
        otherwise = to_hold if node.otherwise is None else node.otherwise
        parts = (node.when, True), (node.then, to_hold), (otherwise, to_hold)
        return [_Waiting(part, holds, depth) for part, holds in parts]
    listed = node.of if isinstance(node, AllOf | AnyOf | AtLeast) else ()
    return [_Waiting(part, to_hold, depth) for part in listed]


def _needed(node: Expression | bool) -> int:
    """How many of a node's parts must hold for it to hold."""
    if isinstance(node, AtLeast):
        return node.n
    return len(node.of) if isinstance(node, AllOf) else CONDITIONAL if isinstance(node, If) else 1


class Programs(NamedTuple):
    """Several, one after the other: a column for each member of Node, whose each row is, and where each begins."""

    operands: Ints
    firsts: Ints
    parts: Ints
    is_denied: Ints
    depths: Ints
    owners: Longs
    starts: Longs

    @staticmethod
    def of(rows: Rows) -> "Programs":
        """From rows that programs were put into."""
        columns = rows.values.reshape(-1, len(Node._fields)).T
        lengths = rows.lengths // len(Node._fields)
        starts = np.cumsum(lengths) - lengths
        operands, firsts, parts, is_denied, depths = columns
        owners = rows.owners[:: len(Node._fields)]
        return Programs(operands, firsts + starts[owners], parts, is_denied, depths, owners, starts)

    @property
    def leaves(self) -> Longs:
        """Rows of leaves."""
        return np.flatnonzero(self.parts == 0)
