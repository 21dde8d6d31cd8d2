"""The whole answer: order, counts, pages, questions, sites."""

from datetime import date
from typing import Any

import msgspec
import pytest

from service.errors import InvalidPageToken
from service.match.report import match_patient
from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.envelope import Candidate, Site
from service.schemas.expression import (
    Age,
    Attestation,
    ConditionIs,
    Expression,
    Pregnancy,
    PregnancyState,
    SexIs,
    TobaccoIs,
    TobaccoUse,
)
from service.schemas.patient import Sex
from service.schemas.quantity import Range
from service.schemas.report import Corpus, MatchReport, MatchRequest, TrialEligibility
from service.schemas.trial import GeoPoint, OverallStatus

TODAY = date(2026, 1, 1)
LEUKEMIA = ("registry.condition", ConditionIs(name="leukemia", concept="MESH:D007938"))
ADULTS = ("registry.age", Age(range=Range(low=18, unit="a")))
NOT_PREGNANT = ("pregnant", Pregnancy(state=PregnancyState.PREGNANT))
NO_SMOKERS = ("tobacco", TobaccoIs(use=TobaccoUse.CURRENT))
CONSENT = ("consent", Attestation(about="consent", text="consent"))
WOMEN = ("registry.sex", SexIs(sex=Sex.FEMALE))
EXCLUSIONS = {"pregnant", "tobacco"}


def a_candidate(number: int, *criteria: tuple[str, Expression], **members: Any) -> Candidate:
    return Candidate(nct_id=f"NCT{number:08d}", criteria=tuple(map(a_criterion, criteria)), **members)


def a_criterion(stated: tuple[str, Expression]) -> Criterion:
    polarity = Polarity.EXCLUSION if stated[0] in EXCLUSIONS else Polarity.INCLUSION
    return Criterion(id=stated[0], polarity=polarity, text=stated[0], expression=stated[1], coverage=Coverage.FULL)


def a_request(**members: Any) -> MatchRequest:
    adult = {"ageYears": 40, "conditions": [{"text": "T-ALL"}]}
    return msgspec.convert({"patient": adult, **members}, MatchRequest)


def answer(candidates: list[Candidate], version: str = "1", **members: Any) -> MatchReport:
    return match_patient(
        candidates, a_request(**members), TODAY, Corpus(version=version, trials=len(candidates)), "test"
    )


FITS = a_candidate(1, LEUKEMIA, ADULTS, CONSENT)
OPEN = a_candidate(2, LEUKEMIA, ADULTS, NOT_PREGNANT)
MORE_OPEN = a_candidate(3, LEUKEMIA, ADULTS, NOT_PREGNANT, NO_SMOKERS)
CLOSED = a_candidate(4, LEUKEMIA, ("registry.age", Age(range=Range(high=17, unit="a"))))
NOTHING_ASKED = a_candidate(5)
NO_CONDITION = a_candidate(6, ADULTS, CONSENT)
ALL = [NO_CONDITION, MORE_OPEN, CLOSED, OPEN, NOTHING_ASKED, FITS]


def order(report: MatchReport) -> list[int]:
    return [int(match.nct_id[3:]) for match in report.matches]


def test_eligible_first_then_by_score_then_by_number() -> None:
    assert order(answer(ALL)) == [1, 2, 3, 6, 5]


def test_every_candidate_is_counted_and_the_ineligible_only_counted() -> None:
    counts = answer(ALL).counts
    assert (counts.candidates, counts.eligible, counts.undetermined, counts.ineligible) == (6, 1, 4, 1)


def test_the_ineligible_are_listed_when_asked_for() -> None:
    assert order(answer(ALL, eligibility=["ineligible"])) == [4]


def test_a_trial_with_nothing_to_check_is_never_eligible() -> None:
    [match] = answer([NOTHING_ASKED]).matches
    assert match.eligibility is TrialEligibility.UNDETERMINED


def test_a_trial_whose_condition_is_not_in_the_record_is_never_eligible() -> None:
    [match] = answer([NO_CONDITION]).matches
    assert match.eligibility is TrialEligibility.UNDETERMINED


def test_a_patient_without_data_is_eligible_for_nothing() -> None:
    assert answer(ALL, patient={}).counts.eligible == 0


def test_pages_put_together_are_the_whole_list() -> None:
    seen, token = [], None
    for _ in range(9):
        page = answer(ALL, limit=2, **({"pageToken": token} if token else {}))
        seen += order(page)
        token = page.next_page_token
        if token is None:
            break
    assert seen == order(answer(ALL))


