"""A client that costs little: HTTP/1.1 on one kept connection, answers with a Content-Length."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import quantiles
from types import TracebackType
from typing import NamedTuple, Self

FEW = 3


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes


class Client:
    """`async with Client(port) as client`: one connection, one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 26)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    async def ask(self, path: str, body: bytes = b"") -> Answer:
        """GET, or POST where there is a body."""
        head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: localhost\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self._writer.write(head.encode() + b"\r\n" + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        lengths = [int(line.partition(b":")[2]) for line in lines if line.lower().startswith(b"content-length:")]
        return Answer(int(lines[0].split()[1]), await self._reader.readexactly(lengths[0]))


class Latency(NamedTuple):
    """Milliseconds of one request after another, and how many were asked."""

    p50: float
    p95: float
    longest: float
    asked: int


async def latency(ask: Callable[[], Awaitable[Answer]], seconds: float = 3.0, most: int = 200) -> Latency:
    """Ask again and again; the first are to warm up. Raises AssertionError unless every answer is a 200."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while len(taken) < FEW or (len(taken) < most and time.perf_counter() < end):
        began = time.perf_counter()
        answer = await ask()
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status == 200, answer.body[:500]
    warm = taken[3 if len(taken) > 2 * FEW else 1 :]
    percentiles = quantiles(warm, n=20, method="inclusive")
    return Latency(percentiles[9], percentiles[18], max(warm), len(warm))


async def rate(port: int, paths: list[str], clients: int = 16, seconds: float = 4.0) -> float:
    """Answers a second, with several clients at once."""
    end = time.perf_counter() + seconds
    counts = [0] * clients

    async def run(number: int) -> None:
        async with Client(port) as client:
            while time.perf_counter() < end:
                answer = await client.ask(paths[(number * 7919 + counts[number]) % len(paths)])
                assert answer.status == 200, answer.body[:500]
                counts[number] += 1

    began = time.perf_counter()
    await asyncio.gather(*map(run, range(clients)))
    return sum(counts) / (time.perf_counter() - began)
