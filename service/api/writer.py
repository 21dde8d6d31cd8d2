"""Who may write: the holder of the writer token, or, where none is configured, this machine alone."""

from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from service.errors import Unauthorized, WritesDisabled


class Writers(NamedTuple):
    """`digest` is the SHA-256 of the token, None where none is configured; `local`: bound to a loopback address."""

    digest: bytes | None
    local: bool

    @staticmethod
    def of(token: str | None, host: str) -> "Writers":
        """From the settings."""
        return Writers(sha256(token.encode()).digest() if token else None, is_loopback(host))

    @property
    def any(self) -> bool:
        """Whether anybody may write at all."""
        return self.digest is not None or self.local


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address or name."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def writer_only(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Raises Unauthorized or WritesDisabled."""
    writers: Writers = connection.app.state.writers
    if writers.digest is not None:
        _check_token(connection.headers.get("authorization", ""), writers.digest)
    elif not (writers.local and is_loopback(_asked_host(connection.headers.get("host", "")))):
        raise WritesDisabled("set ELIGO_WRITER_TOKEN to write to a service that other machines can reach")


def _check_token(authorization: str, digest: bytes) -> None:
    scheme, _, token = authorization.partition(" ")
    given = sha256(token.strip().encode()).digest()
    if not (compare_digest(given, digest) and scheme.lower() == "bearer"):
        raise Unauthorized("send the writer token as `Authorization: Bearer …`")


def _asked_host(header: str) -> str:
    """Without its port. A page of another site that had its name point here would ask for that name."""
    return urlsplit(f"//{header}").hostname or ""
