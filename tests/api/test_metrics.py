"""What is measured, as Prometheus reads it, and the trace that a request belongs to."""

import json
import re
from io import StringIO

import httpx
import pytest

from service.api.contract.examples import MATCH_REQUEST
from service.api.observed.metrics import FACTS, METERS
from service.meters import Kind
from tests.api.test_match import CANARY

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
SAMPLE = re.compile(r'(?P<name>[a-z_]+)(\{(?P<labels>[a-z]+="[^"]*"(,[a-z]+="[^"]*")*)\})? (?P<value>[0-9.e+-]+|\+Inf)')


async def scraped(api: httpx.AsyncClient) -> dict[str, float]:
    answer = await api.get("/metrics", headers={"accept": "text/plain;version=0.0.4,*/*;q=0.1"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    lines = [line for line in answer.text.splitlines() if line[0] != "#"]
    assert all(map(SAMPLE.fullmatch, lines))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_every_family_is_told_with_its_kind(api: httpx.AsyncClient) -> None:
    text = (await api.get("/metrics")).text
    assert re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE) == [(f.name, f.kind.value) for f in METERS + FACTS]


def test_names_are_as_prometheus_wants_them() -> None:
    for family in METERS + FACTS:
        assert re.fullmatch(r"eligo_[a-z_]+", family.name)
        assert family.name.endswith("_total") is (family.kind is Kind.COUNTER)
        assert family.says.endswith(".")


async def test_an_answer_is_counted_under_its_route(api: httpx.AsyncClient) -> None:
    before = await scraped(api)
    await api.get("/trials/NCT99999999")
    await api.head("/trials")
    await api.get(f"/patients/{CANARY}")
    after = await scraped(api)
    grown = {name for name in after if after[name] > before[name] and name.startswith(("eligo_resp", "eligo_prob"))}
    assert grown == {
        'eligo_responses_total{method="GET",route="/trials/{nctId}",status="4xx"}',
        'eligo_responses_total{method="GET",route="/trials",status="2xx"}',
        'eligo_responses_total{method="other",route="other",status="4xx"}',
        'eligo_responses_total{method="GET",route="/metrics",status="2xx"}',
        'eligo_problems_total{code="trial_not_found"}',
        'eligo_problems_total{code="no_such_address"}',
    }
    duration = 'eligo_request_duration_seconds_count{method="GET",route="/trials"}'
    assert after[duration] == before[duration] + 1
    assert after["eligo_requests_in_progress"] == 1


async def test_a_histogram_counts_up_to_each_bound(api: httpx.AsyncClient) -> None:
    await api.get("/trials")
    found = await scraped(api)
    name = 'eligo_request_duration_seconds_bucket{method="GET",route="/trials",le="'
    counts = [value for each, value in found.items() if each.startswith(name)]
    assert counts == sorted(counts)
    assert counts[-1] == found['eligo_request_duration_seconds_count{method="GET",route="/trials"}'] > 0


async def test_what_comes_of_a_match_is_counted_and_nothing_of_the_patient(api: httpx.AsyncClient) -> None:
    before = await scraped(api)
    patient = {**MATCH_REQUEST["patient"], "conditions": [{"text": f"acute myeloid leukaemia {CANARY}"}]}
    report = (await api.post("/match", json={**MATCH_REQUEST, "patient": patient})).json()
    after = await scraped(api)
    for eligibility in ("eligible", "undetermined", "ineligible"):
        name = f'eligo_match_trials_total{{eligibility="{eligibility}"}}'
        assert after[name] - before[name] == report["counts"][eligibility]
    met = 'eligo_match_verdicts_total{verdict="met"}'
    assert after[met] - before[met] == sum(each["tally"]["met"] for each in report["matches"])
    assert after["eligo_match_candidates_count"] == before["eligo_match_candidates_count"] + 1
    assert CANARY not in (await api.get("/metrics")).text


async def test_the_registry_and_the_pool_are_told(api: httpx.AsyncClient) -> None:
    found = await scraped(api)
    corpus = (await api.get("/version")).json()["corpus"]
    assert found["eligo_database_up"] == 1
    assert found["eligo_corpus_trials"] == corpus["trials"] > 20
    assert found["eligo_corpus_changes_total"] == float(corpus["version"].partition("-")[2])
    assert found["eligo_corpus_changed_timestamp_seconds"] > 1_700_000_000
    open_now = sum(found[f'eligo_pool_connections{{state="{state}"}}'] for state in ("used", "idle"))
    assert 0 <= open_now <= found["eligo_pool_connections_limit"] == 10
    assert found["eligo_worker_resident_bytes"] > 10_000_000


async def test_a_change_of_the_registry_shows(own_api: httpx.AsyncClient) -> None:
    before = (await own_api.get("/version")).json()
    await own_api.put("/trials/NCT00000001", json={"nctId": "NCT00000001"})
    after = (await own_api.get("/version")).json()
    assert after["corpus"]["changed"] > before["corpus"]["changed"]
    assert {**after, "corpus": {}} == {**before, "corpus": {}}
    assert after["engine"].startswith(f"{after['service']}+")


@pytest.mark.parametrize(
    "given", [f"00-{TRACE}-{PARENT}-01", f"01-{TRACE}-{PARENT}-01-later-versions-say-more"], ids=["now", "later"]
)
async def test_a_callers_trace_goes_on(api: httpx.AsyncClient, logged: StringIO, given: str) -> None:
    answer = await api.get("/trials", headers={"traceparent": given})
    version, trace_id, span_id, flags = answer.headers["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", TRACE, "01")
    assert span_id != PARENT
    line = json.loads(logged.getvalue())
    assert (line["trace_id"], line["span_id"]) == (TRACE, span_id)


@pytest.mark.parametrize(
    "given",
    [
        "", "none", f"ff-{TRACE}-{PARENT}-01", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{PARENT}-01", f"00-{TRACE}-{PARENT}-01-more", f"00-{TRACE}-{PARENT}",
    ],
)  # fmt: skip
async def test_what_names_no_trace_begins_one(api: httpx.AsyncClient, given: str) -> None:
    answer = await api.get("/health/live", headers={"traceparent": given})
    _, trace_id, _, flags = answer.headers["traceparent"].split("-")
    assert (trace_id != TRACE, flags) == (True, "00")
    assert answer.headers["x-request-id"] == trace_id
