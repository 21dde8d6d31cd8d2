"""What surrounds every answer: ids, durations, the log, the documentation page."""

import json
import re
from io import StringIO
from urllib.parse import urljoin

import httpx
import pytest

from service.api import trials
from service.api.guides import GUIDES
from service.logs import ALLOWED


async def test_the_callers_request_id_comes_back_and_is_logged(api: httpx.AsyncClient, logged: StringIO) -> None:
    answer = await api.get("/trials", headers={"x-request-id": "ward-7.42"})
    assert answer.headers["x-request-id"] == "ward-7.42"
    assert json.loads(logged.getvalue())["request_id"] == "ward-7.42"


@pytest.mark.parametrize("given", ["", "two words", "ü", "a" * 65, "<script>"])
async def test_an_id_that_is_no_plain_word_is_replaced(api: httpx.AsyncClient, given: str) -> None:
    answer = await api.get("/health/live", headers=[(b"x-request-id", given.encode())])
    assert answer.headers["x-request-id"] not in ("", given)


async def test_a_log_line_is_json_with_known_fields_only(api: httpx.AsyncClient, logged: StringIO) -> None:
    await api.get("/trials?condition=leukemia")
    line = json.loads(logged.getvalue())
    assert set(line) <= ALLOWED
    assert (line["operation"], line["status"]) == ("listTrials", 200)
    assert line["duration_ms"] > 0


async def test_the_time_is_told(api: httpx.AsyncClient) -> None:
    assert "total;dur=" in (await api.get("/trials")).headers["server-timing"]


async def test_what_breaks_is_logged_without_its_message(
    api: httpx.AsyncClient, logged: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Zanzibarite")

    monkeypatch.setattr(trials, "search_of", broken)
    answer = await api.get("/trials")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "Zanzibarite" not in answer.text + logged.getvalue()
    failure = json.loads(logged.getvalue().splitlines()[0])
    assert (failure["error"], failure["where"][-1].split()[-1]) == ("ValueError", "broken")


async def test_the_documentation_page_needs_nothing_from_elsewhere(api: httpx.AsyncClient) -> None:
    page = await api.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "://" not in page.text
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert f'"docs/{asset}"' in page.text
        assert (await api.get(f"/docs/{asset}")).status_code == 200
    assert (await api.get("/docs/other.js")).status_code == 404


@pytest.mark.parametrize("name", GUIDES)
async def test_a_guide_needs_nothing_from_elsewhere(api: httpx.AsyncClient, name: str) -> None:
    assert f'"docs/{name}"' in (await api.get("/")).text
    guide = await api.get(f"/docs/{name}")
    assert guide.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in guide.headers["content-security-policy"]
    assert "<table>" in guide.text
    for link in set(re.findall(r'(?:href|src)="([^"]+)"', guide.text)) - {"data:,"}:
        if link[0] == "#":
            assert f'id="{link[1:]}"' in guide.text
        else:
            assert (await api.get(urljoin(f"/docs/{name}", link))).status_code == 200


async def test_readiness_tells_the_size_of_the_registry(api: httpx.AsyncClient) -> None:
    ready = (await api.get("/health/ready")).json()
    assert (ready["status"], ready["corpus"]["trials"] > 20) == ("ready", True)
