"""What criteria ask, remembered from match to match. It is the registry's: nothing of any patient is in it."""

import numpy as np

from service.match.arrays import Growing, Ints, Mask, Ragged
from service.match.asked.leaves import Leaves
from service.match.asked.program import Programs, program_of
from service.schemas.criterion import Criterion, Polarity


class Demands:
    """Demands by their places, which are counted from 0 in the order in which their ids are first heard of."""

    def __init__(self) -> None:
        self.leaves = Leaves()
        self._places: dict[int, int] = {}
        self._programs = Ragged()
        self._are_learnt, self._keep_out = Growing(np.bool_), Growing(np.bool_)

    def __len__(self) -> int:
        return len(self._places)

    def place(self, demand: int) -> int:
        """Of a demand by its id."""
        return self._places.setdefault(demand, len(self._places))

    def learn(self, place: int, criterion: Criterion) -> None:
        """What a demand is, by one criterion that asks it."""
        if self.are_learnt(np.array([place]))[0]:
            return
        self._programs.put(place, program_of(criterion.expression, criterion.polarity, self.leaves.number))
        self._are_learnt.values[place] = True
        self._keep_out.fill_to(len(self), False)
        self._keep_out.values[place] = criterion.polarity is Polarity.EXCLUSION

    def are_learnt(self, places: Ints) -> Mask:
        """Which of them it is known of what they ask."""
        self._are_learnt.fill_to(len(self), False)
        return self._are_learnt.values[places]

    def keep_out(self, places: Ints) -> Mask:
        """Which of them keep a patient out who fulfils them."""
        return self._keep_out.values[places]

    def programs(self, places: Ints) -> Programs:
        """Of demands that were learnt."""
        return Programs.of(self._programs.of(places))
