"""Reading, writing and checking trials over HTTP."""

import asyncio
import re

import httpx
import pytest

from service.api.contract.examples import STUDY, TRIAL


async def ids(api: httpx.AsyncClient, query: str) -> list[str]:
    answer = await api.get(f"/trials?{query}")
    assert answer.status_code == 200
    return [trial["nctId"] for trial in answer.json()["trials"]]


async def test_a_search_without_parameters_answers_the_registry_in_order(api: httpx.AsyncClient) -> None:
    found = await ids(api, "")
    assert len(found) == 20
    assert found == sorted(found)


async def test_pages_follow_one_another_without_gap_or_repetition(api: httpx.AsyncClient) -> None:
    whole = await ids(api, "pageSize=1000")
    seen: list[str] = []
    token = ""
    while True:
        page = (await api.get(f"/trials?pageSize=5{token}")).json()
        seen += [trial["nctId"] for trial in page["trials"]]
        if "nextPageToken" not in page:
            break
        token = f"&pageToken={page['nextPageToken']}"
    assert seen == whole


async def test_a_token_of_another_search_is_refused(api: httpx.AsyncClient) -> None:
    token = (await api.get("/trials?pageSize=1")).json()["nextPageToken"]
    answer = await api.get(f"/trials?pageSize=1&phase=PHASE2&pageToken={token}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_page_token")


async def test_comma_lists_and_repeated_values_mean_or(api: httpx.AsyncClient) -> None:
    first = set(await ids(api, "phase=PHASE1&pageSize=100"))
    second = set(await ids(api, "phase=PHASE3&pageSize=100"))
    assert first
    assert second
    assert set(await ids(api, "phase=PHASE1,PHASE3&pageSize=100")) == first | second
    assert set(await ids(api, "phase=PHASE1&phase=PHASE3&pageSize=100")) == first | second


@pytest.mark.parametrize(
    ("query", "found", "passed_over"),
    [
        ("condition=C91.0", {"NCT04626765", "NCT04762485", "NCT07021677"}, {"NCT07338357", "NCT05043116"}),
        ("condition=c910", {"NCT04626765", "NCT04762485", "NCT07021677"}, {"NCT07338357"}),
        ("condition=C91", {"NCT04626765", "NCT07021677"}, {"NCT07338357"}),
        ("condition=blood+cancer", {"NCT04100187", "NCT07021677", "NCT07304232", "NCT07338357"}, {"NCT06331169"}),
        ("condition=cancer", {"NCT07021677", "NCT06331169", "NCT04691349"}, {"NCT05043116"}),
        ("intervention=immunosuppressive+agents", {"NCT04626765"}, {"NCT05043116"}),
    ],
)
async def test_a_search_is_by_meaning(
    api: httpx.AsyncClient, query: str, found: set[str], passed_over: set[str]
) -> None:
    answered = set(await ids(api, f"{query}&pageSize=100"))
    assert answered >= found
    assert answered.isdisjoint(passed_over)


@pytest.mark.parametrize("written", ["nct04691349", "NCT4691349", "Nct0004691349", "NCT99999999,nct4691349"])
async def test_ids_may_be_written_as_in_an_address(api: httpx.AsyncClient, written: str) -> None:
    assert await ids(api, f"ids={written}") == ["NCT04691349"]
    request = {"patient": {}, "where": {"nctIds": written.split(",")}, "eligibility": ["undetermined", "ineligible"]}
    found = (await api.post("/match", json=request)).json()["matches"]
    assert [match["nctId"] for match in found] == ["NCT04691349"]


async def test_only_the_members_asked_for_are_answered(api: httpx.AsyncClient) -> None:
    answer = await api.get("/trials?fields=briefTitle,phases&pageSize=3")
    assert {name for trial in answer.json()["trials"] for name in trial} == {"nctId", "briefTitle", "phases"}


async def test_the_total_is_counted_only_when_asked(api: httpx.AsyncClient) -> None:
    assert "totalCount" not in (await api.get("/trials")).json()
    assert (await api.get("/trials?countTotal=true&pageSize=1")).json()["totalCount"] == len(
        await ids(api, "pageSize=1000")
    )


async def test_a_trial_comes_with_its_criteria_and_issues(api: httpx.AsyncClient) -> None:
    (nct_id,) = await ids(api, "pageSize=1")
    trial = (await api.get(f"/trials/{nct_id}")).json()
    assert trial["nctId"] == nct_id
    assert {each["id"] for each in trial["criteria"]} >= {"registry.condition"}
    assert isinstance(trial["issues"], list)


@pytest.mark.parametrize("written", ["nct{number}", "NCT{stripped}", "NCT0000{number}", "nCt{stripped}"])
async def test_other_spellings_lead_to_the_canonical_address(api: httpx.AsyncClient, written: str) -> None:
    (nct_id,) = await ids(api, "pageSize=1")
    number = nct_id[3:]
    answer = await api.get("/trials/" + written.format(number=number, stripped=number.lstrip("0")))
    assert (answer.status_code, answer.headers["location"]) == (308, f"/trials/{nct_id}")


