"""What to ask next: the facts that the record lacks, by how many trials each would decide."""

from collections.abc import Sequence

import numpy as np

from service.match.arrays import NOTHING, Growing, distinct
from service.match.asked.outlines import Asked
from service.match.weighed.outcome import Outcomes
from service.schemas.report import Missing, Question

MOST = 50


class Questions:
    """A fact *decides* a trial when one answer to it would settle a criterion that nothing else holds open.

    Such an answer makes the trial ineligible at once; the other answer brings it a criterion closer. Facts that alone
    stand between a trial and a settled eligibility come first among equals.
    """

    def __init__(self, missing: Sequence[Missing]) -> None:
        self._missing = missing
        self._decides, self._alone = Growing(np.int64), Growing(np.int64)  # by the places of facts

    def add(self, trials: Asked, outcomes: Outcomes) -> None:
        """Listed trials that are undetermined, and what their demands came to."""
        kinds = max(len(self._missing), 1)
        asks = outcomes.decisive != NOTHING
        trial, fact = np.divmod(distinct(trials.owners[asks] * kinds + outcomes.decisive[asks]), kinds)
        is_one = np.bincount(trial, minlength=len(trials.numbers)) == 1
        alone = fact[(is_one & (trials.per_trial(outcomes.stay_open) == 0))[trial]]
        for counts, counted in ((self._decides, fact), (self._alone, alone)):
            counts.fill_to(kinds, 0)
            counts.values[:] += np.bincount(counted, minlength=len(counts))

    def ranked(self) -> tuple[Question, ...]:
        """The most decisive first; ties in the order of their words."""
        decides, alone = self._decides.values, self._alone.values
        least = max(1, np.partition(decides, -MOST)[-MOST]) if len(decides) > MOST else 1
        found = [
            (self._missing[fact], int(decides[fact]), int(alone[fact]))
            for fact in np.flatnonzero(decides >= least).tolist()
        ]
        found.sort(key=lambda each: (-each[1], -each[2], each[0].ask, each[0].pointer))
        return tuple(Question(ask=each.ask, pointer=each.pointer, decides=count) for each, count, _ in found[:MOST])