def test_counts_and_questions_are_the_same_on_every_page() -> None:
    first = answer(ALL, limit=2)
    second = answer(ALL, limit=2, pageToken=first.next_page_token)
    assert (first.counts, first.questions) == (second.counts, second.questions)


@pytest.mark.parametrize(
    ("case", "members", "version"),
    [
        ("another patient", {"patient": {"ageYears": 41}}, "1"),
        ("another policy", {"policy": "absent_is_no"}, "1"),
        ("the registry has changed", {}, "2"),
        ("made up", {"pageToken": "bm90IG91cnM"}, "1"),
        ("cut short", {"pageToken": "A"}, "1"),
    ],
)
def test_a_token_serves_its_own_question_only(case: str, members: dict[str, Any], version: str) -> None:
    token = answer(ALL, limit=2).next_page_token
    with pytest.raises(InvalidPageToken) as refused:
        answer(ALL, version, **{"limit": 2, "pageToken": token, **members})
    assert refused.value.faults[0].pointer == "/pageToken", case


def test_questions_are_ranked_by_the_trials_they_decide() -> None:
    asked = [(each.pointer, each.decides) for each in answer(ALL).questions]
    assert asked == [("/pregnant", 2), ("/tobacco", 1)]


def test_a_summary_lists_no_criteria() -> None:
    [match] = answer([FITS], detail="summary").matches
    assert match.criteria is None
    assert match.tally.met == 2


SITES = (
    Site(facility="far", geo_point=GeoPoint(lat=40.7, lon=-74.0)),
    Site(facility="near but closed", geo_point=GeoPoint(lat=48.9, lon=2.3), status=OverallStatus.COMPLETED),
    Site(facility="near", geo_point=GeoPoint(lat=51.5, lon=-0.12), status=OverallStatus.RECRUITING),
    Site(facility="nowhere"),
)


def test_the_nearest_open_site_is_named() -> None:
    patient = {"ageYears": 40, "location": {"lat": 48.8566, "lon": 2.3522}}
    [match] = answer([a_candidate(1, ADULTS, sites=SITES)], patient=patient).matches
    assert match.nearest_site is not None
    assert match.nearest_site.facility == "near"
    assert match.nearest_site.distance_km == pytest.approx(343, abs=3)


def test_no_site_without_a_place_of_living() -> None:
    [match] = answer([a_candidate(1, ADULTS, sites=SITES)]).matches
    assert match.nearest_site is None


ASTHMA = ConditionIs(name="asthma", concept="MESH:D001249")
LUNG_DISEASE = ConditionIs(name="lung disease", concept="MESH:D008171")
OTHER_CANCER = ConditionIs(name="malignancy", concept="MONDO:0004992", qualifiers=("other",))
SEVERE = ConditionIs(name="asthma", concept="MESH:D001249", qualifiers=("severe",))


@pytest.mark.parametrize(
    ("studied", "excluded", "patient", "verdict"),
    [
        (ASTHMA, LUNG_DISEASE, {"text": "asthma"}, "to_confirm"),
        (ASTHMA, LUNG_DISEASE, {"text": "COPD"}, "not_met"),
        (ASTHMA, SEVERE, {"text": "asthma", "severity": "severe"}, "not_met"),
        (LEUKEMIA[1], OTHER_CANCER, {"text": "T-ALL"}, "met"),
        (LEUKEMIA[1], OTHER_CANCER, {"text": "breast cancer"}, "not_met"),
    ],
    ids=["the broader name", "a sibling", "a severe form", "none but the studied", "a second one"],
)
def test_an_exclusion_cannot_mean_the_disease_that_the_trial_studies(
    studied: Expression, excluded: Expression, patient: dict[str, Any], verdict: str
) -> None:
    criteria = (a_criterion(("registry.condition", studied)), a_criterion(("tobacco", excluded)))
    every = [each.value for each in TrialEligibility]
    record = {"conditions": [patient], "complete": ["conditions"]}
    [match] = answer([Candidate(nct_id="NCT00000001", criteria=criteria)], patient=record, eligibility=every).matches
    assert match.criteria is not None
    assert match.criteria[1].verdict.value == verdict, match.criteria[1]


def test_no_criterion_of_inclusion_is_loosened_by_that() -> None:
    criteria = (LEUKEMIA, ("diagnosis", ConditionIs(name="leukemia", concept="MESH:D007938")))
    [match] = answer([a_candidate(1, *criteria)]).matches
    assert match.tally.met == 2
