"""What comes of the demands of trials for one patient, each worked out once.

Held against the record is only what it can say anything about; the rest comes out as for a silent one.
"""

from collections.abc import Sequence

from service.criteria.demand import Demand, placeless
from service.criteria.finding import Finding
from service.criteria.patient.aims import Aims
from service.criteria.patient.bearing import record_keys
from service.criteria.patient.facts import Facts
from service.criteria.tree import leaves
from service.match.demands import Demands
from service.match.evaluate import Answers, answered, concluded
from service.match.outcome import Outcome, outcome_of
from service.match.weigh import weighed
from service.schemas.criterion import Criterion
from service.schemas.envelope import Outline
from service.schemas.expression import ConditionIs, Expression
from service.schemas.report import Verdict


class Outcomes:
    """One patient before all trials. Methods raise UnknownDemand where it must first be learnt what a trial asks."""

    def __init__(self, facts: Facts, demands: Demands) -> None:
        self._patient = _Patient(facts, demands)
        self._before_aims: dict[Aims, _Before] = {}
        self._before: dict[int | None, _Before] = {}

    def of(self, outline: Outline) -> list[Outcome]:
        """One a criterion of the trial, in their order."""
        before = self._facing(outline.condition)
        return [before[demand] for demand in outline.demands]

    def rule_out(self, outline: Outline) -> bool:
        """Whether a criterion of the trial is not met; what is worked out already is looked at first."""
        before = self._facing(outline.condition)
        others = []
        for demand in outline.demands:
            outcome = before.get(demand)
            if outcome is None:
                others.append(demand)
            elif outcome.verdict is Verdict.NOT_MET:
                return True
        return any(before[demand].verdict is Verdict.NOT_MET for demand in others)

    def findings(self, outline: Outline, criteria: Sequence[Criterion]) -> list[Finding]:
        """The same with reasons that are in the words of those very criteria."""
        before = self._facing(outline.condition)
        return [before.finding(*each) for each in zip(outline.demands, criteria, strict=True)]

    def _facing(self, condition: int | None) -> "_Before":
        """Before trials of what the demand names; most of that is nothing that the patient has."""
        found = self._before.get(condition)
        if found is None:
            studied = leaves(self._patient.demands[condition].expression) if condition is not None else ()
            aims = self._patient.facts.aims_at(leaf for leaf in studied if isinstance(leaf, ConditionIs))
            if aims not in self._before_aims:
                self._before_aims[aims] = _Before(self._patient, self._patient.facts.studying(aims))
            self._before[condition] = found = self._before_aims[aims]
        return found


class _Patient:
    """What is the same before all trials."""

    def __init__(self, facts: Facts, demands: Demands) -> None:
        self.facts, self.demands = facts, demands
        self.silent = demands.silent(facts)
        self.outcomes: dict[int, Outcome] = {}
        self._keys = record_keys(facts)
        self._leaves: dict[Expression, Finding] = {}

    def is_silent_on(self, keys: frozenset[str]) -> bool:
        """Whether the record has nothing that a demand or leaf of those keys could be held against."""
        return keys.isdisjoint(self._keys)

    def answered(self, leaf: Expression, facts: Facts) -> Finding:
        """A leaf that is no disease, whichever facts it is held against."""
        finding = self._leaves.get(leaf)
        if finding is None:
            self._leaves[leaf] = finding = answered(facts, leaf)
        return finding


class _Before(dict[int, Outcome]):
    """Outcomes before trials that study the same of the patient's diseases, worked out when they are asked for."""

    def __init__(self, patient: _Patient, facts: Facts) -> None:
        super().__init__()
        self._patient = patient
        self._answers = Answers(_Leaves(patient, facts).__getitem__, _Leaves(patient, facts.guarding()).__getitem__)

    def __missing__(self, number: int) -> Outcome:
        self[number] = outcome = self._worked_out(number, self._patient.demands[number])
        return outcome

    def finding(self, number: int, criterion: Criterion) -> Finding:
        """Words that nobody has read are no part of a demand, but of the reason."""
        demand, findings = self._patient.demands[number], self._patient.silent.findings
        if demand.is_unread:
            return concluded(placeless(criterion.expression), self._answers, criterion.polarity)
        if not self._patient.is_silent_on(demand.keys):
            return concluded(demand.expression, self._answers, demand.polarity)
        if number not in findings:
            findings[number] = concluded(demand.expression, self._answers, demand.polarity)
        return findings[number]

    def _worked_out(self, number: int, demand: Demand) -> Outcome:
        patient = self._patient
        if patient.is_silent_on(demand.keys):
            return self._once(patient.silent.outcomes, number, demand)
        if demand.names_diseases:
            return self._weighed(demand)
        return self._once(patient.outcomes, number, demand)

    def _once(self, outcomes: dict[int, Outcome], number: int, demand: Demand) -> Outcome:
        outcome = outcomes.get(number)
        if outcome is None:
            outcomes[number] = outcome = self._weighed(demand)
        return outcome

    def _weighed(self, demand: Demand) -> Outcome:
        return outcome_of(weighed(demand.expression, self._answers, demand.polarity), demand.polarity)


class _Leaves(dict[Expression, Finding]):
    """What the record says about leaves, worked out when they are asked for."""

    def __init__(self, patient: _Patient, facts: Facts) -> None:
        super().__init__()
        self._patient, self._facts = patient, facts

    def __missing__(self, leaf: Expression) -> Finding:
        self[leaf] = finding = self._worked_out(leaf)
        return finding

    def _worked_out(self, leaf: Expression) -> Finding:
        if self._patient.is_silent_on(self._patient.demands.keys(leaf)):
            return self._patient.silent.leaves[leaf]
        if isinstance(leaf, ConditionIs):
            return answered(self._facts, leaf)
        return self._patient.answered(leaf, self._facts)
