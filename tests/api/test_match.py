"""The match over HTTP: the answer's form, its pages, and what it must never do with a patient."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from service.schemas.report import MatchReport, TrialEligibility, Verdict, WarningCode

PATIENTS = Path(__file__).parents[2] / "service" / "demo" / "patients"
CANARY = "Zanzibarite"


def patient(name: str) -> dict[str, Any]:
    request: dict[str, Any] = json.loads((PATIENTS / f"{name}.json").read_text())
    return request


async def report(api: httpx.AsyncClient, request: dict[str, Any]) -> MatchReport:
    answer = await api.post("/match", json=request)
    assert answer.status_code == 200
    return msgspec.json.decode(answer.content, type=MatchReport)


async def test_an_answer_is_not_to_be_kept(api: httpx.AsyncClient) -> None:
    answer = await api.post("/match", json=patient("adult-aml"))
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", sorted(path.stem for path in PATIENTS.glob("*.json")))
async def test_the_same_question_gets_the_same_answer(api: httpx.AsyncClient, name: str) -> None:
    first, second = [(await api.post("/match", json=patient(name))).content for _ in range(2)]
    assert first == second


async def test_nothing_known_makes_nobody_eligible(api: httpx.AsyncClient) -> None:
    found = await report(api, patient("empty"))
    assert found.counts.candidates > 0
    assert found.counts.eligible == 0


async def test_without_a_date_today_is_meant(api: httpx.AsyncClient) -> None:
    assert (await report(api, {"patient": {}})).as_of.isoformat() == "2026-06-01"
    assert (await report(api, {"patient": {}, "asOf": "2020-01-31"})).as_of.isoformat() == "2020-01-31"


async def test_pages_hold_every_match_once(api: httpx.AsyncClient) -> None:
    request = {**patient("empty"), "limit": 1000, "detail": "summary"}
    whole = [match.nct_id for match in (await report(api, request)).matches]
    seen: list[str] = []
    page = await report(api, {**request, "limit": 4})
    while True:
        seen += [match.nct_id for match in page.matches]
        if page.next_page_token is None:
            break
        page = await report(api, {**request, "limit": 4, "pageToken": page.next_page_token})
    assert seen == whole


async def test_a_trial_that_is_named_is_judged_whatever_speaks_against_it(api: httpx.AsyncClient) -> None:
    """The question may be why a trial is not offered."""
    where = {"nctIds": "NCT04762485"}
    child = {"ageYears": 7, "conditions": [{"text": "asthma"}]}
    found = await report(api, {"patient": child, "where": where, "eligibility": ["ineligible"]})
    (match,) = found.matches
    assert {row.id: row.verdict for row in match.criteria or ()}["registry.age"] is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("born", "age"), [("1968-05-04", 58), ("1968-05-04", 57.1), ("1968", 59), ("1968-06-02", 57), ("2026-06-01", 0)]
)
async def test_an_age_that_fits_the_birth_date_may_be_sent_along(api: httpx.AsyncClient, born: str, age: float) -> None:
    await report(api, {"patient": {"birthDate": born, "ageYears": age}, "asOf": "2026-06-01"})


async def test_a_summary_lists_no_criteria(api: httpx.AsyncClient) -> None:
    found = await report(api, {**patient("child-t-all"), "detail": "summary"})
    assert found.matches
    assert all(match.criteria is None for match in found.matches)


async def test_evidence_points_into_the_patient(api: httpx.AsyncClient) -> None:
    request = patient("child-t-all")
    found = await report(api, request)
    pointers = {each.pointer for match in found.matches for row in match.criteria or () for each in row.evidence}
    assert pointers
    for pointer in pointers:
        value: Any = request["patient"]
        for part in pointer.split("/")[1:]:
            value = value[int(part)] if isinstance(value, list) else value[part]


def coded(*codes: str, **members: Any) -> dict[str, Any]:
    system = "http://hl7.org/fhir/sid/icd-10-cm"
    conditions = [{"code": {"system": system, "code": code}} for code in codes]
    return {"patient": {"conditions": conditions, **members}, "eligibility": ["undetermined", "ineligible"]}


@pytest.mark.parametrize(
    ("code", "nct_id", "verdict", "reason"),
    [
        ("C91.00", "NCT04691349", Verdict.MET, "(C91.00) is a Lymphoid Leukemia is a Leukemia is a cancer"),
        ("C9100", "NCT04100187", Verdict.MET, "(C9100) is a Lymphoid Leukemia is a Leukemia"),
        ("C91", "NCT07021677", Verdict.UNKNOWN, "may or may not be T Acute Lymphoblastic Leukemia"),
        ("C95.00", "NCT07338357", Verdict.UNKNOWN, "may or may not be AML"),
        ("C92.02", "NCT07338357", Verdict.MET, "Acute Myeloid Leukemia (C92.02)"),
        ("C92.02", "NCT04626765", Verdict.UNKNOWN, "does not say whether the patient has"),
    ],
)
async def test_a_patient_of_codes_alone_is_matched_by_meaning(
    api: httpx.AsyncClient, code: str, nct_id: str, verdict: Verdict, reason: str
) -> None:
    found = await report(api, {**coded(code), "where": {"nctIds": nct_id}})
    rows = {row.id: row for match in found.matches for row in match.criteria or ()}
    assert rows["registry.condition"].verdict is verdict
    assert reason in rows["registry.condition"].reason


async def test_another_disease_is_ruled_out_by_a_complete_record(api: httpx.AsyncClient) -> None:
    found = await report(api, {**coded("C92.02", complete=["conditions"]), "where": {"nctIds": "NCT04626765"}})
    (match,) = found.matches
    rows = {row.id: row for row in match.criteria or ()}
    assert rows["registry.condition"].verdict is Verdict.NOT_MET
    assert match.eligibility is TrialEligibility.INELIGIBLE


async def test_codes_that_mean_nothing_are_named_and_fail_nothing(api: httpx.AsyncClient) -> None:
    conditions = [
        {"code": {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}} for code in ("C91.00", "C91.0Q")
    ]
    other = {"text": "T-ALL", "code": {"system": "https://codes.example", "code": CANARY, "display": CANARY}}
    found = await report(api, {"patient": {"conditions": [*conditions, other]}})
    assert found.matches
    assert [(each.code, each.pointer) for each in found.warnings] == [
        (WarningCode.UNKNOWN_CODE, "/conditions/1/code"),
        (WarningCode.UNKNOWN_CODE_SYSTEM, "/conditions/2/code"),
    ]
    assert all(CANARY not in each.detail for each in found.warnings)


async def test_whole_numbers_may_be_written_as_json_allows(api: httpx.AsyncClient) -> None:
    answer = await api.post("/match", content='{"patient": {"priorLines": 2.0}, "limit": 5.0}', headers=JSON)
    assert answer.status_code == 200


JSON = {"content-type": "application/json"}
LEAKS = {
    "in a value of an enumeration": {"patient": {"sex": CANARY}},
    "in a date": {"patient": {"birthDate": CANARY}},
    "in the name of a member": {"patient": {CANARY: 1}},
    "in the name of an attestation": {"patient": {"attestations": {f"{CANARY} 1": True}}},
    "in a number": {"patient": {"ageYears": CANARY}},
    "in a code": {"patient": {"conditions": [{"code": {"system": CANARY, "code": 1}}]}},
    "in words that are understood": {"patient": {"conditions": [{"text": CANARY}]}},
    "in a page token": {"patient": {"conditions": [{"text": CANARY}]}, "pageToken": CANARY},
}


@pytest.mark.parametrize("request_body", LEAKS.values(), ids=LEAKS.keys())
async def test_a_patient_is_neither_logged_nor_repeated(
    api: httpx.AsyncClient, logged: StringIO, request_body: dict[str, Any]
) -> None:
    answer = await api.post("/match", json=request_body)
    assert CANARY not in logged.getvalue()
    assert '"operation":"match"' in logged.getvalue()
    assert answer.is_success or CANARY not in answer.text
    assert CANARY not in str(answer.headers)


async def test_bytes_that_are_no_json_are_not_repeated(api: httpx.AsyncClient, logged: StringIO) -> None:
    answer = await api.post("/match", content=f'{{"patient": {{"sex": "{CANARY}"'.encode() + b"\xff", headers=JSON)
    assert answer.status_code == 400
    assert CANARY not in answer.text + logged.getvalue()


async def test_an_address_is_not_logged(api: httpx.AsyncClient, logged: StringIO) -> None:
    await api.get(f"/patients/{CANARY}?name={CANARY}")
    await api.get(f"/trials?q={CANARY}")
    assert CANARY not in logged.getvalue()
