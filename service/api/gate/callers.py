"""Who asks: told from the request's header alone, before anything of it is read."""

from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from service.api.gate.keyring import KeyRing
from service.api.gate.keyset import KeySet, loader
from service.api.gate.tokens import Tokens
from service.errors import NotLocal, Unauthorized
from service.schemas.access import Caller, Role
from service.settings import Settings
from service.store import Store
from service.store.keys import PREFIX

LOCAL = Caller("local", Role.ADMIN.held, trusted=True)
ADMIN = Caller("admin token", Role.ADMIN.held)
FORWARDED = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip"})
JWT_DOTS = 2


class Callers(Struct, frozen=True, kw_only=True):
    """`is_open`: this machine need not say who it is. `admin` is the SHA-256 of the admin token."""

    is_open: bool
    keys: KeyRing
    admin: bytes | None = None
    tokens: Tokens | None = None

    async def identify(self, scope: Any) -> Caller:
        """Whoever sends the request. Raises Unauthorized and NotLocal."""
        fields: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name == b"authorization" and name in fields:
                raise Unauthorized("send one Authorization field")
            fields[name] = value
        if b"authorization" in fields:
            return await self._bearer(fields[b"authorization"].decode("latin-1"))
        if not self.is_open:
            raise Unauthorized("send a key or an access token as `Authorization: Bearer …`")
        if not _is_local(fields):
            raise NotLocal("without keys only this machine is served, under its own name; see the README on access")
        return LOCAL

    async def _bearer(self, authorization: str) -> Caller:
        scheme, _, given = authorization.partition(" ")
        text = given.strip()
        if scheme.lower() != "bearer" or not text.isascii():
            raise Unauthorized("send a key or an access token as `Authorization: Bearer …`")
        if text.startswith(PREFIX):
            return await self.keys.caller(text)
        if self.admin is not None and compare_digest(sha256(text.encode()).digest(), self.admin):
            return ADMIN
        if self.tokens is not None and text.count(".") == JWT_DOTS:
            return await self.tokens.caller(text)
        raise Unauthorized("what was sent is neither a key nor an access token of this service")


async def callers_of(settings: Settings, store: Store) -> Callers:
    """As the settings and the keys that there are have it."""
    tokens = None
    if settings.token_keys is not None:
        assert settings.token_issuer is not None
        assert settings.token_audience is not None
        tokens = Tokens(settings.token_issuer, settings.token_audience, KeySet(loader(settings.token_keys)))
    return Callers(
        is_open=is_loopback(settings.host) and not await is_closed(settings, store),
        keys=KeyRing(store.keys),
        admin=sha256(settings.admin_token.encode()).digest() if settings.admin_token else None,
        tokens=tokens,
    )


async def is_closed(settings: Settings, store: Store) -> bool:
    """Whether there is anything to identify callers by. A key that was revoked counts: it was meant to be asked for."""
    return bool(settings.admin_token or settings.token_keys or await store.keys.all())


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address or name."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_local(fields: dict[bytes, bytes]) -> bool:
    """Neither handed on by a proxy nor asked for under another name."""
    return _is_own_name(fields.get(b"host", b"")) and not FORWARDED & fields.keys()


@lru_cache(maxsize=1_000)
def _is_own_name(host: bytes) -> bool:
    """Of a Host field. A page of another site that had its name point here would ask for that name."""
    try:
        return is_loopback(urlsplit(f"//{host.decode('latin-1')}").hostname or "")
    except ValueError:
        return False
