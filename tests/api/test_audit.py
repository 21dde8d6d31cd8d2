"""The audit log: every request that asks for a role is in it before it is answered, or it is not answered."""

import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from service.api.contract.operations import OPERATIONS
from service.audit import AuditLog
from service.cli import main
from service.settings import Settings
from tests.api.conftest import TOKEN, client_of
from tests.api.door import bearer

FULL = Path("/dev/full")


def lines(file: Path) -> list[dict[str, Any]]:
    return list(map(msgspec.json.decode, file.read_bytes().splitlines()))


async def test_every_request_is_told_once_whatever_came_of_it(settings: Settings, tmp_path: Path) -> None:
    audited = structs.replace(settings, admin_token=TOKEN, audit_file=tmp_path / "audit.jsonl")
    async with client_of(audited) as client:
        for operation in OPERATIONS:
            path = operation.path.format(nctId="NCT00000001", id="MESH:D007938")
            await client.request(operation.method, path, headers=bearer("wrong"))
            await client.request(operation.method, path)
    asked_for = [operation.id for operation in OPERATIONS if operation.role]
    told = lines(tmp_path / "audit.jsonl")
    assert [line["operation"] for line in told] == [each for each in asked_for for _ in range(2)]
    assert [line.get("who") for line in told] == [None, "admin token"] * len(asked_for)
    assert {line["code"] for line in told[::2]} == {"unauthorized"}
    assert all("request" not in line for line in told)


async def test_a_writers_trial_is_named(settings: Settings, tmp_path: Path) -> None:
    async with client_of(structs.replace(settings, audit_file=tmp_path / "audit.jsonl")) as client:
        await client.put("/trials/NCT00000001", json={"nctId": "NCT00000001"})
    (line,) = lines(tmp_path / "audit.jsonl")
    assert (line["who"], line["nct_id"], line["outcome"]) == ("local", "NCT00000001", "created")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
async def test_nothing_is_answered_that_cannot_be_told(settings: Settings) -> None:
    async with client_of(structs.replace(settings, audit_file=FULL)) as client:
        answer = await client.get("/version")
        assert (answer.status_code, answer.json()["code"]) == (503, "audit_unavailable")
        assert (await client.get("/nowhere")).status_code == 404
        assert (await client.get("/health/live")).status_code == 200


def test_a_file_that_was_moved_away_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    log = AuditLog(file, None)
    log.write(operation="first")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.rename(tmp_path / "audit.jsonl.1")
    log.write(operation="second")
    log.write(operation="third")
    assert [line["operation"] for line in lines(file)] == ["second", "third"]


def test_a_digest_needs_its_key_and_every_part() -> None:
    log = AuditLog(Path("nowhere"), "a key of enough letters")
    assert log.digest(b"POST", b"/match", b"", b"{}") == log.digest(b"POST", b"/match", b"", b"{}")
    others = [
        log.digest(b"POST", b"/match", b"{", b"}"),
        log.digest(b"POST", b"/match", b"", b"{ }"),
        AuditLog(Path("nowhere"), "another key of letters").digest(b"POST", b"/match", b"", b"{}"),
        AuditLog(Path("nowhere"), None).digest(b"POST", b"/match", b"", b"{}"),
    ]
    assert log.digest(b"POST", b"/match", b"", b"{}") not in others


def test_whoever_makes_a_key_is_told(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("ELIGO_AUDIT_FILE", str(tmp_path / "audit.jsonl"))
    assert main(["keys", "create", "--name", "ward-7", "--role", "reader"]) == 0
    (line,) = lines(tmp_path / "audit.jsonl")
    assert (line["operation"], line["holder"], line["roles"]) == ("keys create", "ward-7", ["reader"])
    assert line["who"].startswith("cli ")
