"""What is remembered of the registry from match to match."""

from collections.abc import Sequence

import numpy as np

from service.criteria.patient.facts import Facts, Silence
from service.match.arrays import Ints
from service.match.asked.demands import Demands
from service.match.asked.outlines import Outlines
from service.match.weighed.silent import Silent
from service.schemas.criterion import Criterion
from service.schemas.report import TrialFilter

MOST = 3_000_000
"""Demands that are remembered at a time, in some 1.2 GB; 570,000 invented trials have a third of it."""


SILENCES = 8
"""Ways to be silent that are remembered at a time, those asked for last, each in some 100 MB at most."""


class Known:
    """What trials ask in one state of the registry, and what silent records come to."""

    def __init__(self, version: str, before: "Known | None" = None) -> None:
        self.version = version
        self.demands: Demands = before.demands if before else Demands()
        self.outlines: Outlines = Outlines(self.demands)
        self._silent: dict[Silence, Silent] = before._silent if before else {}

    def silent(self, facts: Facts) -> Silent:
        """Of records as silent as this one."""
        silent = self._silent.pop(facts.silence, None) or Silent(facts.silent(), self.demands.leaves)
        self._silent[facts.silence] = silent  # the last one that was asked for
        if len(self._silent) > SILENCES:
            del self._silent[next(iter(self._silent))]
        return silent

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
        self._known = Known("")

    @property
    def has_room(self) -> bool:
        """Whether more may be learnt beforehand: half is left for what matches meet."""
        return 2 * len(self._known.demands) <= self._most

    def of(self, version: str) -> Known:
        """What is known of that state. When too much is remembered all is forgotten."""
        if len(self._known.demands) > self._most:
            self._known = Known(version)
        elif self._known.version != version:
            self._known = Known(version, self._known)
        return self._known
