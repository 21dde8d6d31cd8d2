"""A record that is asked for plainly is answered without the framework; whoever asks otherwise cannot tell."""

import asyncio

import asyncpg
import httpx
import msgspec
import pytest

from service.api.answers import ENCODER
from service.api.contract.examples import TRIAL
from service.schemas.answer import TrialRecord
from service.schemas.criterion import Criterion
from service.schemas.page import TrialPage
from service.settings import Settings
from tests.api.conftest import client_of

ADDRESS = f"/trials/{TRIAL['nctId']}"
OTHERWISE = {"accept": "application/json;q=0.9, text/html;q=0.1"}
CHANGING = frozenset({"x-request-id", "traceparent", "server-timing"})


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """Everything but what differs from one request to the next."""
    fields = {name: value for name, value in answer.headers.items() if name not in CHANGING}
    assert len(answer.headers.multi_items()) == len(fields) + len(CHANGING)
    return answer.status_code, fields, answer.content


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/trials/NCT04691349", {}),
        ("/trials/NCT04691349", {"accept": "application/json"}),
        ("/trials/NCT04691349", {"if-none-match": "*"}),
        ("/trials/NCT04691349", {"if-none-match": '"0123"'}),
        ("/trials/NCT04691349", {"authorization": "Bearer nobody"}),
        ("/trials/NCT99999999", {}),
        ("/trials/NCT00000000", {}),
        ("/trials/nct04691349", {}),
        ("/trials/NCT04691349?version=1", {}),
        ("/trials/NCT04691349?of=1", {}),
        ("/trials/NCT0469134%39", {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_both_ways_lead_to_the_same_answer(
    api: httpx.AsyncClient, method: str, path: str, more: dict[str, str]
) -> None:
    plain = await api.request(method, path, headers=more)
    assert told(await api.request(method, path, headers={**OTHERWISE, **more})) == told(plain)


async def test_a_plain_question_may_not_refuse_the_answer(api: httpx.AsyncClient) -> None:
    assert (await api.get("/trials/NCT04691349", headers={"accept": "text/html"})).status_code == 406


async def test_what_is_stored_is_what_the_structs_say(api: httpx.AsyncClient) -> None:
    """Byte for byte as the record would be encoded, for every trial of the registry."""
    page = (await api.get("/trials?pageSize=1000&fields=nctId")).json()
    answers = await asyncio.gather(*(api.get(f"/trials/{trial['nctId']}") for trial in page["trials"]))
    for answer in answers:
        assert ENCODER.encode(msgspec.json.decode(answer.content, type=TrialRecord)) == answer.content


@pytest.mark.parametrize("asked", ["", "&fields=phases", "&fields=nctId", "&fields=sponsor,locations,nctId,acronym"])
async def test_pages_too(api: httpx.AsyncClient, asked: str) -> None:
    page = (await api.get(f"/trials?pageSize=1000&countTotal=true{asked}")).content
    assert ENCODER.encode(msgspec.json.decode(page, type=TrialPage)) == page


async def test_criteria_as_an_earlier_version_stored_them_are_answered_alike(settings: Settings) -> None:
    async with client_of(settings) as api:
        await api.put(ADDRESS, json=TRIAL)
        before = (await api.get(ADDRESS)).content
        connection = await asyncpg.connect(settings.database_url)
        criteria = msgspec.json.decode(
            await connection.fetchval("SELECT criteria FROM trial"), type=tuple[Criterion, ...]
        )
        await connection.execute("UPDATE trial SET criteria = $1", msgspec.msgpack.encode(criteria))
        await connection.close()
        assert (await api.get(ADDRESS)).content == before
        match = await api.post("/match", json={"patient": {}, "where": {"nctIds": [TRIAL["nctId"]]}})
        assert match.json()["counts"]["candidates"] == 1


async def test_what_breaks_ahead_of_the_framework_is_a_problem_too(settings: Settings) -> None:
    async with client_of(settings) as api:
        await api.put(ADDRESS, json=TRIAL)
        connection = await asyncpg.connect(settings.database_url)
        await connection.execute("UPDATE trial SET criteria = $1", b"\xff")
        await connection.close()
        plain = await api.get(ADDRESS)
        assert (plain.status_code, plain.json()["code"]) == (500, "internal_error")
        assert told(await api.get(ADDRESS, headers=OTHERWISE)) == told(plain)
