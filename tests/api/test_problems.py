"""What a caller did wrong is said in one form, at its place: the table in problems.toml."""

import tomllib
from pathlib import Path

import httpx
import msgspec
import pytest
from msgspec import Struct

from service import errors
from service.api.asked.decode import DEEPEST
from service.api.contract.statuses import STATUS, kind_of
from service.schemas.problem import Problem


class Case(Struct, forbid_unknown_fields=True):
    note: str
    request: str
    status: int
    headers: dict[str, str] = {}
    anonymous: bool = False
    body: str | None = None
    body_hex: str | None = None
    code: str | None = None
    places: list[str] | None = None
    says: str = ""
    allow: list[str] | None = None

    @property
    def content(self) -> bytes:
        return bytes.fromhex(self.body_hex) if self.body_hex else (self.body or "").encode()


CASES = msgspec.convert(tomllib.loads((Path(__file__).parent / "problems.toml").read_text())["case"], list[Case])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.note)
async def test_a_fault_is_a_problem_document(api: httpx.AsyncClient, case: Case) -> None:
    method, address = case.request.split(" ")
    headers = {"content-type": "application/json"} if case.content else {}
    request = api.build_request(method, address, headers=headers | case.headers, content=case.content)
    if case.anonymous:
        del request.headers["authorization"]
    answer = await api.send(request)
    assert answer.status_code == case.status
    if case.allow is not None:
        assert set(answer.headers["allow"].split(", ")) == set(case.allow)
    if method != "HEAD":
        check(answer, case)


def check(answer: httpx.Response, case: Case) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = msgspec.json.decode(answer.content, type=Problem)
    assert problem.status == case.status
    assert case.code in (None, problem.code)
    if case.places is not None:
        places = [each.pointer if each.parameter is None else each.parameter for each in problem.errors]
        assert places == case.places
    assert any(case.says in said for said in (problem.detail, *(each.detail for each in problem.errors)))


def nested(depth: int) -> bytes:
    return b'{"patient": {"conditions": ' + b"[" * depth + b"]" * depth + b"}}"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (nested(DEEPEST - 2), "invalid_body"),
        (nested(DEEPEST - 1), "malformed_body"),
        (nested(100_000), "malformed_body"),
        (b'{"patient":' * 50_000, "malformed_body"),
        (b'{"patient": {"conditions": [{"text": "' + b"[{" * 200 + b'\\""}]}, "detail": "summary"}', None),
    ],
    ids=["deep, but not too deep", "one too many", "very deep", "deep and never closed", "brackets in a text"],
)
@pytest.mark.parametrize("address", ["/match", "/trials/validate"])
async def test_nesting_beyond_reason_is_refused(
    api: httpx.AsyncClient, address: str, body: bytes, code: str | None
) -> None:
    answer = await api.post(address, headers={"content-type": "application/json"}, content=body)
    assert ("nested too deeply" in answer.text) == (code == "malformed_body")
    if address == "/match":
        assert answer.json().get("code") == code


async def test_a_body_beyond_the_limit_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.post("/match", headers={"content-type": "application/json"}, content=b" " * 10_000_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("path", "header", "status", "code"),
    [
        ("/trials?ids=" + ",".join(["NCT00000001"] * 1_000), "a" * 20_000, 200, None),
        ("/trials?ids=" + ",".join(["NCT00000001"] * 1_500), "", 414, "address_too_long"),
        ("/" + "a" * 17_000, "", 414, "address_too_long"),
        ("/trials", "a" * 33_000, 431, "header_too_large"),
    ],
    ids=["long, but not too long", "too many ids", "a path without end", "too large a header"],
)
async def test_an_address_or_header_beyond_the_limit_is_refused(
    api: httpx.AsyncClient, path: str, header: str, status: int, code: str | None
) -> None:
    answer = await api.get(path, headers={"x-note": header})
    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_a_kind_of_failure_answers_as_the_failure_does() -> None:
    assert kind_of(errors.TruncatedDocument) == STATUS[errors.UnreadableDocument]