async def test_an_unchanged_trial_is_not_sent_again(api: httpx.AsyncClient) -> None:
    (nct_id,) = await ids(api, "pageSize=1")
    etag = (await api.get(f"/trials/{nct_id}")).headers["etag"]
    for known in (etag, f"W/{etag}", f'"another", {etag}', "*"):
        again = await api.get(f"/trials/{nct_id}", headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    other = await api.get(f"/trials/{nct_id}", headers={"if-none-match": '"another"'})
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["/trials?pageSize=2", "/concepts?q=leuk", "/concepts/MESH:D054218", "/openapi.json"])
async def test_an_unchanged_answer_is_not_sent_again(api: httpx.AsyncClient, path: str) -> None:
    whole = await api.get(path)
    assert re.fullmatch('"[0-9a-f]{32}"', whole.headers["etag"])
    assert whole.headers["cache-control"] == "no-cache"
    again = await api.get(path, headers={"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", whole.headers["etag"])


async def test_a_page_has_another_etag_when_a_trial_on_it_changes(own_api: httpx.AsyncClient) -> None:
    await own_api.put(f"/trials/{TRIAL['nctId']}", json=TRIAL)
    before = {"if-none-match": (await own_api.get("/trials")).headers["etag"]}
    await own_api.put("/trials/NCT00000002?source=ctgov", json=STUDY)
    assert (await own_api.get("/trials", headers=before)).status_code == 200
    assert (await own_api.get("/trials?pageSize=1&fields=nctId", headers=before)).status_code == 200


async def test_head_is_get_without_the_body(api: httpx.AsyncClient) -> None:
    whole, head = await api.get("/trials"), await api.head("/trials")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))


async def test_options_names_every_method(api: httpx.AsyncClient) -> None:
    answer = await api.options("/trials/NCT00000001")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "PUT"}


async def test_writing_says_what_it_did(own_api: httpx.AsyncClient) -> None:
    address = f"/trials/{TRIAL['nctId']}"
    created = await own_api.put(address, json=TRIAL)
    assert (created.status_code, created.json()["outcome"]) == (201, "created")
    again = await own_api.put(address, json=TRIAL)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    changed = await own_api.put(address, json={**TRIAL, "overallStatus": "COMPLETED"})
    assert (changed.status_code, changed.json()["outcome"]) == (200, "updated")
    assert (await own_api.get(address)).json()["overallStatus"] == "COMPLETED"


async def test_a_changed_trial_has_another_etag(own_api: httpx.AsyncClient) -> None:
    address = f"/trials/{TRIAL['nctId']}"
    await own_api.put(address, json=TRIAL)
    before = (await own_api.get(address)).headers["etag"]
    await own_api.put(address, json={**TRIAL, "overallStatus": "COMPLETED"})
    assert (await own_api.get(address, headers={"if-none-match": before})).status_code == 200


async def test_a_registry_study_is_stored_under_its_source(own_api: httpx.AsyncClient) -> None:
    answer = await own_api.put("/trials/NCT00000002?source=ctgov", json=STUDY)
    assert answer.status_code == 201
    stored = (await own_api.get("/trials/NCT00000002")).json()
    assert stored["provenance"]["source"] == "ctgov"


async def test_a_record_is_replaced_only_by_whoever_has_seen_it(own_api: httpx.AsyncClient) -> None:
    address, changed = f"/trials/{TRIAL['nctId']}", {**TRIAL, "overallStatus": "COMPLETED"}
    assert (await own_api.put(address, json=TRIAL, headers={"if-none-match": "*"})).status_code == 201
    seen = (await own_api.get(address)).headers["etag"]
    for refused in (
        {"if-none-match": "*"},
        {"if-match": '"another"'},
        {"if-match": f"W/{seen}"},
        {"if-none-match": seen},
    ):
        answer = await own_api.put(address, json=changed, headers=refused)
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed"), refused
    assert (await own_api.get(address)).headers["etag"] == seen
    assert (await own_api.put(address, json=changed, headers={"if-match": f'"another", {seen}'})).status_code == 200
    assert (await own_api.put(address, json=TRIAL, headers={"if-match": seen})).status_code == 412
    assert (await own_api.put(address, json=TRIAL, headers={"if-match": "*"})).status_code == 200


async def test_of_two_who_replace_what_they_have_seen_one_is_told(own_api: httpx.AsyncClient) -> None:
    address = f"/trials/{TRIAL['nctId']}"
    first = [own_api.put(address, json={**TRIAL, "acronym": name}, headers={"if-none-match": "*"}) for name in "AB"]
    assert sorted([answer.status_code for answer in await asyncio.gather(*first)]) == [201, 412]
    seen = {"if-match": (await own_api.get(address)).headers["etag"]}
    then = [own_api.put(address, json={**TRIAL, "acronym": name}, headers=seen) for name in "CD"]
    assert sorted([answer.status_code for answer in await asyncio.gather(*then)]) == [200, 412]


async def test_an_older_version_does_not_replace_a_newer_one(own_api: httpx.AsyncClient) -> None:
    newer = {**TRIAL, "dates": {"lastUpdatePosted": "2026-05-01"}}
    older = {**TRIAL, "dates": {"lastUpdatePosted": "2025-05-01"}}
    await own_api.put(f"/trials/{TRIAL['nctId']}", json=newer)
    answer = await own_api.put(f"/trials/{TRIAL['nctId']}", json=older)
    assert (answer.status_code, answer.json()["code"]) == (409, "older_version")


async def test_checking_a_document_stores_nothing(own_api: httpx.AsyncClient) -> None:
    answer = await own_api.post("/trials/validate", json=TRIAL)
    assert answer.status_code == 200
    assert set(answer.json()) == {"source", "trial", "criteria", "issues"}
    assert answer.json()["source"] == "eligo"
    assert (await own_api.get(f"/trials/{TRIAL['nctId']}")).status_code == 404


async def test_an_answer_may_be_sent_back(own_api: httpx.AsyncClient) -> None:
    address = f"/trials/{TRIAL['nctId']}"
    await own_api.put(address, json=TRIAL)
    answered = (await own_api.get(address)).json()
    again = await own_api.put(address, json=answered)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    assert (await own_api.post("/trials/validate", json=answered)).json()["criteria"] == answered["criteria"]
    other = await own_api.put(address, json={**answered, "verdicts": []})
    assert other.status_code == 422
