"""What criteria ask, remembered from match to match. It is the registry's: nothing of any patient is in it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from service.criteria.demand import Demand, demand_of
from service.criteria.patient.facts import Silence
from service.match.outcome import Outcome
from service.schemas.criterion import Criterion
from service.schemas.envelope import Outline

MOST = 100_000
"""Demands that are remembered at a time: what 10,000 trials ask."""


Told = tuple[Outline, Sequence[Criterion]]
"""What a trial asks, in brief and in full."""


class Demands:
    """By their ids, and what comes of them where a record is silent."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: dict[int, Demand] = {}
        self._unanswered: defaultdict[Silence, dict[int, Outcome]] = defaultdict(dict)

    def __getitem__(self, demand: int) -> Demand:
        """Raises KeyError for one that is not known here, or not any more."""
        return self._known[demand]

    def unanswered(self, silence: Silence) -> dict[int, Outcome]:
        """What came of demands under one way of being silent, to be looked up and added to."""
        return self._unanswered[silence]

    def learn(self, told: Iterable[Told]) -> None:
        """What trials ask. Forgets everything before it would hold too much."""
        new = {
            demand: criterion
            for outline, criteria in told
            for demand, criterion in zip(outline.demands, criteria, strict=True)
            if demand not in self._known
        }
        if len(self._known) + len(new) > self._most:
            self._known.clear()
            self._unanswered.clear()
        self._known.update((demand, demand_of(criterion)) for demand, criterion in new.items())
