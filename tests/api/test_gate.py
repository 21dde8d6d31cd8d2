"""Who may do what: every operation, every role, every kind of bad credential."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from msgspec import structs

from service.api.contract.examples import MATCH_REQUEST, TRIAL
from service.api.contract.operation import Operation
from service.api.contract.operations import OPERATIONS
from service.api.gate.addresses import ADDRESSES
from service.schemas.access import Role
from service.settings import Settings
from service.store import open_store
from service.store.keys import new_key
from tests.api.conftest import TOKEN, URL, client_of
from tests.api.door import Door, bearer, closed_door
from tests.conftest import NewDatabase

BODIES: dict[str, Any] = {"match": MATCH_REQUEST, "putTrial": TRIAL, "validateTrial": TRIAL}
ADDRESS = {"nctId": str(TRIAL["nctId"]), "id": "MESH:D007938"}
NEEDED = {"listConcepts": "?q=leukemia"}
ROLES = [*Role, None]


@pytest.fixture(scope="module")
async def door(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with new_database() as dsn, closed_door(dsn, tmp_path_factory.mktemp("door")) as opened:
        yield opened


async def ask(door: Door, operation: Operation, **headers: str) -> httpx.Response:
    address = operation.path.format(**ADDRESS) + NEEDED.get(operation.id, "")
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return await door.client.request(operation.method, address, headers=sent, json=BODIES.get(operation.id))


def each(*roles: Role | None) -> list[Operation]:
    return [operation for operation in OPERATIONS if operation.role in roles]


@pytest.mark.parametrize("role", ROLES, ids=str)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_an_operation_is_for_those_who_hold_its_role(door: Door, operation: Operation, role: Role | None) -> None:
    held: frozenset[Role | None] = frozenset({None, *(role.held if role else ())})
    answer = await ask(door, operation, **(bearer(door.keys[role]) if role else {}))
    if operation.role in held:
        assert answer.status_code in {200, 201}
    else:
        assert answer.status_code == (403 if role else 401)
        assert answer.json()["code"] == ("forbidden" if role else "unauthorized")
        assert answer.headers["www-authenticate"].startswith('Bearer realm="eligo"')


def bad_credentials(door: Door) -> dict[str, str]:
    good = door.keys[Role.ADMIN]
    return {
        "an unknown key": "Bearer eligo_000000000000_" + good.split("_", 2)[2],
        "a key with another's secret": f"Bearer {good[:18]}_{door.keys[Role.READER][19:]}",
        "a key cut short": f"Bearer {good[:-1]}",
        "half a key": "Bearer eligo_",
        "another scheme": f"Basic {good}",
        "no scheme": good,
        "nothing": "",
        "a word": "Bearer password",
        "the admin token of another service": f"Bearer {TOKEN}",
        "dots": "Bearer ..",
        "bytes that are no letters": "Bearer ü",
        "an id token of nobody": f"Bearer {door.authority.token(scope=None, aud='another')}",
    }


@pytest.mark.parametrize("operation", each(*Role), ids=lambda each: each.id)
async def test_no_bad_credential_opens_any_operation(door: Door, operation: Operation) -> None:
    for note, sent in bad_credentials(door).items():
        answer = await ask(door, operation, authorization=sent)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized"), note
        assert sent == "" or sent not in answer.text


async def test_two_credentials_are_one_too_many(door: Door) -> None:
    good = ("authorization", f"Bearer {door.keys[Role.READER]}")
    assert (await door.client.get("/trials", headers=[good])).status_code == 200
    assert (await door.client.get("/trials", headers=[good, good])).status_code == 401


async def test_a_refusal_reads_no_body(door: Door) -> None:
    read: list[bool] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(True)
        yield b"{}"

    answer = await door.client.post("/match", content=body(), headers={"content-type": "application/json"})
    assert (answer.status_code, read) == (401, [])


async def test_a_revoked_key_is_no_good(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.api.gate.keyring.FRESH_S", 0)
    key, text = new_key("gone soon", [Role.READER])
    headers = bearer(text)
    assert (await door.client.get("/trials", headers=headers)).status_code == 401
    await door.store.keys.add(key, days=1)
    assert (await door.client.get("/trials", headers=headers)).status_code == 200
    assert await door.store.keys.revoke(key.id)
    assert not await door.store.keys.revoke(key.id)
    assert (await door.client.get("/trials", headers=headers)).status_code == 401


async def test_an_expired_key_is_no_good(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.api.gate.keyring.FRESH_S", 0)
    key, text = new_key("long gone", [Role.READER])
    await door.store.keys.add(key, days=-1)
    assert (await door.client.get("/trials", headers=bearer(text))).status_code == 401


async def test_of_a_key_only_a_salted_digest_is_kept(door: Door) -> None:
    kept = await door.store.keys.all()
    assert len({key.salt for key in kept}) == len(kept)
    for text in door.keys.values():
        assert text.split("_", 2)[2] not in str([structs.asdict(key) for key in kept])


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "registry.example"},
        {"x-forwarded-for": "192.0.2.1"},
        {"forwarded": "for=192.0.2.1"},
        {"host": ""},
        {"host": "["},
    ],
    ids=str,
)
async def test_a_service_without_keys_answers_this_machine_only(
    own_api: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await own_api.get("/trials")).status_code == 200
    answer = await own_api.get("/trials", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_local")


async def test_a_service_without_keys_takes_no_wrong_one(own_api: httpx.AsyncClient) -> None:
    assert (await own_api.get("/trials", headers={"authorization": "Bearer password"})).status_code == 401


@pytest.mark.parametrize("path", ["/trials/", "//trials", "/trials/NCT00000001/", "/Trials", "/match/", "/trials%2F"])
async def test_an_address_written_otherwise_is_no_way_in(door: Door, path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        answer = await door.client.request(method, URL + path)
        assert answer.status_code in {400, 401, 404, 405}


def test_an_address_leads_to_its_operation_and_to_no_other() -> None:
    for operation in OPERATIONS:
        path = operation.path.format(**ADDRESS)
        assert ADDRESSES.operation(operation.method, path) is operation
        assert ADDRESSES.operation(operation.method, path + "/") is None
        assert ADDRESSES.operation("BREW", path) is None


async def test_a_key_that_was_made_closes_the_service(settings: Settings) -> None:
    """Even when it has been revoked: somebody meant to be asked."""
    async with client_of(settings) as client:
        assert (await client.get("/trials")).status_code == 200
    async with open_store(settings) as store:
        key, _ = new_key("first", [Role.READER])
        await store.keys.add(key, days=None)
        await store.keys.revoke(key.id)
    async with client_of(settings) as client:
        assert (await client.get("/trials")).status_code == 401
