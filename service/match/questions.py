"""What to ask next: the facts that the record lacks, by how many trials each would decide."""

from collections import defaultdict
from collections.abc import Sequence

from service.match.outcome import Outcome
from service.schemas.report import Missing, Question

MOST = 50


class Questions:
    """A fact *decides* a trial when one answer to it would settle a criterion that nothing else holds open.

    Such an answer makes the trial ineligible at once; the other answer brings it a criterion closer. Facts that alone
    stand between a trial and a settled eligibility come first among equals.
    """

    def __init__(self) -> None:
        self._decides: defaultdict[Missing, int] = defaultdict(int)
        self._alone: defaultdict[Missing, int] = defaultdict(int)

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """One listed trial that is undetermined."""
        decisive = {outcome.decisive for outcome in outcomes if outcome.decisive is not None}
        for missing in decisive:
            self._decides[missing] += 1
        if len(decisive) == 1 and not any(outcome.stays_open for outcome in outcomes):
            self._alone[decisive.pop()] += 1

    def ranked(self) -> tuple[Question, ...]:
        """The most decisive first; ties in the order of their words."""
        order = sorted(self._decides, key=lambda one: (-self._decides[one], -self._alone[one], one.ask, one.pointer))
        return tuple(Question(ask=one.ask, pointer=one.pointer, decides=self._decides[one]) for one in order[:MOST])
