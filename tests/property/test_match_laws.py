"""Laws of the matcher that hold for every patient and every sentence."""

from hypothesis import given
from hypothesis import strategies as st

from service.criteria.patient.facts import Facts
from service.match.evaluate import evaluate
from service.match.report import match_patient
from service.match.verdict import judged, verdict_of
from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.envelope import Candidate
from service.schemas.expression import AllOf, AnyOf, AtLeast, Expression, If, Not
from service.schemas.patient import Patient
from service.schemas.report import Corpus, MatchRequest, Policy, Verdict
from service.schemas.truth import Truth, negate
from tests.examples import examples
from tests.property.match_worlds import CREATININE, LEAVES, ON, told, trees, worlds

MIRROR = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET}


def truth_of(expression: Expression, patient: Patient, policy: Policy = Policy.UNKNOWN) -> Truth:
    return evaluate(expression, Facts(patient, ON, policy)).truth


@examples(300)
@given(LEAVES, st.data())
def test_learning_more_never_flips_what_is_settled(leaf: Expression, data: st.DataObject) -> None:
    """A leaf that a record settles is settled the same way by every record that tells more of the same patient."""
    more = data.draw(told(data.draw(worlds(), label="world")), label="more")
    less = data.draw(told(more), label="less")
    before = evaluate(leaf, Facts(less, ON))
    after = evaluate(leaf, Facts(more, ON))
    assert before.truth in {Truth.UNKNOWN, after.truth}, (before, after)


@examples(100)
@given(st.lists(LEAVES, min_size=2, max_size=8) | st.lists(CREATININE, min_size=2), st.data(), st.sampled_from(Policy))
def test_answers_do_not_depend_on_what_was_asked_before(
    leaves: list[Expression], data: st.DataObject, policy: Policy
) -> None:
    """What is worked out once for many sentences, and words that are made when they are read, change no answer."""
    patient = data.draw(told(data.draw(worlds())))
    facts = Facts(patient, ON, policy)
    assert [evaluate(leaf, facts) for leaf in leaves] == [evaluate(leaf, Facts(patient, ON, policy)) for leaf in leaves]


@examples(100)
@given(trees(), st.data())
def test_whole_sentences_stay_settled_too(expression: Expression, data: st.DataObject) -> None:
    more = data.draw(worlds(), label="world")
    less = data.draw(told(more), label="less")
    before = truth_of(expression, less)
    assert before in {Truth.UNKNOWN, truth_of(expression, more)}


@examples(100)
@given(trees(), worlds(), st.sampled_from(Policy))
def test_exclusion_mirrors_inclusion(expression: Expression, patient: Patient, policy: Policy) -> None:
    """The same sentence under the other polarity turns a settled verdict round and leaves an open one as it is."""
    if _asks_conditionally(expression):
        return
    finding = evaluate(expression, Facts(patient, ON, policy))
    inclusion, exclusion = (verdict_of(polarity, finding) for polarity in (Polarity.INCLUSION, Polarity.EXCLUSION))
    assert exclusion is MIRROR.get(inclusion, inclusion)


@examples(60)
@given(st.lists(trees(), min_size=1, max_size=3).map(tuple), worlds(), st.sampled_from(Policy))
def test_de_morgan(parts: tuple[Expression, ...], patient: Patient, policy: Policy) -> None:
    if any(map(_asks_conditionally, parts)):
        return
    neither = truth_of(AllOf(of=tuple(Not(of=part) for part in parts)), patient, policy)
    assert neither is negate(truth_of(AnyOf(of=parts), patient, policy))


@examples(100)
@given(trees(), st.data(), st.sampled_from(Policy))
def test_every_verdict_says_why(expression: Expression, data: st.DataObject, policy: Policy) -> None:
    """A reason always; `unknown` names what is missing, and nothing settled does."""
    patient = data.draw(told(data.draw(worlds())))
    criterion = Criterion(id="one", polarity=Polarity.INCLUSION, text="", expression=expression, coverage=Coverage.FULL)
    row = judged(criterion, evaluate(expression, Facts(patient, ON, policy)))
    assert row.reason
    assert bool(row.missing) == (row.verdict is Verdict.UNKNOWN)


@given(trees())
@examples(100)
def test_nobody_without_a_record_is_eligible(expression: Expression) -> None:
    criterion = Criterion(id="one", polarity=Polarity.INCLUSION, text="", expression=expression, coverage=Coverage.FULL)
    trial = Candidate(nct_id="NCT00000001", criteria=(criterion,))
    request = MatchRequest(patient=Patient())
    assert match_patient([trial], request, ON, Corpus(version="1", trials=1), "test").counts.eligible == 0


def _asks_conditionally(expression: Expression) -> bool:
    """Whether an `if` without `otherwise` stands in it: the one node whose truth depends on polarity."""
    if isinstance(expression, If):
        parts = [expression.when, expression.then, *([expression.otherwise] if expression.otherwise else [])]
        return expression.otherwise is None or any(map(_asks_conditionally, parts))
    if isinstance(expression, Not):
        return _asks_conditionally(expression.of)
    return isinstance(expression, AllOf | AnyOf | AtLeast) and any(map(_asks_conditionally, expression.of))
