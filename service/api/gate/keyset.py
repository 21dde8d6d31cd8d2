"""The public keys of an authorization server: a JSON Web Key Set from a file or an address, kept and renewed.

A set is read again when it is no longer fresh, and at once when a token names a key that is not in it: so a server may
change its keys at any time. While it cannot be read, the last one read is used for a while.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from service.errors import TokenKeysUnavailable
from service.logs import log_event

FRESH_S, USABLE_S, PAUSE_S = 300.0, 3600.0, 10.0
"""Read again after; still used after; between two attempts."""
FETCH_TIMEOUT_S, LARGEST_BYTES, SMALLEST_RSA_BITS = 5.0, 1_000_000, 2048
ALGORITHMS: Mapping[tuple[str, str | None], tuple[str, ...]] = {
    ("RSA", None): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
    ("OKP", "Ed25519"): ("EdDSA",),
}
"""What a kind of key may verify; a secret that is shared (`oct`) may verify nothing."""


class PublicKey(NamedTuple):
    """A key, and the algorithms that it may be used with."""

    key: Any
    algorithms: tuple[str, ...]


class _Document(msgspec.Struct):
    """A set as it is written; what is no key in it is passed over."""

    keys: list[Any]


class KeySet:
    """Keys by their ids; one without an id stands for every token that names none."""

    def __init__(self, load: Callable[[], bytes]) -> None:
        self._load = load
        self._keys: Mapping[str | None, PublicKey] = {}
        self._read_at = self._tried_at = float("-inf")
        self._reading = asyncio.Lock()

    async def find(self, key_id: str | None) -> PublicKey | None:
        """The key; None where the server has no such key. Raises TokenKeysUnavailable."""
        now = time.monotonic()
        if now - self._read_at >= FRESH_S or key_id not in self._keys:
            await self._read(now)
        if now - self._read_at >= USABLE_S:
            raise TokenKeysUnavailable("the keys that access tokens are verified with cannot be read")
        return self._keys.get(key_id)

    async def _read(self, now: float) -> None:
        """Not again at once after an attempt, whatever came of it: tokens may name keys out of thin air."""
        async with self._reading:
            if now - self._tried_at < PAUSE_S:
                return
            self._tried_at = now
            try:
                self._keys, self._read_at = keys_of(await asyncio.to_thread(self._load)), now
            except (OSError, ValueError) as error:  # a decoding error is a ValueError
                log_event("token keys cannot be read", error=type(error).__qualname__)


def keys_of(document: bytes) -> dict[str | None, PublicKey]:
    """The usable keys of a set. Raises ValueError where there is none."""
    each = [key for key in msgspec.json.decode(document, type=_Document).keys if isinstance(key, dict)]
    usable = {key.get("kid"): found for key in each if (found := _public_key(key)) is not None}
    if not usable:
        raise ValueError("no usable key")
    return usable


def _public_key(told: Mapping[str, Any]) -> PublicKey | None:
    """None for a key that may not verify signatures, or that is too short to trust."""
    algorithms = ALGORITHMS.get((str(told.get("kty")), told.get("crv")), ())
    if "alg" in told:
        algorithms = tuple(name for name in algorithms if name == told["alg"])
    if not algorithms or told.get("use", "sig") != "sig":
        return None
    try:
        key = PyJWK.from_dict(dict(told), algorithms[0]).key
    except PyJWTError:
        return None
    return PublicKey(key, algorithms) if getattr(key, "key_size", SMALLEST_RSA_BITS) >= _least_bits(told) else None


def _least_bits(told: Mapping[str, Any]) -> int:
    return SMALLEST_RSA_BITS if told["kty"] == "RSA" else 0


def loader(place: str) -> Callable[[], bytes]:
    """How to read a file, or what an address answers."""
    return (lambda: _fetched(place)) if "://" in place else Path(place).read_bytes


class _Nowhere(HTTPRedirectHandler):
    """Keys come from the address that was configured, and from no other."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _fetched(address: str) -> bytes:
    request = Request(address, headers={"Accept": "application/json"})  # noqa: S310 – settings admit https only
    with build_opener(_Nowhere).open(request, timeout=FETCH_TIMEOUT_S) as answer:
        document: bytes = answer.read(LARGEST_BYTES + 1)
    if len(document) > LARGEST_BYTES:
        raise ValueError("the key set is too large")
    return document
