"""What the demands of trials come to for one patient."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from service.criteria.finding import Finding
from service.criteria.patient.facts import Facts
from service.match.arrays import NOTHING, Growing, Ints, Longs, Mask, distinct
from service.match.asked.demands import Demands
from service.match.asked.outlines import Asked
from service.match.evaluate import concluded
from service.match.weighed.answers import NO_VIEW, OF_DISEASE, PAIR, UNSEEN, RecordAnswers
from service.match.weighed.outcome import Outcomes, outcomes_of
from service.match.weighed.silent import Silent
from service.match.weighed.working import worked_out
from service.schemas.criterion import Criterion
from service.schemas.report import Missing


class Weighing:
    """One patient before all trials."""

    def __init__(self, facts: Facts, demands: Demands, silent: Silent) -> None:
        self._demands, self._silent = demands, silent
        self._answers = RecordAnswers(facts, demands.leaves, silent)
        self._known = Growing(np.int32)  # by demand: the place of what came of it
        self._of_disease: dict[int, int] = {}  # the same by view and demand
        self._verdicts, self._decisive, self._stay_open = Growing(np.int32), Growing(np.int64), Growing(np.bool_)
        self._views = Growing(np.int32)  # by the demand for what is studied
        self.missing: list[Missing] = []
        """The facts that outcomes tell the places of."""
        self._facts: dict[int, int] = {NOTHING: NOTHING}  # their places

    def views(self, conditions: Ints) -> Ints:
        """How trials that study something see the patient's diseases: most study nothing that the patient has."""
        self._views.fill_to(len(self._demands), UNSEEN)
        known, studied = self._views.values, conditions[conditions != NOTHING]
        new = distinct(studied[known[studied] == UNSEEN])
        if len(new):
            known[new] = self._answers.views(self._demands.programs(new))
        views = np.full(len(conditions), NO_VIEW, np.int32)
        views[conditions != NOTHING] = known[studied]
        return views

    def of(self, demands: Ints, views: Ints) -> Generator[None, None, Outcomes]:
        """What comes of demands of trials with those views; a step at a time, as far as it is not known."""
        self._known.fill_to(len(self._demands), UNSEEN)
        yield from self._look_at(distinct(demands[self._known.values[demands] == UNSEEN]))
        known = self._known.values[demands]
        of_disease = known == OF_DISEASE
        pairs, places = np.unique(views[of_disease] * np.int64(PAIR) + demands[of_disease], return_inverse=True)
        yield from self._weigh_pairs([pair for pair in pairs.tolist() if pair not in self._of_disease])
        known[of_disease] = np.array([self._of_disease[pair] for pair in pairs.tolist()], np.int32)[places]
        return Outcomes(self._verdicts.values, self._decisive.values, self._stay_open.values).only(known)

    def _look_at(self, unseen: Ints) -> Iterator[None]:
        """Find out what comes of demands that nothing about the trial decides."""
        programs = self._demands.programs(unseen)
        leaves = programs.operands[programs.leaves] // 2
        yield from self._answers.look_at(distinct(leaves))
        owners = programs.owners[programs.leaves][self._answers.are_of_disease(leaves)]
        of_disease = np.bincount(owners, minlength=len(unseen)) > 0
        self._known.values[unseen[of_disease]] = OF_DISEASE
        others = unseen[~of_disease]
        self._known.values[others] = yield from self._weigh(others, np.full(len(others), NO_VIEW, np.int32))

    def _weigh_pairs(self, pairs: Sequence[int]) -> Iterator[None]:
        views, demands = np.divmod(np.array(pairs, np.int64), PAIR)
        places = yield from self._weigh(demands, views)
        self._of_disease.update(zip(pairs, places.tolist(), strict=True))

    def _weigh(self, demands: Ints, views: Ints) -> Generator[None, None, Ints]:
        """Where in our columns it stands what comes of demands whose leaves were looked at."""
        programs = self._demands.programs(demands)
        leaves = programs.leaves
        weights = yield from self._answers.of(programs.operands[leaves], views[programs.owners[leaves]])
        found = outcomes_of(worked_out(programs, weights), self._demands.keep_out(demands))
        first = len(self._verdicts)
        self._verdicts.extend(found.verdicts)
        self._decisive.extend(self._places(found.decisive))
        self._stay_open.extend(found.stay_open)
        return np.arange(first, first + len(demands), dtype=np.int32)

    def _places(self, facts: Longs) -> Longs:
        """Where facts are in our list, those that are new being put there."""
        listed, each = np.unique(facts, return_inverse=True)
        for fact in listed.tolist():
            if fact not in self._facts:
                self._facts[fact] = len(self.missing)
                self.missing.append(self._answers.missing[fact])
        return np.array([self._facts[fact] for fact in listed.tolist()], np.int64)[each]

    def findings(self, trials: Asked, criteria: Iterable[Sequence[Criterion]]) -> Iterator[list[Finding]]:
        """What comes of the criteria of each trial, in their words."""
        each = zip(trials.demands.tolist(), self._are_silent(trials.demands).tolist(), strict=True)
        for view, theirs in zip(self.views(trials.conditions).tolist(), criteria, strict=True):
            answers = self._answers.in_words(view)
            yield [
                self._silent.finding(place, criterion)
                if is_silent
                else concluded(criterion.expression, answers, criterion.polarity)
                for criterion, (place, is_silent) in zip(theirs, islice(each, len(theirs)), strict=True)
            ]

    def _are_silent(self, demands: Ints) -> Mask:
        """Of which demands the record has nothing to say."""
        programs = self._demands.programs(demands)
        told = self._answers.bears_on(programs.operands[programs.leaves] // 2)
        are: Mask = np.bincount(programs.owners[programs.leaves][told], minlength=len(demands)) == 0
        return are
