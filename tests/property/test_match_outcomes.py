"""Judging by demands, each held against the record once or not at all, comes to what judging every criterion does."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from service.criteria.demand import demand_id, keys_of, outline_of
from service.criteria.envelope import REGISTRY_CONDITION
from service.criteria.patient.bearing import record_keys
from service.criteria.patient.facts import Facts
from service.criteria.tree import mapped
from service.match.demands import Demands
from service.match.evaluate import evaluate
from service.match.outcome import outcome_of
from service.match.outcomes import Outcomes
from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.envelope import Candidate
from service.schemas.expression import AnyOf, ConditionIs, Expression
from service.schemas.patient import Patient
from service.schemas.report import Policy, Verdict
from service.schemas.text import Span
from tests.examples import examples
from tests.property.match_worlds import LEAVES, ON, judge, told, trees, worlds

KNOWN = Demands()
"""Shared by all examples, as it is by all matches: no patient's answers may show in another's."""
RECORDS = worlds().flatmap(told)
STUDIED = ("T-ALL", "leukemia", "breast cancer", "diabetes", "frobnication syndrome")


@examples(400)
@given(LEAVES, RECORDS, st.sampled_from(Policy))
def test_a_record_that_says_nothing_of_a_sentence_is_as_good_as_silent(
    leaf: Expression, patient: Patient, policy: Policy
) -> None:
    facts = Facts(patient, ON, policy)
    if keys_of(leaf).isdisjoint(record_keys(facts)):
        silent = facts.silent()
        assert evaluate(leaf, facts) == evaluate(leaf, silent)
        assert evaluate(leaf, facts, Polarity.EXCLUSION) == evaluate(leaf, silent, Polarity.EXCLUSION)


def a_criterion(number: int, expression: Expression, polarity: Polarity) -> Criterion:
    return Criterion(
        id=f"c{number}", polarity=polarity, text=f"text {number}", expression=expression, coverage=Coverage.FULL
    )


def a_trial(studied: list[str], asked: list[tuple[Expression, Polarity]]) -> Candidate:
    criteria = [a_criterion(number, *each) for number, each in enumerate(asked)]
    if studied:
        named = a_criterion(0, AnyOf(of=tuple(ConditionIs(name=name) for name in studied)), Polarity.INCLUSION)
        criteria.insert(0, replace(named, id=REGISTRY_CONDITION))
    return Candidate(nct_id="NCT00000001", criteria=tuple(criteria))


TRIALS = st.builds(
    a_trial,
    st.lists(st.sampled_from(STUDIED), max_size=2),
    st.lists(st.tuples(trees(), st.sampled_from(Polarity)), max_size=4),
)


@examples(150)
@given(st.lists(TRIALS, min_size=1, max_size=4), RECORDS, st.sampled_from(Policy))
def test_demands_come_out_as_criteria_do(trials: list[Candidate], patient: Patient, policy: Policy) -> None:
    facts = Facts(patient, ON, policy)
    outcomes = Outcomes(facts, KNOWN)
    for trial in trials:
        outline, judged = outline_of(trial.nct_id, trial.criteria), judge(trial, facts)
        KNOWN.learn([(outline, trial.criteria)])
        assert outcomes.rule_out(outline) is (Verdict.NOT_MET in judged.verdicts)
        told = zip(judged.findings, trial.criteria, strict=True)
        assert outcomes.of(outline) == [outcome_of(finding, criterion.polarity) for finding, criterion in told]
        assert outcomes.findings(outline, trial.criteria) == judged.findings


@given(trees(), st.sampled_from(Polarity))
def test_the_same_question_in_other_words_is_the_same_demand(expression: Expression, polarity: Polarity) -> None:
    one, other = a_criterion(1, expression, polarity), a_criterion(2, _elsewhere(expression), polarity)
    assert demand_id(one) == demand_id(other)


def _elsewhere(expression: Expression) -> Expression:
    """The same tree, read at another place of a text."""
    return mapped(expression, lambda leaf: replace(leaf, span=Span(3, 7)))
