"""How leaves come out where a record has nothing to say: for every such record alike, so it is remembered."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np

from service.criteria.demand import placeless
from service.criteria.finding import Finding
from service.criteria.patient.facts import Facts
from service.criteria.tree import leaves
from service.match.arrays import Growing, Ints
from service.match.evaluate import Answers, answered, concluded
from service.match.leaves import Leaves
from service.match.weight import NOTHING, WeightTable, weight_of
from service.schemas.criterion import Criterion
from service.schemas.expression import Expression, Unparsed

K = TypeVar("K")
V = TypeVar("V")

MOST = 20_000
"""Of each kind that is remembered with its words: some 20 MB."""


class Recent(dict[K, V]):
    """What was worked out lately; everything is forgotten when it is too much."""

    def __init__(self, work_out: Callable[[K], V]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: K) -> V:
        if len(self) >= MOST:
            self.clear()
        self[key] = value = self._work_out(key)
        return value


class Silent:
    """Of records that are silent in one way."""

    def __init__(self, facts: Facts, numbered: Leaves) -> None:
        self.table = WeightTable()
        self.words: Recent[Expression, Finding] = Recent(lambda leaf: answered(facts, leaf))
        self._findings: dict[int, Finding] = {}
        self._facts, self._leaves = facts, numbered
        self._numbers = Growing(np.int32)

    def work_out(self, numbers: Ints) -> Iterator[None]:
        """How some leaves come out, as far as that was not worked out before; a step at a time."""
        self._numbers.fill_to(len(self._leaves), NOTHING)
        for leaf in numbers[self._numbers.values[numbers] == NOTHING].tolist():
            self._numbers.values[leaf] = self.table.number(weight_of(answered(self._facts, self._leaves[leaf])))
            yield

    def weights(self, numbers: Ints) -> Ints:
        """Numbers in `table` of what leaves came to."""
        return self._numbers.values[numbers]

    def finding(self, demand: int, criterion: Criterion) -> Finding:
        """What a criterion comes to, in words; where words stand that nobody has read, in its own."""
        if demand in self._findings:
            return self._findings[demand]
        answers = Answers(self.words.__getitem__, self.words.__getitem__)
        finding = concluded(placeless(criterion.expression), answers, criterion.polarity)
        if any(isinstance(leaf, Unparsed) for leaf in leaves(criterion.expression)):
            return finding
        if len(self._findings) >= MOST:
            self._findings.clear()
        self._findings[demand] = finding
        return finding
