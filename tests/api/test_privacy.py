"""Nothing of a patient comes out again: a process is told facts that nobody else has, in every way, at every failure.

Then everything it has written is searched: its log and audit log, the database's log, every row of every table, its
numbers, and every answer but that of a match, which quotes its evidence.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import httpx
import msgspec
import pytest

from service.api.contract.operations import OPERATIONS
from service.settings import Settings
from tests.api.conftest import TOKEN
from tests.api.door import bearer
from tests.api.process import Process, serving
from tests.api.test_patience import HEAD, held_up, waiting
from tests.conftest import NewDatabase

WORD, CODE, NUMBER, BORN, PLACE = "Zanzibarite", "C91.00.4711", "31337.25", "1931-07-19", "12.3456789"
CANARIES = re.compile("|".join(map(re.escape, (WORD, WORD.lower(), CODE, NUMBER, BORN, PLACE))))
JSON = {"content-type": "application/json"}
PATIENT: dict[str, Any] = {
    "birthDate": BORN,
    "conditions": [{"text": f"asthma {WORD}", "stage": WORD, "code": {"system": WORD, "code": CODE, "display": WORD}}],
    "observations": [{"text": WORD, "value": float(NUMBER), "unit": "mg/dL", "result": WORD, "date": BORN}],
    "treatments": [{"text": WORD, "kind": WORD, "response": WORD, "start": BORN}],
    "allergies": [{"text": WORD}],
    "attestations": {WORD: True},
    "location": {"country": WORD, "lat": float(PLACE), "lon": float(PLACE)},
}
BODIES: dict[str, bytes] = {
    "a patient": msgspec.json.encode({"patient": PATIENT}),
    "a patient and a circle": msgspec.json.encode(
        {"patient": PATIENT, "where": {"condition": WORD, "country": WORD, "near": f"{PLACE},{PLACE},5"}}
    ),
    "no JSON": b'{"patient": {"sex": "' + WORD.encode() + b'",}}',
    "no UTF-8": b'{"patient": {"sex": "' + WORD.encode() + b'\xff"}}',
    "wrong types": msgspec.json.encode({"patient": dict.fromkeys((*PATIENT, WORD), WORD), "asOf": WORD, WORD: 1}),
    "wrong depth": msgspec.json.encode({"patient": {**PATIENT, "conditions": [[{"text": WORD}]]}}),
    "a page of nobody": msgspec.json.encode({"patient": PATIENT, "pageToken": WORD}),
    "NUL": msgspec.json.encode({"patient": {"conditions": [{"text": f"{WORD}\0"}]}}),
    "nested": b'{"patient": ' * 10_000 + WORD.encode(),
    "a name twice": b'{"patient": {"sex": "male", "sex": "%s"}}' % WORD.encode(),
}


TOO_LARGE = b'{"patient": {"sex": "' + WORD.encode() * 1_000_000 + b'"}}'


class House(NamedTuple):
    """A server, its settings, and where its database writes its log."""

    process: Process
    settings: Settings
    postgres_log: Path


@pytest.fixture(scope="module")
async def house(
    new_database: NewDatabase, server: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """Its database logs as much as it can."""
    directory = tmp_path_factory.mktemp("privacy")
    async with new_database() as dsn:
        admin = await asyncpg.connect(dsn)
        name = await admin.fetchval("SELECT current_database()")
        for setting in ("log_statement = 'all'", "log_min_duration_statement = 0", "log_error_verbosity = 'verbose'"):
            await admin.execute(f"ALTER DATABASE {name} SET {setting}")
        log = Path(await admin.fetchval("SHOW data_directory")).parent / "postgres.log"
        await admin.close()
        settings = Settings(
            data_dir=directory, database_url=dsn, admin_token=TOKEN, rate=0, match_timeout_s=0.5, queue_timeout_s=0.1,
            audit_file=directory / "audit.jsonl", audit_key="a key of enough letters",
        )  # fmt: skip
        with serving(settings) as process:
            yield House(process, settings, log)


def everywhere(house: House) -> Iterator[tuple[str, str]]:
    """What was written, and by whom."""
    yield "log", house.process.said
    yield "audit log", house.settings.audit_file.read_text() if house.settings.audit_file else ""
    yield "database's log", house.postgres_log.read_text(errors="replace")


async def tables(dsn: str) -> str:
    """Every row of every table, as text; bytes as the letters that they are."""
    connection = await asyncpg.connect(dsn)
    names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    told = [str(await connection.fetch("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()"))]
    for (name,) in names:
        rows = await connection.fetch(f'SELECT * FROM "{name}"')
        told += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row]
    await connection.close()
    return "\n".join(told)


async def test_nothing_of_a_patient_comes_out_again(house: House) -> None:
    answers = [answer async for answer in told_in_every_way(house)]
    assert {each.status_code for each in answers} >= {200, 400, 401, 404, 405, 406, 413, 414, 415, 422, 431, 503}
    for each in answers:
        said = f"{each.headers} {'' if each.status_code == 200 else each.text}"
        assert not CANARIES.search(said), f"{each.request.method} {each.request.url}"
    for place, text in everywhere(house):
        assert text, place
        assert not (found := CANARIES.search(text)), f"{place}: {text[found.start() - 300 : found.end() + 100]}"
    assert not CANARIES.search(await tables(house.settings.database_url or ""))


async def told_in_every_way(house: House) -> AsyncIterator[httpx.Response]:
    async with httpx.AsyncClient(base_url=house.process.url, headers=bearer(TOKEN), timeout=30) as client:
        for body in (*BODIES.values(), TOO_LARGE):
            for path in ("/match", "/trials/validate"):
                yield await client.post(path, content=body, headers=JSON)
            yield await client.put("/trials/NCT00000001", content=body, headers=JSON)
        for body in BODIES.values():
            for path in ("/trials", "/nowhere"):
                yield await client.post(path, content=body, headers=JSON)
            yield await client.post("/match", content=body, headers={**JSON, **bearer(WORD)})
            yield await client.post("/match", content=body, headers={"content-type": f"text/{WORD}"})
        for operation in OPERATIONS:
            path = operation.path.format(nctId=WORD, id=WORD)
            yield await client.request(operation.method, f"{path}?q={WORD}&condition={CODE}&age={NUMBER}&near={PLACE}")
            yield await client.request("PATCH", f"{path}/{WORD}", content=WORD)
        for query in ("q", "condition", "intervention", "country", "sponsor", "pageToken", "ids", "near"):
            yield await client.get("/trials", params={query: WORD})
        yield await client.get(f"/{WORD * 2_000}")
        yield await client.get("/trials", headers={"accept": f"text/{WORD}", "cookie": WORD, "referer": WORD})
        yield await client.get("/trials", headers={"x-note": WORD * 3_500})
        yield await client.get("/metrics")
        async for answer in while_the_database_is_held_up(house, client):
            yield answer


async def while_the_database_is_held_up(house: House, client: httpx.AsyncClient) -> AsyncIterator[httpx.Response]:
    """Too late, too many, gone in the middle, cut off by the database, and the database cut off."""
    async with held_up(house.settings) as registry:
        sent = [client.post("/match", content=BODIES["a patient"], headers=JSON) for _ in range(4)]
        for answer in await asyncio.gather(*sent):
            yield answer
        with socket.create_connection(("127.0.0.1", house.process.port)) as caller:
            caller.sendall(HEAD[:-2] % len(BODIES["a patient"]) + f"Authorization: Bearer {TOKEN}\r\n\r\n".encode())
            caller.sendall(BODIES["a patient"])
            await waiting(registry, 1)
        for cut in ("pg_cancel_backend", "pg_terminate_backend"):
            asked = asyncio.create_task(client.post("/match", content=BODIES["a patient"], headers=JSON))
            await waiting(registry, 1)
            await registry.execute(f"SELECT {cut}(pid) FROM pg_locks WHERE NOT granted")
            yield await asked


async def test_what_is_asked_leaves_no_trace_but_a_digest(house: House) -> None:
    """The audit log tells who, what and of which registry; the same request has the same digest."""
    async with httpx.AsyncClient(base_url=house.process.url, headers=bearer(TOKEN)) as client:
        for ward in ("ward-1", "ward-1", "ward-2"):
            body = msgspec.json.encode({"patient": {**PATIENT, "tobacco": "never" if ward == "ward-1" else "former"}})
            await client.post("/match", content=body, headers={**JSON, "x-request-id": ward})
    assert house.settings.audit_file is not None
    lines = list(map(msgspec.json.decode, house.settings.audit_file.read_bytes().splitlines()))[-3:]
    assert [line["request_id"] for line in lines] == ["ward-1", "ward-1", "ward-2"]
    assert lines[0]["request"] == lines[1]["request"] != lines[2]["request"]
    told = {"who": "admin token", "operation": "match", "status": 200, "address": "127.0.0.1", "trials": 0}
    assert told.items() <= lines[0].items()
    assert {"timestamp", "corpus", "engine", "candidates"} <= lines[0].keys()
