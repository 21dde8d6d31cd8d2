"""The API keys that open the door, as the database had them a moment ago."""

import asyncio
import time
from collections.abc import Mapping

from service.errors import Unauthorized
from service.schemas.access import ApiKey, Caller
from service.store import KeyStore
from service.store.keys import is_secret_of, parts_of

FRESH_S = 5.0
"""How long a revoked key may still be good."""
NOBODYS = ApiKey(id="", name="", roles=(), salt=b"", digest=bytes(32))
"""What is compared with where there is no such key: telling takes as long."""


class KeyRing:
    """All good keys, read again when they are asked for and no longer fresh."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys
        self._good: Mapping[str, ApiKey] = {}
        self._read_at = -FRESH_S
        self._reading = asyncio.Lock()

    async def caller(self, text: str) -> Caller:
        """Whose key it is. Raises Unauthorized, and DatabaseUnavailable where nobody can tell."""
        if self._stale():
            await self._read()
        key_id, secret = parts_of(text)
        key = self._good.get(key_id, NOBODYS)
        if not is_secret_of(key, secret):
            raise Unauthorized("there is no such key, or it has expired or been revoked")
        return key.caller

    def _stale(self) -> bool:
        return time.monotonic() - self._read_at >= FRESH_S

    async def _read(self) -> None:
        """Once, however many ask meanwhile."""
        async with self._reading:
            if self._stale():
                began = time.monotonic()
                self._good, self._read_at = await self._keys.good(), began
