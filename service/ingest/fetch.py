"""Answers of a registry over HTTP: politely, and not giving up soon."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx
import msgspec
from msgspec import Raw, Struct

from service import VERSION
from service.errors import RegistryRefused, RegistryUnavailable
from service.logs import log_event

BUSY = {408, 425, 429, 500, 502, 503, 504}
TIMEOUT = httpx.Timeout(60.0, connect=10.0)


class Patience(NamedTuple):
    """Seconds to wait after the first failure, doubled after each, and at most; failures in a row to put up with."""

    first_s: float = 1.0
    longest_s: float = 300.0
    failures: int = 10

    def pauses(self) -> Iterator[float]:
        """One after every failure but the last."""
        return (min(self.first_s * 2**number, self.longest_s) for number in range(self.failures - 1))


class Envelope(Struct, frozen=True, rename="camel"):
    """A page of a search as the registry sends it."""

    studies: tuple[Raw, ...]
    next_page_token: str | None = None
    total_count: int | None = None


class Answer(NamedTuple):
    """A page, and on which day it was sent, if that is told."""

    page: Envelope
    sent_on: str | None


_envelope = msgspec.json.Decoder(Envelope)


class Fetcher:
    """Asks one registry. `address` is what stands before `/studies`."""

    def __init__(self, client: httpx.AsyncClient, address: str, patience: Patience) -> None:
        self.address = address.rstrip("/")
        self._client, self._patience = client, patience

    async def studies(self, parameters: Mapping[str, str]) -> Answer:
        """Raises RegistryUnavailable when the patience ends, RegistryRefused where asking again would be vain."""
        pauses = self._patience.pauses()
        while True:
            try:
                return await self._attempt(parameters)
            except _Failed as failed:
                wait_s = next(pauses, None)
                if wait_s is not None and failed.retry_after_s is not None:
                    wait_s = failed.retry_after_s
                if wait_s is None or wait_s > self._patience.longest_s:
                    raise RegistryUnavailable(f"the registry at {self.address} {failed}; try again later") from failed
                log_event("waiting for the registry", detail=str(failed), timeout_s=wait_s)
                await asyncio.sleep(wait_s)

    async def _attempt(self, parameters: Mapping[str, str]) -> Answer:
        try:
            answer = await self._client.get(f"{self.address}/studies", params=parameters)
        except httpx.RequestError as error:
            raise _Failed(f"does not answer ({type(error).__name__})") from error
        if answer.status_code in BUSY:
            raise _Failed(f"answers {answer.status_code}", _retry_after_s(answer.headers))
        if not answer.is_success:
            said = " ".join(answer.text.split())[:200]
            raise RegistryRefused(f"the registry at {self.address} answers {answer.status_code}: {said}")
        sent = _moment(answer.headers.get("date"))
        return Answer(_page_in(answer.content), sent.date().isoformat() if sent else None)


def client() -> httpx.AsyncClient:
    """Names itself to the registry; proxies and certificates are those of the environment."""
    return httpx.AsyncClient(headers={"user-agent": f"eligo/{VERSION}"}, timeout=TIMEOUT, follow_redirects=True)


class _Failed(Exception):
    """One attempt came to nothing; another may not."""

    def __init__(self, said: str, retry_after_s: float | None = None) -> None:
        super().__init__(said)
        self.retry_after_s = retry_after_s


def _page_in(body: bytes) -> Envelope:
    try:
        return _envelope.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _Failed("sends something that is no page of studies") from error


def _retry_after_s(headers: httpx.Headers) -> float | None:
    """Seconds, or a date: held against the sender's own clock, for ours may be wrong."""
    said = headers.get("retry-after", "")
    if said.isascii() and said.isdigit():
        return float(said)
    until, now = _moment(said), _moment(headers.get("date"))
    return max((until - now).total_seconds(), 0.0) if until and now else None


def _moment(said: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(said or "").astimezone(UTC)
    except ValueError:
        return None
