"""Judging by demands, each held against the record once or not at all, comes to what judging every criterion does."""

from collections import Counter
from collections.abc import Generator
from fractions import Fraction
from functools import partial
from math import floor
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from service.criteria.demand import demand_id, keys_of, outline_of
from service.criteria.envelope import REGISTRY_CONDITION
from service.criteria.finding import Finding
from service.criteria.patient.bearing import record_keys
from service.criteria.patient.facts import Facts
from service.criteria.tree import leaves, mapped
from service.match.arrays import NOTHING, Ints, Ragged
from service.match.asked.leaves import NO_LEAF
from service.match.asked.program import Programs, program_of
from service.match.evaluate import Answers, concluded, evaluate
from service.match.known import Memory
from service.match.report import match_patient
from service.match.standing import ELIGIBILITIES
from service.match.weighed.outcome import VERDICTS, Outcomes
from service.match.weighed.weighing import Weighing
from service.match.weighed.weight import ATTEST, FALSE, MORE, TRUE, UNKNOWN, UNREAD, WeightList, fact_of
from service.match.weighed.working import worked_out
from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.envelope import Candidate
from service.schemas.expression import AnyOf, ConditionIs, Expression
from service.schemas.patient import Patient
from service.schemas.report import Corpus, MatchRequest, Missing, Policy, TrialEligibility, Verdict
from service.schemas.text import Span
from service.schemas.trial import number_of
from service.schemas.truth import Truth
from tests.examples import examples
from tests.property.match_worlds import LEAVES, ON, Judged, judge, told, trees, worlds

KNOWN = Memory().of("1")
"""Shared by all examples, as it is by all matches: no patient's answers may show in another's."""
OPEN = Finding(Truth.UNKNOWN, "", unread=True)
FINDINGS = st.sampled_from([Finding(Truth.TRUE, ""), Finding(Truth.FALSE, ""), OPEN]) | st.builds(
    Finding,
    st.just(Truth.UNKNOWN),
    st.just(""),
    missing=st.lists(st.sampled_from("abc").map(lambda ask: Missing(ask=ask, pointer="/")), unique=True).map(tuple),
    attest=st.booleans(),
    unread=st.booleans(),
)
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


def listed(trials: list[Candidate]) -> Ints:
    """All of them are known from here on; equal ones are one."""
    for trial in trials:
        KNOWN.outlines.note(outline_of(trial.nct_id, trial.criteria))
        KNOWN.learn(number_of(trial.nct_id), trial.criteria)
    return np.array([number_of(trial.nct_id) for trial in trials], np.int32)


@examples(400)
@given(trees(), st.sampled_from(Polarity), st.data())
def test_a_program_comes_to_what_its_tree_does(expression: Expression, polarity: Polarity, data: st.DataObject) -> None:
    """Whatever its leaves come to, in sentences that are to hold and in others."""
    listed: list[Any] = leaves(expression)
    drawn = st.dictionaries(st.tuples(st.sampled_from(listed), st.booleans()), FINDINGS)
    found = data.draw(drawn, label="findings")

    def answer(to_hold: bool, leaf: Expression) -> Finding:
        return found.get((leaf, to_hold), OPEN)

    expected = concluded(expression, Answers(partial(answer, True), partial(answer, False)), polarity)
    rows, weighed = Ragged(), WeightList()
    rows.put(0, program_of(expression, polarity, lambda leaf: 1 + listed.index(leaf)))
    programs = Programs.of(rows.of(np.array([0])))
    places = [
        weighed.append(Finding(Truth.TRUE, "") if leaf == NO_LEAF else answer(not to_fail, listed[leaf - 1]))
        for leaf, to_fail in (divmod(literal, 2) for literal in programs.operands[programs.leaves].tolist())
    ]
    weights = worked_out(programs, weighed.at(np.array(places)))
    assert {UNKNOWN: Truth.UNKNOWN, TRUE: Truth.TRUE, FALSE: Truth.FALSE}[int(weights.truths[0])] is expected.truth
    facts = sorted(map(fact_of, expected.missing)) or [MORE, NOTHING]
    assert (weights.least[0], weights.greatest[0]) == (facts[0], facts[-1])
    assert int(weights.signs[0]) == ATTEST * expected.attest + UNREAD * expected.unread


