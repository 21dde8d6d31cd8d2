"""The least that could answer GET /trials/{nctId}, under the same server: one query, the same bytes, and nothing else.

No framework, no log, no numbers, nobody told apart.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import asyncpg
from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from service.store.pool import session
from tests.bench.http import Client

DSN = "ELIGO_BENCH_DSN"
QUERY = "SELECT document, criteria, issues FROM trial WHERE nct = $1"
_pools: list["asyncpg.Pool[asyncpg.Record]"] = []
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def app(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Send) -> None:
    """Answers the document of the trial whose id ends the path."""
    if scope["type"] == "lifespan":
        await receive()
        _pools.append(await asyncpg.create_pool(os.environ[DSN], server_settings=session(30), reset=_as_it_is))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    row = await _pools[0].fetchrow(QUERY, int(scope["path"][-8:]))
    assert row is not None
    body = b'%b,"criteria":%b,"issues":%b}' % (row["document"][:-1], row["criteria"], row["issues"])
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _as_it_is(_: object) -> None:
    """Connections are given back as they are, as the service does."""


def _serve(port: int) -> None:
    sys.stdout = sys.stderr
    Granian(
        "tests.bench.bare:app", address="127.0.0.1", port=port, interface=Interfaces.ASGI, workers=1,
        loop=Loops.uvloop, websockets=False, log_level=LogLevels.error,
    ).serve()  # fmt: skip


@contextmanager
def bare_handler(dsn: str, port: int) -> Iterator[None]:
    """The handler on a port, in processes of its own, while this lasts."""
    os.environ[DSN] = dsn
    process = get_context("spawn").Process(target=_serve, args=(port,))
    process.start()
    try:
        asyncio.run(_until_ready(port))
        yield
    finally:
        process.terminate()
        process.join()


async def _until_ready(port: int) -> None:
    for _ in range(200):
        try:
            async with Client(port):
                return
        except OSError:
            await asyncio.sleep(0.05)
    raise TimeoutError("the bare handler did not start")
