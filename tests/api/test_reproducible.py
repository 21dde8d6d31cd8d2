"""The same digest names the same answer, byte for byte: asked again, of another process, after other questions."""

from typing import Any

import httpx
import msgspec
import pytest

from service.api.contract.examples import MATCH_REQUEST, TRIAL
from service.schemas.report import MatchReport
from service.settings import Settings
from tests.api.conftest import client_of
from tests.api.test_match import PATIENTS, patient

NAMES = sorted(path.stem for path in PATIENTS.glob("*.json"))


async def answered(api: httpx.AsyncClient, request: dict[str, Any]) -> tuple[str, bytes]:
    """The digest, and the answer as it came."""
    answer = await api.post("/match", json=request)
    assert answer.status_code == 200
    return msgspec.json.decode(answer.content, type=MatchReport).digest, answer.content


async def test_the_same_digest_is_the_same_answer(api: httpx.AsyncClient, demo_settings: Settings) -> None:
    """What one service has learned from other questions changes nothing: the other is asked in another order."""
    async with client_of(demo_settings) as other:
        first = [await answered(api, patient(name)) for name in NAMES]
        second = [await answered(other, patient(name)) for name in reversed(NAMES)]
    assert first == second[::-1]
    assert len({digest for digest, _ in first}) == len(NAMES)


ATTESTED = {"patient": {"attestations": {"consent": True, "compliance": True}}, "asOf": "2026-06-01"}


@pytest.mark.parametrize(
    ("request_", "same"),
    [
        (MATCH_REQUEST, dict(reversed(MATCH_REQUEST.items()))),
        (MATCH_REQUEST, {**MATCH_REQUEST, "policy": "unknown", "detail": "criteria"}),
        ({"patient": {}}, {"patient": {"conditions": []}, "asOf": "2026-06-01"}),
        (ATTESTED, {**ATTESTED, "patient": {"attestations": {"compliance": True, "consent": True}}}),
    ],
    ids=["members in another order", "defaults spelled out", "today spelled out", "names in another order"],
)
async def test_the_same_question_has_one_digest(
    api: httpx.AsyncClient, request_: dict[str, Any], same: dict[str, Any]
) -> None:
    assert await answered(api, request_) == await answered(api, same)


@pytest.mark.parametrize(
    "other", [{"asOf": "2026-06-02"}, {"limit": 6}, {"policy": "absent_is_no"}, {"detail": "summary"}, {"where": {}}]
)
async def test_another_question_has_another_digest(api: httpx.AsyncClient, other: dict[str, Any]) -> None:
    assert (await answered(api, MATCH_REQUEST))[0] != (await answered(api, {**MATCH_REQUEST, **other}))[0]


async def test_another_registry_has_another_digest(own_api: httpx.AsyncClient) -> None:
    before, _ = await answered(own_api, MATCH_REQUEST)
    await own_api.put(f"/trials/{TRIAL['nctId']}", json=TRIAL)
    after, _ = await answered(own_api, MATCH_REQUEST)
    await own_api.put(f"/trials/{TRIAL['nctId']}", json=TRIAL)
    again, _ = await answered(own_api, MATCH_REQUEST)
    assert (before != after, after) == (True, again)
