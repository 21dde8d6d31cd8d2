"""Sentences as rows of numbers, and many of them worked out at once, in strong Kleene logic.

The same as `evaluate` in all but reason and evidence, of which trials that are not shown have no need; a property test
holds the two together.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from service.match.arrays import Ints, Longs, Mask, Rows
from service.match.leaves import NO_LEAF, literal
from service.match.weight import FALSE, MORE, NOTHING, TRUE, UNKNOWN, Weights
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


def worked_out(programs: Programs, leaves: Weights) -> Weights:
    """What each program comes to, its leaves having come to so much."""
    weights, at = Weights.empty(len(programs.parts)), programs.leaves
    weights.put(at, leaves)
    weights.truths[at] *= 1 - 2 * programs.is_denied[at]
    for depth in range(int(programs.depths.max(initial=0)) - 1, -1, -1):
        _join(programs, weights, np.flatnonzero((programs.depths == depth) & (programs.parts > 0)))
    return Weights(*(column[programs.starts] for column in weights))


def _join(programs: Programs, weights: Weights, nodes: Longs) -> None:
    """Nodes of one depth, those below being worked out."""
    if not len(nodes):
        return
    counts = programs.parts[nodes]
    begins = np.cumsum(counts) - counts
    parts = np.arange(counts.sum()) + np.repeat(programs.firsts[nodes] - begins, counts)
    truths, matters = weights.truths[parts], np.ones(len(parts), np.bool_)
    needed = programs.operands[nodes]
    hold, fail = (np.add.reduceat(truths == truth, begins, dtype=np.int32) for truth in (TRUE, FALSE))
    found = np.where(hold >= needed, TRUE, np.where(counts - fail < needed, FALSE, UNKNOWN))
    if np.any(conditional := needed == CONDITIONAL):
        found[conditional] = _conditional(truths, matters, begins[conditional])
    is_open = found == UNKNOWN
    weights.truths[nodes] = found * (1 - 2 * programs.is_denied[nodes])
    for column, joined, nothing in (
        (weights.least, np.minimum, MORE),
        (weights.greatest, np.maximum, NOTHING),
        (weights.signs, np.bitwise_or, 0),
    ):
        all_of_it = joined.reduceat(np.where(matters, column[parts], nothing), begins)
        column[nodes] = np.where(is_open, all_of_it, nothing)


def _conditional(truths: Ints, matters: Mask, when: Longs) -> Ints:
    """Where the condition is open, the sentence is settled only if both ways come out the same."""
    asked, then, otherwise = truths[when], truths[when + 1], truths[when + 2]
    matters[when + 1] = asked != FALSE
    matters[when + 2] = asked != TRUE
    either = np.where(then == otherwise, then, UNKNOWN)
    return np.where(asked == TRUE, then, np.where(asked == FALSE, otherwise, either))
