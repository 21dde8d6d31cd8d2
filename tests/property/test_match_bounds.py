"""Bounds for the index never keep out whom a sentence lets in."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.criteria.envelope import bounds_of
from service.criteria.patient.facts import Facts
from service.match.evaluate import evaluate
from service.schemas.expression import Age, AllOf, AnyOf, Expression, SexIs, Unparsed
from service.schemas.patient import Patient, Sex
from service.schemas.quantity import Range
from service.schemas.truth import Truth
from tests.examples import examples

UNITS = {"a": 120, "mo": 300, "wk": 400, "d": 3000, "h": 100, "min": 100}


@st.composite
def age_leaves(draw: st.DrawFn) -> Age:
    unit = draw(st.sampled_from(sorted(UNITS)))
    number = st.none() | st.integers(0, UNITS[unit]).map(float) | st.floats(0, UNITS[unit]).map(lambda n: round(n, 1))
    low, high = draw(number), draw(number)
    return Age(
        range=Range(
            low=low, low_inclusive=draw(st.booleans()), high=high, high_inclusive=draw(st.booleans()), unit=unit
        )
    )


PARTS: st.SearchStrategy[Expression] = age_leaves() | st.sampled_from(
    [SexIs(sex=Sex.MALE), SexIs(sex=Sex.FEMALE), Unparsed(text="fit")]
)
SENTENCES = st.recursive(
    PARTS,
    lambda part: (
        st.builds(AllOf, of=st.lists(part, max_size=3).map(tuple))
        | st.builds(AnyOf, of=st.lists(part, max_size=3).map(tuple))
    ),
    max_leaves=5,
)
TODAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@st.composite
def ages(draw: st.DrawFn, on: date) -> Patient:
    days = draw(st.integers(0, 40_000) | st.integers(0, 800))
    born = (on - timedelta(days=days)).isoformat()
    years = draw(st.integers(0, 110).map(float) | st.floats(0, 20).map(lambda n: round(n, 2)))
    sex = draw(st.none() | st.sampled_from(Sex))
    return draw(
        st.sampled_from(
            [Patient(birth_date=born[:n], sex=sex) for n in (4, 7, 10)] + [Patient(age_years=years, sex=sex)]
        )
    )


@examples(300)
@given(SENTENCES, TODAYS, st.data())
def test_whom_a_sentence_does_not_rule_out_its_bounds_admit(
    sentence: Expression, on: date, data: st.DataObject
) -> None:
    patient = data.draw(ages(on))
    facts = Facts(patient, on)
    if evaluate(sentence, facts).truth is Truth.FALSE or facts.age is None:
        return
    bounds, (low, high) = bounds_of(sentence), facts.age.in_days()
    assert low <= bounds.age_max_days
    assert high >= bounds.age_min_days
    assert patient.sex in bounds.sexes or patient.sex not in {Sex.MALE, Sex.FEMALE}
