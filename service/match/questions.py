"""What to ask next: the facts that the record lacks, by how many trials each would decide."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from service.match.outcome import Outcomes
from service.match.outlines import Asked
from service.match.weight import NOTHING
from service.schemas.report import Missing, Question

MOST = 50


class Questions:
    """A fact *decides* a trial when one answer to it would settle a criterion that nothing else holds open.

    Such an answer makes the trial ineligible at once; the other answer brings it a criterion closer. Facts that alone
    stand between a trial and a settled eligibility come first among equals.
    """

    def __init__(self, missing: Mapping[int, Missing]) -> None:
        self._missing = missing
        self._decides: Counter[int] = Counter()
        self._alone: Counter[int] = Counter()

    def add(self, trials: Asked, outcomes: Outcomes) -> None:
        """Listed trials that are undetermined, and what their demands came to."""
        asks = outcomes.decisive != NOTHING
        facts, asked = np.unique(outcomes.decisive[asks], return_inverse=True)
        trial, fact = np.divmod(np.unique(trials.owners[asks] * len(facts) + asked), max(len(facts), 1))
        is_one = np.bincount(trial, minlength=len(trials.numbers)) == 1
        alone = fact[(is_one & (trials.per_trial(outcomes.stay_open) == 0))[trial]]
        for counts, counted in ((self._decides, fact), (self._alone, alone)):
            times = np.bincount(counted, minlength=len(facts))
            counts.update(dict(zip(facts.tolist(), times.tolist(), strict=True)))

    def ranked(self) -> tuple[Question, ...]:
        """The most decisive first; ties in the order of their words."""
        found = [(self._missing[fact], count, self._alone[fact]) for fact, count in self._decides.items()]
        found.sort(key=lambda each: (-each[1], -each[2], each[0].ask, each[0].pointer))
        return tuple(Question(ask=each.ask, pointer=each.pointer, decides=count) for each, count, _ in found[:MOST])
