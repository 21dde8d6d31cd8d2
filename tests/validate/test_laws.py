"""What holds of the validator for every record, however odd."""

from hypothesis import given
from hypothesis import strategies as st

from service.criteria import compile_trial
from service.schemas.trial import (
    Arm,
    Dates,
    Design,
    Eligibility,
    EligibleSex,
    Enrollment,
    Intervention,
    Location,
    OverallStatus,
    Phase,
    StdAge,
    StudyType,
    Trial,
)
from service.validate import validate
from service.validate.rules.dates import is_after
from tests.examples import examples

PIECES = (
    "Inclusion Criteria:", "Exclusion Criteria:", "Age ≥ 18 years", "Age 3-18", "ECOG 0-2", "ECOG ≥ 2", "Female",
    "Healthy male volunteers", "ALT > 3 × ULN", "LVEF < 50%", "Creatinine ≤ 133 µmol/L", "CD7 on > 30% of cells",
    "No history of lymphoma", "1×108 cells", "<p>", "unless", "or", "not", "；", "\\>", "0", "",
)  # fmt: skip
NAMES = st.sampled_from(
    ("CAR-T", "CD7 CAR-T cells", "CD38 positive", "Acute Lymphoblastic Leukemia", "Asthma", "·", "Drug: CAR-T")
)
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=12).filter(lambda text: "\0" not in text), max_size=12).map(
    "\n* ".join
)
AGES = st.none() | st.builds(
    "{} {}".format, st.integers(0, 99), st.sampled_from(("Years", "Months", "Days", "Hours", "Minutes"))
)
DATES = st.none() | st.sampled_from(("2020", "2020-05", "2020-05-17", "2021-01", "2019-12-31"))
STATUSES = st.none() | st.sampled_from(OverallStatus)


def _tuples(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=3).map(tuple)


ELIGIBILITY = st.none() | st.builds(
    Eligibility,
    criteria=st.none() | TEXT,
    sex=st.none() | st.sampled_from(EligibleSex),
    minimum_age=AGES,
    maximum_age=AGES,
    std_ages=_tuples(st.sampled_from(StdAge)),
    healthy_volunteers=st.none() | st.booleans(),
)
TRIALS = st.builds(
    Trial,
    nct_id=st.just("NCT00000001"),
    brief_title=st.none() | NAMES,
    overall_status=STATUSES,
    study_type=st.none() | st.sampled_from(StudyType),
    phases=_tuples(st.sampled_from(Phase)),
    conditions=_tuples(NAMES),
    interventions=_tuples(st.builds(Intervention, name=NAMES, description=st.none() | TEXT)),
    arms=_tuples(st.builds(Arm, label=NAMES, description=st.none() | TEXT, intervention_names=_tuples(NAMES))),
    design=st.none() | st.builds(Design, allocation=st.sampled_from(("RANDOMIZED", "NA"))),
    enrollment=st.none() | st.builds(Enrollment, count=st.integers(0, 9)),
    eligibility=ELIGIBILITY,
    locations=_tuples(st.builds(Location, status=STATUSES)),
    dates=st.none() | st.builds(Dates, start=DATES, completion=DATES, verified=DATES, last_update_posted=DATES),
)


@examples(150)
@given(TRIALS)
def test_every_record_is_judged_and_always_alike(trial: Trial) -> None:
    """Nothing raises; the same record gives the same issues; each says where it is and why."""
    criteria = compile_trial(trial)
    issues = validate(trial, criteria)
    assert issues == validate(trial, criteria)
    assert all(issue.code and issue.message and issue.places for issue in issues)
    assert all((place.pointer or "").startswith("/") for issue in issues for place in issue.places)


@given(DATES, DATES)
def test_of_two_dates_at_most_one_is_later(one: str | None, other: str | None) -> None:
    if one and other:
        assert not (is_after(one, other) and is_after(other, one))
        assert not is_after(one, one)
