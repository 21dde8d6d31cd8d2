"""Many sentences worked out at once, in strong Kleene logic.

The same as `evaluate` in all but reason and evidence, of which trials that are not shown have no need; a property test
holds the two together.
"""

import numpy as np

from service.match.arrays import NOTHING, Ints, Longs, Mask
from service.match.asked.program import CONDITIONAL, Programs
from service.match.weighed.weight import FALSE, MORE, TRUE, UNKNOWN, Weights


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
