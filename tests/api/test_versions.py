"""Versions over HTTP: what a record said before, and what changed."""

from typing import Any

import httpx
import pytest

from service.api.contract.examples import TRIAL

ADDRESS = f"/trials/{TRIAL['nctId']}"
YOUNGER = TRIAL["eligibility"] | {
    "criteria": TRIAL["eligibility"]["criteria"].replace("18 to", "12 to") + "\n* HIV infection",
    "minimumAge": "12 Years",
}


@pytest.fixture
async def changed(own_api: httpx.AsyncClient) -> httpx.AsyncClient:
    """A trial of three versions: as it was, for the younger, closed."""
    for members in ({}, {"eligibility": YOUNGER}, {"eligibility": YOUNGER, "overallStatus": "COMPLETED"}):
        assert (await own_api.put(ADDRESS, json={**TRIAL, **members})).is_success
    return own_api


async def json(api: httpx.AsyncClient, address: str) -> Any:
    answer = await api.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_every_version_is_listed(changed: httpx.AsyncClient) -> None:
    listed = await json(changed, f"{ADDRESS}/versions")
    shown = [(each["version"], each["current"], each["overallStatus"]) for each in listed["versions"]]
    assert shown == [(3, True, "COMPLETED"), (2, False, "RECRUITING"), (1, False, "RECRUITING")]
    assert listed["nctId"] == TRIAL["nctId"]


async def test_an_earlier_version_is_a_whole_record(changed: httpx.AsyncClient) -> None:
    first = await json(changed, f"{ADDRESS}?version=1")
    assert first["eligibility"]["minimumAge"] == "18 Years"
    assert {each["text"] for each in first["criteria"]} >= {"ECOG 0 to 2", "Pregnancy"}
    current, without = await json(changed, f"{ADDRESS}?version=3"), await json(changed, ADDRESS)
    assert current == without


async def test_an_earlier_version_is_not_sent_again(changed: httpx.AsyncClient) -> None:
    etag = (await changed.get(f"{ADDRESS}?version=1")).headers["etag"]
    again = await changed.get(f"{ADDRESS}?version=1", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_canonical_address_keeps_the_version(changed: httpx.AsyncClient) -> None:
    answer = await changed.get("/trials/nct1?version=2")
    assert (answer.status_code, answer.headers["location"]) == (308, f"{ADDRESS}?version=2")


async def test_by_default_the_last_change_is_told(changed: httpx.AsyncClient) -> None:
    told = await json(changed, f"{ADDRESS}/diff")
    assert (told["from"], told["to"], told["members"]) == (2, 3, ["overallStatus"])
    assert told["criteria"] == {"added": [], "removed": [], "changed": [], "unchanged": 6}


async def test_any_two_versions_can_be_held_against_each_other(changed: httpx.AsyncClient) -> None:
    told = await json(changed, f"{ADDRESS}/diff?from=1&to=3")
    assert [each["text"] for each in told["criteria"]["added"]] == ["HIV infection"]
    changes = {each["before"]["text"]: (each["after"]["text"], each["changed"]) for each in told["criteria"]["changed"]}
    assert changes == {
        "Age: 18 Years to 75 Years": ("Age: 12 Years to 75 Years", ["text", "expression"]),
        "Age 18 to 75 years": ("Age 12 to 75 years", ["text", "expression"]),
    }
    back = await json(changed, f"{ADDRESS}/diff?from=3&to=1")
    assert [each["text"] for each in back["criteria"]["removed"]] == ["HIV infection"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("/diff?from=4", 404, "version_not_found"),
        ("/diff?to=1", 404, "version_not_found"),
        ("/diff?to=0", 400, "invalid_parameter"),
        ("/diff?until=1", 400, "invalid_parameter"),
        ("?version=4", 404, "version_not_found"),
        ("?version=0", 400, "invalid_parameter"),
        ("?version=1000000001", 400, "invalid_parameter"),
        ("?version=1&version=1", 400, "invalid_parameter"),
        ("?version=first", 400, "invalid_parameter"),
    ],
)
async def test_what_does_not_exist_is_said(changed: httpx.AsyncClient, query: str, status: int, code: str) -> None:
    answer = await changed.get(f"{ADDRESS}{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("rest", ["/versions", "/diff", "?version=1"])
async def test_an_unknown_trial_has_no_versions(own_api: httpx.AsyncClient, rest: str) -> None:
    answer = await own_api.get(f"/trials/NCT09999999{rest}")
    assert (answer.status_code, answer.json()["code"]) == (404, "trial_not_found")
