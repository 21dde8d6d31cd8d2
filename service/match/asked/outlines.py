"""What the trials of one state of the registry ask, as far as it was looked at."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from service.match.arrays import NOTHING, Growing, Ints, Longs, Mask, Ragged
from service.match.asked.demands import Demands
from service.schemas.envelope import Outline
from service.schemas.report import TrialFilter
from service.schemas.trial import OverallStatus, Phase

_STATUSES = {each.value: number for number, each in enumerate(OverallStatus, 1)}
_PHASES = {each.value: 1 << number for number, each in enumerate(Phase)}


NUMBERS = 100_000_000
"""Of NCT ids. A table of them takes only the memory that is written to, some 30 MB for a whole registry."""


class Asked(NamedTuple):
    """What trials ask: all their demands, one trial after the other, and for each the place of its trial here.

    `conditions` are the demands for what they study, or NOTHING.
    """

    numbers: Ints
    conditions: Ints
    demands: Ints
    owners: Longs
    lengths: Longs

    def per_trial(self, some: Mask) -> Longs:
        """How many of a trial's demands are among some of all."""
        return np.bincount(self.owners[some], minlength=len(self.numbers))

    def only(self, trials: Mask) -> "Asked":
        """Some of the trials."""
        theirs = trials[self.owners]
        owners = (np.cumsum(trials) - 1)[self.owners[theirs]]
        kept = self.numbers[trials], self.conditions[trials], self.demands[theirs]
        return Asked(*kept, owners, self.lengths[trials])


class Outlines:
    """By the numbers of trials; demands are told by their places in `demands`."""

    def __init__(self, demands: Demands) -> None:
        self._demands = demands
        self._places = np.zeros(NUMBERS, np.int32)
        self._asked = Ragged()
        self._conditions, self._statuses, self._phases = Growing(np.int32), Growing(np.int8), Growing(np.int16)

    def unknown(self, numbers: Ints) -> Ints:
        """Those of them that were not looked at yet."""
        unknown: Ints = numbers[self._places[numbers] == 0]
        return unknown

    def note(self, outline: Outline) -> None:
        """A trial that was looked at."""
        place = self._demands.place
        self._asked.put(len(self._asked), [place(demand) for demand in outline.demands])
        self._conditions.extend([NOTHING if outline.condition is None else place(outline.condition)])
        self._statuses.extend([_STATUSES.get(outline.overall_status or "", 0)])
        self._phases.extend([sum(_PHASES[phase] for phase in set(outline.phases))])
        self._places[outline.number] = len(self._asked)

    def of(self, numbers: Ints, where: TrialFilter | None = None) -> Asked:
        """What trials ask that were looked at, and that are of the status and phase that the caller asks for."""
        places = self._places[numbers] - 1
        wanted = self._are_wanted(places, where or TrialFilter())
        places = places[wanted]
        rows = self._asked.of(places)
        return Asked(numbers[wanted], self._conditions.values[places], rows.values, rows.owners, rows.lengths)

    def _are_wanted(self, places: Ints, where: TrialFilter) -> Mask:
        wanted = np.ones(len(places), np.bool_)
        if statuses := _tuple(where.status):
            wanted &= np.isin(self._statuses.values[places], [_STATUSES[each.value] for each in statuses])
        if phases := _tuple(where.phase):
            wanted &= (self._phases.values[places] & sum(_PHASES[each.value] for each in set(phases))) != 0
        return wanted


def _tuple(values: object) -> Sequence[OverallStatus | Phase]:
    return values if isinstance(values, tuple) else (values,)
