"""What comes of the demands of trials for one patient, each worked out once."""

from service.criteria.demand import Demand
from service.criteria.patient.bearing import record_keys
from service.criteria.patient.facts import Facts
from service.criteria.tree import leaves
from service.match.demands import Demands
from service.match.evaluate import evaluate
from service.match.outcome import Outcome
from service.match.verdict import verdict_of
from service.schemas.envelope import Outline
from service.schemas.expression import ConditionIs


class Outcomes:
    """Held against the record is only what it can say anything about; the rest comes out as for a silent one."""

    def __init__(self, facts: Facts, demands: Demands) -> None:
        self._facts, self._silent = facts, facts.silent()
        self._keys = record_keys(facts)
        self._demands = demands
        self._unanswered = demands.unanswered(facts.silence)
        self._answered: dict[int, Outcome] = {}
        self._of_aims: dict[object, _OfTrials] = {}
        self._of_condition: dict[int | None, _OfTrials] = {}

    def of(self, outline: Outline) -> list[Outcome]:
        """One a criterion, in their order. Raises KeyError where a demand is not known (any more)."""
        of_trials = self._of_condition.get(outline.condition) or self._before(outline.condition)
        return [of_trials[demand] for demand in outline.demands]

    def _before(self, condition: int | None) -> "_OfTrials":
        """The patient before trials of those diseases; most studied diseases are none of the patient's."""
        studied = leaves(self._demands[condition].expression) if condition is not None else ()
        facts = self._facts.studying(leaf for leaf in studied if isinstance(leaf, ConditionIs))
        of_trials = self._of_aims.setdefault(facts.aims, _OfTrials(self, facts))
        self._of_condition[condition] = of_trials
        return of_trials

    def work_out(self, number: int, facts: Facts) -> Outcome:
        """`facts` know what the trial studies. Raises KeyError."""
        demand = self._demands[number]
        if demand.keys.isdisjoint(self._keys):
            return _once(self._unanswered, number, demand, self._silent)
        if demand.names_diseases:
            return _held(demand, facts)
        return _once(self._answered, number, demand, self._facts)


class _OfTrials(dict[int, Outcome]):
    """Outcomes before trials that study the same of the patient's diseases, worked out when they are asked for."""

    def __init__(self, outcomes: Outcomes, facts: Facts) -> None:
        super().__init__()
        self._outcomes, self._facts = outcomes, facts

    def __missing__(self, demand: int) -> Outcome:
        self[demand] = outcome = self._outcomes.work_out(demand, self._facts)
        return outcome

    def __bool__(self) -> bool:
        return True


def _once(outcomes: dict[int, Outcome], number: int, demand: Demand, facts: Facts) -> Outcome:
    outcome = outcomes.get(number)
    if outcome is None:
        outcomes[number] = outcome = _held(demand, facts)
    return outcome


def _held(demand: Demand, facts: Facts) -> Outcome:
    """The demand held against a record."""
    found = evaluate(demand.expression, facts, demand.polarity)
    return Outcome(verdict_of(demand.polarity, found), found.missing)
