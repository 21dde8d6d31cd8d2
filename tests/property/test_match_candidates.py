"""The candidate query misses no trial that could be for the patient: against judging every trial by brute force."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.criteria import compile_trial
from service.criteria.envelope import REGISTRY_CONDITION, envelope_of
from service.criteria.patient.facts import Facts
from service.match.evaluate import evaluate
from service.match.prefilter import admits, prefilter
from service.schemas.coding import ICD10CM, Coding
from service.schemas.envelope import Candidate
from service.schemas.patient import ClinicalStatus, Patient, PatientCondition, Sex, VerificationStatus
from service.schemas.report import Policy, TrialEligibility
from service.schemas.trial import Eligibility, EligibleSex, Trial
from service.schemas.truth import Truth
from tests.examples import examples
from tests.property.match_worlds import ON, judge

TRIAL_CONDITIONS = (
    "Acute Myeloid Leukemia", "AML", "Leukemia", "T-ALL", "Malignant Tumor", "Childhood Acute Lymphoblastic Leukemia",
    "Diabetes Mellitus, Type 2", "Diabetes", "Hypertension", "Frobnication syndrome", "Refractory elbow frobnication",
    "Chest Pain", "CAR-T", "Healthy", "Nervous System Diseases", "Breast Cancer", "HIV Infections",
)  # fmt: skip
PATIENT_CONDITIONS = (
    "T-ALL", "AML", "leukemia", "type 2 diabetes", "diabetes", "frobnication", "frobnication syndrome", "chest pain",
    "relapsed CD7+ T-ALL", "pain in the chest on walking after leukemia", "history of breast cancer", "cancer",
    "neck pain", "family history of leukemia", "an illness without a name", "hypertension and diabetes", "HIV positive",
)  # fmt: skip
CODES = ("C91.00", "C92.0", "E11", "I10", "Z99.99", "C50.9")
AGES = (None, "2 Months", "1 Year", "12 Years", "18 Years", "65 Years", "120 Days", "30 Weeks", "6 Hours")
TEXTS = (
    None,
    "Inclusion Criteria:\n- Age > 18 years\n- male\n",
    "Inclusion Criteria:\n- Aged 12-65 years\n",
    "Females aged 40 or older",
)

seeds = st.integers(0, 2**32).map(Random)


def a_trial(pick: Random) -> Trial:
    ages = [pick.choice(AGES), pick.choice(AGES)]
    return Trial(
        nct_id=f"NCT{pick.randrange(10**8):08d}",
        conditions=tuple(pick.sample(TRIAL_CONDITIONS, pick.randint(0, 2))),
        eligibility=Eligibility(
            minimum_age=ages[0],
            maximum_age=ages[1],
            sex=pick.choice([None, *EligibleSex]),
            criteria=pick.choice(TEXTS),
            healthy_volunteers=pick.choice([None, False]),
        ),
    )


def a_patient(pick: Random) -> Patient:
    members: dict[str, Any] = pick.choice(
        [
            {},
            {"birth_date": pick.choice(["2013-11", "2007-01-01", "1960", "2025-09-03", "2026-01-01", "2008-02-29"])},
            {"age_years": pick.choice([0.0, 0.2, 1.0, 11.0, 12.0, 17.0, 18.0, 64.0, 65.0, 66.0])},
        ]
    )
    return Patient(
        sex=pick.choice([None, *Sex]),
        conditions=tuple(a_condition(pick) for _ in range(pick.choice([0, 1, 1, 2, 3]))),
        **members,
    )


def a_condition(pick: Random) -> PatientCondition:
    coded = pick.random() < 0.25
    return PatientCondition(
        text=None if coded else pick.choice(PATIENT_CONDITIONS),
        code=Coding(ICD10CM, pick.choice(CODES)) if coded else None,
        clinical_status=pick.choice([None, None, *ClinicalStatus]),
        verification_status=pick.choice([None, None, *VerificationStatus]),
    )


def is_possible(candidate: Candidate, facts: Facts) -> bool:
    """Whether the trial's condition is in the record, or may be: an entry speaks of it, or nothing is recorded."""
    asked = [each for each in candidate.criteria if each.id == REGISTRY_CONDITION]
    findings = [evaluate(each.expression, facts) for each in asked]
    silent = not facts.patient.conditions
    return silent or all(found.truth is Truth.TRUE or bool(found.evidence) for found in findings)


@examples(200)
@given(seeds, st.sampled_from(Policy))
def test_no_possible_trial_is_missed(pick: Random, policy: Policy) -> None:
    facts = Facts(a_patient(pick), ON, policy)
    query = prefilter(facts)
    for trial in [a_trial(pick) for _ in range(12)]:
        candidate = Candidate(nct_id=trial.nct_id, criteria=compile_trial(trial))
        judged = judge(candidate, facts)
        if judged.eligibility is not TrialEligibility.INELIGIBLE and is_possible(candidate, facts):
            assert admits(query, envelope_of(trial, candidate.criteria)), (trial, facts.patient)


@examples(50)
@given(seeds, st.sampled_from(Policy))
def test_no_eligible_trial_is_missed(pick: Random, policy: Policy) -> None:
    """The stronger half of the claim, without any notion of possibility."""
    facts = Facts(a_patient(pick), ON, policy)
    for trial in [a_trial(pick) for _ in range(12)]:
        candidate = Candidate(nct_id=trial.nct_id, criteria=compile_trial(trial))
        if judge(candidate, facts).eligibility is TrialEligibility.ELIGIBLE:
            assert admits(prefilter(facts), envelope_of(trial, candidate.criteria))
