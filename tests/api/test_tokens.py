"""Access tokens: what makes one good, every way in which one is bad, and keys that change meanwhile."""

import asyncio
import base64
import hmac
import time
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.api.gate import keyset
from service.api.gate.keyset import KeySet, keys_of, loader
from service.api.gate.scopes import roles_of
from service.api.gate.tokens import Tokens
from service.errors import TokenKeysUnavailable, Unauthorized
from service.schemas.access import Role
from tests.api.authority import AUDIENCE, ISSUER, Authority, rsa_key
from tests.api.door import Door, bearer, closed_door
from tests.conftest import NewDatabase

AUTHORITY = Authority()


def tokens(authority: Authority = AUTHORITY) -> Tokens:
    return Tokens(ISSUER, AUDIENCE, KeySet(lambda: authority.document))


@pytest.fixture(scope="module")
async def door(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with new_database() as dsn, closed_door(dsn, tmp_path_factory.mktemp("door")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("key_id", "algorithm"), [("ec", "ES384"), ("rsa", "RS384"), ("rsa", "RS256"), ("rsa", "PS256")]
)
async def test_a_good_token_is_its_clients(key_id: str, algorithm: str) -> None:
    caller = await tokens().caller(AUTHORITY.token(key_id, algorithm))
    assert (caller.name, caller.roles) == ("token record-system", frozenset({Role.READER, Role.MATCHER}))


async def test_the_audience_may_be_one_of_several() -> None:
    assert await tokens().caller(AUTHORITY.token(aud=["https://other.example", AUDIENCE]))


NOW = time.time()
BAD: dict[str, dict[str, Any]] = {
    "expired": {"exp": NOW - 86_400},
    "without end": {"exp": None},
    "ends in words": {"exp": "tomorrow"},
    "not good yet": {"nbf": NOW + 86_400},
    "issued in the future": {"iat": NOW + 86_400},
    "of another issuer": {"iss": "https://login.hospital.example.evil.example"},
    "of no issuer": {"iss": None},
    "for another service": {"aud": "https://records.hospital.example"},
    "for no service": {"aud": None},
    "signed with what its key is not for": {"key_id": "rsa", "algorithm": "RS256", "sub": 5},
}


@pytest.mark.parametrize("claims", BAD.values(), ids=BAD.keys())
async def test_a_bad_token_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthorized, match="access token is not good"):
        await tokens().caller(AUTHORITY.token(**claims))


def forged(header: dict[str, Any], claims: str, secret: bytes | None) -> str:
    """A token of our own making, its signature an HMAC with the secret or nothing."""
    head = base64.urlsafe_b64encode(msgspec.json.encode(header)).rstrip(b"=").decode()
    signed = f"{head}.{claims}"
    mac = hmac.new(secret, signed.encode(), sha256).digest() if secret is not None else b""
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def public_forms() -> list[bytes]:
    """What an attacker knows of the key, in every way it is written."""
    public = AUTHORITY.keys["rsa"].public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return [pem, pem.strip(), public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), b"", b"null"]


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "HS384", "ES384", "RS256", "", None])
async def test_the_tokens_own_word_for_its_algorithm_decides_nothing(algorithm: str | None) -> None:
    _, claims, signature = AUTHORITY.token("rsa", "RS384").split(".")
    header = {"alg": algorithm, "kid": "rsa", "typ": "JWT"}
    attempts = [forged(header, claims, secret) for secret in (*public_forms(), None)]
    attempts.append(forged(header, claims, None) + signature)
    for attempt in attempts:
        with pytest.raises(Unauthorized):
            await tokens().caller(attempt)


async def test_a_token_that_was_changed_is_refused() -> None:
    header, claims, signature = AUTHORITY.token(scope="eligo/reader").split(".")
    deep = base64.urlsafe_b64encode(b'{"alg":' + b"[" * 12_000).decode() + ".e30.AAAA"
    more = AUTHORITY.token(scope="eligo/admin").split(".")[1]
    for attempt in (
        f"{header}.{more}.{signature}",
        f"{header}.{claims}.",
        f"{header}.{claims}.AAAA",
        "..",
        "a.b.c",
        deep,
    ):
        with pytest.raises(Unauthorized):
            await tokens().caller(attempt)