@examples(150)
@given(st.lists(TRIALS, min_size=1, max_size=4), RECORDS, st.sampled_from(Policy))
def test_demands_come_out_as_criteria_do(trials: list[Candidate], patient: Patient, policy: Policy) -> None:
    facts = Facts(patient, ON, policy)
    weighing = Weighing(facts, KNOWN.demands, KNOWN.silent(facts))
    for trial in trials:
        asked, judged = KNOWN.outlines.of(listed([trial])), judge(trial, facts)
        views = weighing.views(asked.conditions)
        found = worked(weighing.of(asked.demands, views[asked.owners]))
        assert [VERDICTS[verdict] for verdict in found.verdicts] == judged.verdicts
        lacking = [each.missing for each in judged.findings]
        assert [weighing.missing[fact] if fact != NOTHING else None for fact in found.decisive.tolist()] == [
            each[0] if len(each) == 1 else None for each in lacking
        ]
        assert found.stay_open.tolist() == [
            len(facts) > 1 or verdict is Verdict.NOT_EVALUABLE
            for facts, verdict in zip(lacking, judged.verdicts, strict=True)
        ]
        assert list(weighing.findings(asked, [trial.criteria])) == [judged.findings]


def worked(steps: Generator[None, None, Outcomes]) -> Outcomes:
    """What a generator returns in the end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Outcomes = end.value
            return found


@examples(150)
@given(
    st.lists(TRIALS, min_size=1, max_size=5),
    RECORDS,
    st.sampled_from(Policy),
    st.sets(st.sampled_from(TrialEligibility), min_size=1),
    st.integers(1, 3),
)
def test_the_answer_is_what_judging_trial_by_trial_comes_to(
    trials: list[Candidate], patient: Patient, policy: Policy, asked: set[TrialEligibility], limit: int
) -> None:
    """Counts, order, scores, page, and which question would decide how many trials."""
    trials = [replace(trial, nct_id=f"NCT{number:08d}") for number, trial in enumerate(trials)]
    request = MatchRequest(patient=patient, policy=policy, eligibility=tuple(asked), limit=limit)
    report = match_patient(trials, request, ON, Corpus(version="1", trials=len(trials)), "test")
    facts = Facts(patient, ON, policy)
    judged = {trial.nct_id: judge(trial, facts) for trial in trials}
    counted = Counter(each.eligibility.value for each in judged.values())
    assert asdict(report.counts) == {
        "candidates": len(trials),
        **{each.value: counted[each.value] for each in ELIGIBILITIES},
    }
    best = sorted(
        (ELIGIBILITIES.index(each.eligibility), -score(each), nct_id)
        for nct_id, each in judged.items()
        if each.eligibility in asked
    )
    shown = [(ELIGIBILITIES.index(each.eligibility), -each.score, each.nct_id) for each in report.matches]
    assert shown == best[:limit]
    undetermined = [trial for trial in trials if judged[trial.nct_id].eligibility is TrialEligibility.UNDETERMINED]
    decided = Counter(
        each
        for trial in undetermined if TrialEligibility.UNDETERMINED in asked
        for each in {found.missing[0] for found in judged[trial.nct_id].findings if len(found.missing) == 1}
    )  # fmt: skip
    assert {Missing(ask=each.ask, pointer=each.pointer): each.decides for each in report.questions} == decided


def score(judged: Judged) -> float:
    """The share of criteria that are met, to four digits; a half is rounded up."""
    met, of = judged.verdicts.count(Verdict.MET), max(len(judged.verdicts), 1)
    return floor(Fraction(10_000 * met, of) + Fraction(1, 2)) / 10_000


@given(trees(), st.sampled_from(Polarity))
def test_the_same_question_in_other_words_is_the_same_demand(expression: Expression, polarity: Polarity) -> None:
    one, other = a_criterion(1, expression, polarity), a_criterion(2, _elsewhere(expression), polarity)
    assert demand_id(one) == demand_id(other)


def _elsewhere(expression: Expression) -> Expression:
    """The same tree, read at another place of a text."""
    return mapped(expression, lambda leaf: replace(leaf, span=Span(3, 7)))
