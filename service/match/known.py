"""What is remembered of the registry from match to match."""

from collections.abc import Sequence

import numpy as np

from service.match.arrays import Ints
from service.match.demands import Demands
from service.match.outlines import Outlines
from service.schemas.criterion import Criterion
from service.schemas.report import TrialFilter

MOST = 1_000_000
"""Demands that are remembered at a time: in some 500 MB what 300,000 invented trials ask."""


class Known:
    """What trials ask in one state of the registry."""

    def __init__(self, version: str, demands: Demands) -> None:
        self.version = version
        self.demands = demands
        self.outlines = Outlines(demands)

    def unlearnt(self, numbers: Ints, where: TrialFilter | None = None) -> list[int]:
        """Trials that were looked at, and of which it is not known yet what they ask."""
        trials = self.outlines.of(numbers, where)
        unlearnt: list[int] = trials.numbers[trials.per_trial(~self.demands.are_learnt(trials.demands)) > 0].tolist()
        return unlearnt

    def learn(self, number: int, criteria: Sequence[Criterion]) -> None:
        """What a trial asks that was looked at."""
        trial = self.outlines.of(np.array([number], np.int32))
        for place, criterion in zip(trial.demands.tolist(), criteria, strict=True):
            self.demands.learn(place, criterion)


class Memory:
    """Of a process. What a match has taken from it stays as it is, whatever is remembered or forgotten meanwhile."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known = Known("", Demands())

    @property
    def is_full(self) -> bool:
        """Whether all will be forgotten soon."""
        return len(self._known.demands) > self._most

    def of(self, version: str) -> Known:
        """What is known of that state. When too much is remembered all is forgotten."""
        if self.is_full:
            self._known = Known(version, Demands())
        elif self._known.version != version:
            self._known = Known(version, self._known.demands)
        return self._known