async def test_a_key_that_the_token_brings_along_verifies_nothing() -> None:
    other = Authority()
    brought = msgspec.json.decode(other.document)["keys"][0]
    header = {"kid": "ec", "jwk": brought, "jku": "https://evil.example/keys", "x5u": "https://evil.example/keys"}
    claims = {"iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 86_400, "scope": "eligo/admin"}
    with pytest.raises(Unauthorized, match="its signature is wrong"):
        await tokens().caller(jwt.encode(claims, other.keys["ec"], "ES384", header))


async def test_a_remembered_token_still_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.api.gate.tokens.LEEWAY_S", 0.0)
    checker, token = tokens(), AUTHORITY.token(exp=time.time() + 1)
    assert await checker.caller(token)
    await asyncio.sleep(1.01)
    with pytest.raises(Unauthorized, match="it has expired"):
        await checker.caller(token)


SCOPES: dict[str, set[Role]] = {
    "eligo/reader": {Role.READER},
    "eligo/matcher": {Role.READER, Role.MATCHER},
    "eligo/writer openid": {Role.READER, Role.WRITER},
    "eligo/admin": set(Role),
    "eligo/root Eligo/admin": set(),
    "system/ResearchStudy.rs": {Role.READER},
    "system/ResearchStudy.read": {Role.READER},
    "system/ResearchStudy.r": set(),
    "system/ResearchStudy.cruds": {Role.READER, Role.WRITER},
    "system/ResearchStudy.cu": {Role.READER, Role.WRITER},
    "system/ResearchSubject.rs": {Role.READER, Role.MATCHER},
    "system/*.rs": {Role.READER, Role.MATCHER},
    "system/*.read": {Role.READER, Role.MATCHER},
    "system/*.*": {Role.READER, Role.MATCHER, Role.WRITER},
    "system/ResearchStudy.rs?status=active": set(),
    "system/Patient.rs system/Observation.rs": set(),
    "patient/*.rs user/*.cruds": set(),
    "": set(),
}


@pytest.mark.parametrize(("scope", "roles"), SCOPES.items())
def test_scopes_give_roles(scope: str, roles: set[Role]) -> None:
    assert roles_of({"scope": scope}) == roles_of({"scp": scope.split()}) == roles


@pytest.mark.parametrize(
    "claims", [{}, {"scope": 7}, {"scope": {"eligo/admin": 1}}, {"scp": [["eligo/admin"], 1, None]}]
)
def test_what_is_no_scope_gives_nothing(claims: dict[str, Any]) -> None:
    assert roles_of(claims) == frozenset()


async def test_keys_may_change_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyset, "PAUSE_S", 0.0)
    authority = Authority()
    checker = tokens(authority)
    assert await checker.caller(authority.token())
    authority.keys = {"new": rsa_key(2048)}
    assert await checker.caller(authority.token("new", "RS384"))
    authority.keys = {"ec": Authority().keys["ec"]}
    with pytest.raises(Unauthorized):
        await checker.caller(Authority().token("rsa", "RS384"))


async def test_keys_out_of_thin_air_are_not_looked_for_again_and_again() -> None:
    loads: list[bool] = []

    def load() -> bytes:
        loads.append(True)
        return AUTHORITY.document

    keys = KeySet(load)
    assert [await keys.find(f"made up {number}") for number in range(50)] == [None] * 50
    assert len(loads) == 1


async def test_the_last_keys_are_used_while_there_are_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [AUTHORITY.document, b"<html>", b'{"keys": []}', b"[]", b'{"keys": 5}']
    monkeypatch.setattr(keyset, "PAUSE_S", 0.0)
    monkeypatch.setattr(keyset, "FRESH_S", 0.0)
    keys = KeySet(lambda: documents.pop(0) if len(documents) > 1 else documents[0])
    for _ in range(5):
        assert await keys.find("ec")
    monkeypatch.setattr(keyset, "USABLE_S", 0.0)
    with pytest.raises(TokenKeysUnavailable):
        await keys.find("ec")


async def test_no_keys_let_nobody_in(tmp_path: Path) -> None:
    with pytest.raises(TokenKeysUnavailable):
        await KeySet(loader(str(tmp_path / "nowhere.json"))).find("ec")


def test_only_public_keys_for_signatures_are_used() -> None:
    ec, rsa = msgspec.json.decode(AUTHORITY.document)["keys"]
    small = Authority()
    small.keys = {"small": rsa_key(1024)}
    told = [
        {"kty": "oct", "kid": "secret", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"},
        {**ec, "kid": "for encryption", "use": "enc"},
        {**ec, "kid": "for a shared secret", "alg": "HS256"},
        {**ec, "kid": "broken", "x": "AA"},
        {**rsa, "kid": "pinned", "alg": "RS384"},
        *msgspec.json.decode(small.document)["keys"],
        "no key at all",
    ]
    found = keys_of(msgspec.json.encode({"keys": [*told, ec]}))
    assert {name: key.algorithms for name, key in found.items()} == {"pinned": ("RS384",), "ec": ("ES384",)}


@pytest.mark.parametrize(("scope", "status"), [("eligo/matcher", 200), ("eligo/reader", 403), ("", 403)])
async def test_a_token_opens_what_its_scopes_allow(door: Door, scope: str, status: int) -> None:
    headers = bearer(door.authority.token(scope=scope))
    assert (await door.client.post("/match", json={"patient": {}}, headers=headers)).status_code == status
