"""API keys: made here, shown once, and kept as salted digests.

A key reads `eligo_<id>_<secret>`. Its secret is 256 random bits, so one round of SHA-256 is enough: there is nothing
to guess that a slower hash would protect.
"""

import secrets
from collections.abc import Iterable
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from service.schemas.access import ApiKey, Role
from service.store.pool import Pools, translated
from service.store.queries import QUERIES

PREFIX = "eligo_"
ID_BYTES, SALT_BYTES, SECRET_BYTES = 6, 16, 32


def new_key(name: str, roles: Iterable[Role]) -> tuple[ApiKey, str]:
    """A key to keep, and the text of it to hand over."""
    key_id, salt, secret = (
        secrets.token_hex(ID_BYTES),
        secrets.token_bytes(SALT_BYTES),
        secrets.token_urlsafe(SECRET_BYTES),
    )
    kept = ApiKey(id=key_id, name=name, roles=tuple(roles), salt=salt, digest=_digest(salt, secret))
    return kept, f"{PREFIX}{key_id}_{secret}"


def parts_of(text: str) -> tuple[str, str]:
    """Id and secret of a key as it is sent; empty where it has none."""
    key_id, _, secret = text.removeprefix(PREFIX).partition("_")
    return key_id, secret


def is_secret_of(key: ApiKey, secret: str) -> bool:
    """In the same time whatever is wrong with it."""
    return compare_digest(_digest(key.salt, secret), key.digest)


def _digest(salt: bytes, secret: str) -> bytes:
    return sha256(salt + secret.encode()).digest()


class KeyStore:
    """Every method raises DatabaseUnavailable or QueryTimedOut when the database fails it."""

    def __init__(self, pools: Pools) -> None:
        self._writes, self._reads = pools

    async def add(self, key: ApiKey, days: int | None) -> None:
        """Keep a key, for so many days or for good."""
        roles = [role.value for role in key.roles]
        await self._fetch("add_key", key.id, key.name, roles, key.salt, key.digest, days)

    async def all(self) -> tuple[ApiKey, ...]:
        """Every key there ever was, the oldest first."""
        return tuple(map(_key, await self._fetch("all_keys")))

    async def good(self) -> dict[str, ApiKey]:
        """By id, those that open the door now."""
        with translated():
            return {row["id"]: _key(row) for row in await self._reads.fetch(QUERIES["good_keys"])}

    async def revoke(self, key_id: str) -> bool:
        """Whether there was such a key to revoke."""
        return bool(await self._fetch("revoke_key", key_id))

    async def _fetch(self, query: str, *arguments: object) -> list[Any]:
        with translated():
            return await self._writes.fetch(QUERIES[query], *arguments)


def _key(row: Any) -> ApiKey:
    return ApiKey(
        id=row["id"], name=row["name"], roles=tuple(map(Role, row["roles"])), salt=row["salt"], digest=row["digest"],
        created=row["created_at"], expires=row["expires_at"], revoked=row["revoked_at"],
    )  # fmt: skip
