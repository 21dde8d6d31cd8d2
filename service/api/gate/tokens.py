"""OAuth 2 access tokens: signed JWTs of the configured authorization server, as SMART Backend Services clients send."""

import time
from collections import OrderedDict
from hashlib import sha256
from typing import Any, NamedTuple

import jwt
from jwt.exceptions import PyJWTError

from service.api.gate.keyset import KeySet, PublicKey
from service.api.gate.scopes import roles_of
from service.errors import Unauthorized
from service.schemas.access import Caller

LEEWAY_S = 30.0
REMEMBERED, REMEMBERED_S = 10_000, 60.0
LONGEST_NAME = 200
REQUIRED = ["exp", "iss", "aud"]


class Verified(NamedTuple):
    """Whose a token is, and how long it need not be looked at again (by the monotonic clock)."""

    caller: Caller
    until: float


class Tokens:
    """Verifies tokens: signature, issuer, audience, times; remembers for a minute those that are good."""

    def __init__(self, issuer: str, audience: str, keys: KeySet) -> None:
        self._issuer, self._audience, self._keys = issuer, audience, keys
        self._known: OrderedDict[bytes, Verified] = OrderedDict()

    async def caller(self, token: str) -> Caller:
        """Who sent it. Raises Unauthorized, and TokenKeysUnavailable."""
        digest = sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is None or known.until < time.monotonic():
            known = self._known[digest] = await self._verified(token)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known.caller

    async def _verified(self, token: str) -> Verified:
        try:
            claims = self._claims(token, await self._key(token))
        except (PyJWTError, RecursionError, ValueError) as refusal:  # its header is anybody's text
            raise Unauthorized(
                f"the access token is not good: {REASONS.get(type(refusal), 'it cannot be read')}"
            ) from None
        good_for = min(REMEMBERED_S, float(claims["exp"]) + LEEWAY_S - time.time())
        return Verified(Caller(_name(claims), roles_of(claims)), time.monotonic() + good_for)

    async def _key(self, token: str) -> PublicKey:
        header = jwt.get_unverified_header(token)
        key = await self._keys.find(header.get("kid"))
        if key is None:
            raise jwt.InvalidKeyError
        return key

    def _claims(self, token: str, key: PublicKey) -> dict[str, Any]:
        """The algorithm must be one that the key is for: the token's own word for it decides nothing."""
        return jwt.decode(
            token, key.key, list(key.algorithms), {"require": REQUIRED},
            audience=self._audience, issuer=self._issuer, leeway=LEEWAY_S,
        )  # fmt: skip


def _name(claims: dict[str, Any]) -> str:
    """The client, as servers name it."""
    given = next((claims[name] for name in ("client_id", "azp", "sub") if isinstance(claims.get(name), str)), "")
    return f"token {''.join(filter(str.isprintable, given))[:LONGEST_NAME]}"


REASONS = {
    jwt.ExpiredSignatureError: "it has expired",
    jwt.ImmatureSignatureError: "it is not good yet",
    jwt.InvalidIssuerError: "another issuer has made it",
    jwt.InvalidAudienceError: "it is meant for another service",
    jwt.MissingRequiredClaimError: f"it must have {', '.join(REQUIRED)}",
    jwt.InvalidSignatureError: "its signature is wrong",
    jwt.InvalidAlgorithmError: "its algorithm is not one that its key is for",
    jwt.InvalidKeyError: "the issuer has no key of that id",
}
