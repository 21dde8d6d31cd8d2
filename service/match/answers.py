"""What one record says about leaves, each worked out once.

Held against the record is only what it can say anything about; the rest comes out as for a silent one.
"""

from collections.abc import Generator, Iterator

import numpy as np

from service.criteria.finding import Finding
from service.criteria.patient.aims import Aims
from service.criteria.patient.bearing import record_keys
from service.criteria.patient.facts import Facts
from service.match.arrays import Growing, Ints, Mask
from service.match.evaluate import Answers, answered
from service.match.leaves import Leaves, literal
from service.match.silent import Silent
from service.match.weight import NOTHING, TRUE, Weight, Weights, WeightTable, weight_of
from service.schemas.expression import Expression

OF_DISEASE = -2  # what comes of it depends on what the trial studies
UNSEEN = -3
PAIR = 1 << 32  # with it, two places are one number


class RecordAnswers:
    """Of leaves by their numbers. A view is how trials of some aims see the patient's diseases."""

    def __init__(self, facts: Facts, leaves: Leaves, silent: Silent) -> None:
        self.table = WeightTable()
        self._facts, self._leaves, self._silent = facts, leaves, silent
        self._keys = record_keys(facts)
        self._has = Growing(np.bool_)  # by the numbers of keys
        self._of_silent = Growing(np.int32)  # numbers in our table, by those in the table of silent records
        self._known = Growing(np.int32)  # numbers in our table
        self._known.extend([self.table.number(Weight(TRUE))])
        self._of_disease: dict[int, int] = {}  # by view and literal
        self._said: dict[int, Finding] = {}
        self._said_of_disease: dict[int, Finding] = {}  # by view and literal
        self._views: list[tuple[Facts, Facts]] = []
        self._of_aims: dict[Aims, int] = {}

    def view(self, aims: Aims) -> int:
        """How trials that aim so see the patient."""
        view = self._of_aims.setdefault(aims, len(self._views))
        if view == len(self._views):
            facts = self._facts.studying(aims)
            self._views.append((facts, facts.guarding()))
        return view

    def look_at(self, leaves: Ints) -> Iterator[None]:
        """Find out what leaves come to that nothing about the trial decides; a step at a time."""
        self._known.fill_to(len(self._leaves), UNSEEN)
        unseen = leaves[self._known.values[leaves] == UNSEEN]
        if not len(unseen):
            return
        bears = self.bears_on(unseen)
        silent, told = unseen[~bears], unseen[bears]
        yield from self._silent.work_out(silent)
        self._known.values[silent] = self._taken_over(self._silent.weights(silent))
        diseases = self._leaves.are_diseases(told)
        self._known.values[told[diseases]] = OF_DISEASE
        for leaf in told[~diseases].tolist():
            self._said[leaf] = finding = answered(self._facts, self._leaves[leaf])
            self._known.values[leaf] = self.table.number(weight_of(finding))
            yield

    def bears_on(self, leaves: Ints) -> Mask:
        """Which leaves the record can say anything about."""
        numbers, known = self._leaves.key_numbers, len(self._has)
        if known < len(numbers):
            self._has.fill_to(len(numbers), False)
            mine = [number for key in self._keys if (number := numbers.get(key, NOTHING)) >= known]
            self._has.values[mine] = True
        return self._leaves.have(self._has.values, leaves)

    def _taken_over(self, numbers: Ints) -> Ints:
        """What comes of a silent record, by our numbers."""
        self._of_silent.fill_to(len(self._silent.table.listed), NOTHING)
        ours = self._of_silent.values
        for number in np.unique(numbers[ours[numbers] == NOTHING]).tolist():
            ours[number] = self.table.number(self._silent.table.listed[number])
        return ours[numbers]

    def are_of_disease(self, leaves: Ints) -> Mask:
        """Which of the leaves that were looked at come to this or that by what the trial studies."""
        are: Mask = self._known.values[leaves] == OF_DISEASE
        return are

    def of(self, literals: Ints, views: Ints) -> Generator[None, None, Weights]:
        """What comes of leaves that were looked at, in trials with those views; a step at a time."""
        numbers = self._known.values[literals // 2]
        of_disease = numbers == OF_DISEASE
        pairs, places = np.unique(views[of_disease] * np.int64(PAIR) + literals[of_disease], return_inverse=True)
        for pair in pairs.tolist():
            if pair not in self._of_disease:
                self._of_disease[pair] = self.table.number(weight_of(self._of_pair(pair)))
                yield
        numbers[of_disease] = np.array([self._of_disease[pair] for pair in pairs.tolist()], np.int32)[places]
        return self.table.weights(numbers)

    def _of_pair(self, pair: int) -> Finding:
        if pair not in self._said_of_disease:
            view, (leaf, to_fail) = pair // PAIR, divmod(pair % PAIR, 2)
            self._said_of_disease[pair] = answered(self._views[view][to_fail], self._leaves[leaf])
        return self._said_of_disease[pair]

    def in_words(self, view: int) -> Answers:
        """The same with words, for trials that are shown."""
        return Answers(
            lambda leaf: self._in_words(leaf, view, to_hold=True),
            lambda leaf: self._in_words(leaf, view, to_hold=False),
        )

    def _in_words(self, leaf: Expression, view: int, *, to_hold: bool) -> Finding:
        number = self._leaves.number(leaf)
        if number in self._said:
            return self._said[number]
        if self._known.values[number] == OF_DISEASE:
            return self._of_pair(view * PAIR + literal(number, to_hold=to_hold))
        return self._silent.words[leaf]
