"""What one record says about leaves, each worked out once.

Held against the record is only what it can say anything about; the rest comes out as for a silent one.
"""

from collections import ChainMap
from collections.abc import Generator, Iterator, Mapping

import numpy as np

from service.criteria.finding import Finding
from service.criteria.patient.aims import NO_AIMS, Aims, joined
from service.criteria.patient.bearing import record_keys
from service.criteria.patient.facts import Facts
from service.match.arrays import NOTHING, Growing, Ints, Mask
from service.match.asked.leaves import Leaves, literal
from service.match.asked.program import Programs
from service.match.evaluate import Answers, answered
from service.match.memo import Memo
from service.match.weighed.silent import Silent
from service.match.weighed.weight import WeightList, Weights
from service.schemas.expression import ConditionIs, Expression
from service.schemas.report import Missing
from service.schemas.truth import Truth

NO_VIEW = 0
"""Of trials that do not say what they study, and of demands that come out the same before all."""
OF_DISEASE = -2  # what comes of it depends on what the trial studies
UNSEEN = -3
SILENT = -4  # the record has nothing to say
PAIR = 1 << 32  # with it, two places are one number


class RecordAnswers:
    """Of leaves by their numbers. A view is how trials of some aims see the patient's diseases."""

    def __init__(self, facts: Facts, leaves: Leaves, silent: Silent) -> None:
        self._facts, self._leaves, self._silent = facts, leaves, silent
        self._keys = record_keys(facts)
        self._has = Growing(np.bool_)  # by the numbers of keys
        self._findings: list[Finding] = []
        self._weights = WeightList()  # of the findings
        self._known = Growing(np.int32)  # places of findings, by leaf
        self._known.extend([self._note(Finding(Truth.TRUE, ""))])
        self._of_pair = Memo(self._evaluate_pair)  # the same, by view and literal
        self._views: list[tuple[Facts, Facts]] = []
        self._of_aims = Memo(self._new_view)
        self._of_studied = Memo(self._view)
        self._aims_at = Memo(self._aims_at_one)
        self._new_view(NO_AIMS)

    @property
    def missing(self) -> Mapping[int, Missing]:
        """The facts that weights tell of."""
        return ChainMap(self._weights.missing, self._silent.missing)

    def _note(self, finding: Finding) -> int:
        self._findings.append(finding)
        return self._weights.append(finding)

    def views(self, studied: Programs) -> Ints:
        """How trials see the patient that study what each program tells."""
        leaves, owners = studied.operands[studied.leaves] // 2, studied.owners[studied.leaves]
        is_known = np.bincount(owners[self._leaves.name_concepts(leaves)], minlength=len(studied.starts)) > 0
        told = self.bears_on(leaves) & self._leaves.are_diseases(leaves)
        theirs: list[set[Aims]] = [set() for _ in studied.starts]
        for owner, leaf in zip(owners[told].tolist(), leaves[told].tolist(), strict=True):
            theirs[owner].add(self._aims_at[leaf])
        each = zip(map(frozenset, theirs), is_known.tolist(), strict=True)
        return np.array([self._of_studied[studied] for studied in each], np.int32)

    def _aims_at_one(self, leaf: int) -> Aims:
        """What trials aim at in the patient that study one disease, whether the vocabulary knows it or not."""
        disease = self._leaves[leaf]
        return self._facts.aims_at([disease])._replace(is_known=False) if isinstance(disease, ConditionIs) else NO_AIMS

    def _view(self, studied: tuple[frozenset[Aims], bool]) -> int:
        """Of trials that aim so in all, and name a disease that the vocabulary knows, or none."""
        aims, is_known = studied
        return self._of_aims[joined(aims)._replace(is_known=is_known)]

    def _new_view(self, aims: Aims) -> int:
        facts = self._facts.studying(aims)
        self._views.append((facts, facts.guarding()))
        return len(self._views) - 1

    def look_at(self, leaves: Ints) -> Iterator[None]:
        """Find out what leaves come to that nothing about the trial decides; a step at a time."""
        self._known.fill_to(len(self._leaves), UNSEEN)
        unseen = leaves[self._known.values[leaves] == UNSEEN]
        if not len(unseen):
            return
        bears = self.bears_on(unseen)
        silent, told = unseen[~bears], unseen[bears]
        yield from self._silent.work_out(silent)
        self._known.values[silent] = SILENT
        diseases = self._leaves.are_diseases(told)
        self._known.values[told[diseases]] = OF_DISEASE
        for leaf in told[~diseases].tolist():
            self._known.values[leaf] = self._note(answered(self._facts, self._leaves[leaf]))
            yield

    def bears_on(self, leaves: Ints) -> Mask:
        """Which leaves the record can say anything about."""
        numbers, known = self._leaves.key_numbers, len(self._has)
        if known < len(numbers):
            self._has.fill_to(len(numbers), False)
            mine = [number for key in self._keys if (number := numbers.get(key, NOTHING)) >= known]
            self._has.values[mine] = True
        return self._leaves.have(self._has.values, leaves)

    def are_of_disease(self, leaves: Ints) -> Mask:
        """Which of the leaves that were looked at come to this or that by what the trial studies."""
        are: Mask = self._known.values[leaves] == OF_DISEASE
        return are

    def of(self, literals: Ints, views: Ints) -> Generator[None, None, Weights]:
        """What comes of leaves that were looked at, in trials with those views; a step at a time."""
        places = self._known.values[literals // 2]
        of_disease, silent = places == OF_DISEASE, places == SILENT
        pairs, each = np.unique(views[of_disease] * np.int64(PAIR) + literals[of_disease], return_inverse=True)
        for pair in pairs.tolist():
            if pair not in self._of_pair:
                self._of_pair[pair]
                yield
        places[of_disease] = np.array([self._of_pair[pair] for pair in pairs.tolist()], np.int32)[each]
        weights = Weights.empty(len(literals))
        weights.put(silent, self._silent.at(literals[silent] // 2))
        weights.put(~silent, self._weights.at(places[~silent]))
        return weights

    def _evaluate_pair(self, pair: int) -> int:
        view, (leaf, to_fail) = pair // PAIR, divmod(pair % PAIR, 2)
        return self._note(answered(self._views[view][to_fail], self._leaves[leaf]))

    def in_words(self, view: int) -> Answers:
        """The same with words, for trials that are shown."""
        return Answers(
            lambda leaf: self._in_words(leaf, view, to_hold=True),
            lambda leaf: self._in_words(leaf, view, to_hold=False),
        )

    def _in_words(self, leaf: Expression, view: int, *, to_hold: bool) -> Finding:
        number = self._leaves.number(leaf)
        place = int(self._known.values[number])
        if place == SILENT:
            return self._silent.in_words(leaf)
        if place == OF_DISEASE:
            place = self._of_pair[view * PAIR + literal(number, to_hold=to_hold)]
        return self._findings[place]
