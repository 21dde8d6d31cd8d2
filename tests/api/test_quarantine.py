"""The quarantine over HTTP."""

from hashlib import sha256

import httpx
import pytest

from service.settings import Settings
from service.store import Refusal, open_store


@pytest.fixture
async def refused(own_api: httpx.AsyncClient, settings: Settings) -> httpx.AsyncClient:
    """Five studies in quarantine; the last tells neither its number nor its date."""
    async with open_store(settings) as store:
        for number in range(1, 6):
            data = b"study %d" % number
            nct, updated = (number, f"2026-03-0{number}") if number < 5 else (None, None)
            reason = ("unreadable_document", f"no title in study {number}")
            refusal = Refusal(nct, updated, "ctgov", sha256(data).digest(), "engine", *reason, data)
            await store.quarantine.add([refusal])
    return own_api


async def test_a_study_is_told_with_its_reason(refused: httpx.AsyncClient) -> None:
    first, second, *_ = (await refused.get("/quarantine")).json()["studies"]
    assert first.keys().isdisjoint({"nctId", "lastUpdatePosted"})
    assert second["quarantinedAt"]
    assert {name: second[name] for name in second.keys() - {"quarantinedAt"}} == {
        "nctId": "NCT00000004", "lastUpdatePosted": "2026-03-04", "source": "ctgov", "code": "unreadable_document",
        "detail": "no title in study 4", "sha256": sha256(b"study 4").hexdigest(),
    }  # fmt: skip


async def test_pages_follow_one_another(refused: httpx.AsyncClient) -> None:
    seen, token = [], ""
    while True:
        page = (await refused.get(f"/quarantine?pageSize=2&countTotal=true{token}")).json()
        assert page["totalCount"] == 5
        seen += [study["detail"] for study in page["studies"]]
        if "nextPageToken" not in page:
            break
        token = f"&pageToken={page['nextPageToken']}"
    assert seen == [f"no title in study {number}" for number in (5, 4, 3, 2, 1)]


@pytest.mark.parametrize("token", ["x", "cQ", "cTk5OTk5OTk5OTk5OTk5OTk5OTk5", "MTI"])
async def test_a_token_of_something_else_is_refused(own_api: httpx.AsyncClient, token: str) -> None:
    answer = await own_api.get(f"/quarantine?pageToken={token}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_page_token")
