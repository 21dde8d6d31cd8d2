"""How leaves come out where a record has nothing to say: for every such record alike, so it is remembered."""

from collections.abc import Iterator

import numpy as np

from service.criteria.demand import placeless
from service.criteria.finding import Finding
from service.criteria.patient.facts import Facts
from service.criteria.tree import leaves as leaves_of
from service.match.arrays import NOTHING, Growing, Ints
from service.match.asked.leaves import Leaves
from service.match.evaluate import Answers, answered, concluded
from service.match.memo import Memo
from service.match.weighed.weight import WeightList, Weights
from service.schemas.criterion import Criterion
from service.schemas.expression import Expression, Unparsed
from service.schemas.report import Missing

MOST = 20_000
"""Of each kind that is remembered with its words: some 20 MB."""


class Silent:
    """Of records that are silent in one way."""

    def __init__(self, facts: Facts, numbered: Leaves) -> None:
        self._words: Memo[Expression, Finding] = Memo(lambda leaf: answered(facts, leaf), MOST)
        self._findings: dict[int, Finding] = {}
        self._facts, self._leaves = facts, numbered
        self._weights = WeightList()
        self._places = Growing(np.int32)  # of leaves among the weights

    @property
    def missing(self) -> dict[int, Missing]:
        """The facts that weights tell of."""
        return self._weights.missing

    def work_out(self, leaves: Ints) -> Iterator[None]:
        """How some leaves come out, as far as that was not worked out before; a step at a time."""
        self._places.fill_to(len(self._leaves), NOTHING)
        for leaf in leaves[self._places.values[leaves] == NOTHING].tolist():
            self._places.values[leaf] = self._weights.append(answered(self._facts, self._leaves[leaf]))
            yield

    def at(self, leaves: Ints) -> Weights:
        """What leaves have come to."""
        return self._weights.at(self._places.values[leaves])

    def in_words(self, leaf: Expression) -> Finding:
        """What a leaf comes to, wherever it stands in a text."""
        return self._words[placeless(leaf)]

    def finding(self, demand: int, criterion: Criterion) -> Finding:
        """What a criterion comes to, in words; where words stand that nobody has read, in its own."""
        if demand in self._findings:
            return self._findings[demand]
        finding = concluded(criterion.expression, Answers(self.in_words, self.in_words), criterion.polarity)
        if any(isinstance(leaf, Unparsed) for leaf in leaves_of(criterion.expression)):
            return finding
        if len(self._findings) >= MOST:
            self._findings.clear()
        self._findings[demand] = finding
        return finding
