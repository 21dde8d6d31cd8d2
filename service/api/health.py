"""Health: is the process alive, can it serve, and what is it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from litestar import Response, get
from litestar.di import NamedDependency

from service import VERSION
from service.api.answers import answer
from service.api.contract.operation import opt
from service.api.contract.operations import ABOUT, LIVE, READY
from service.api.engine import engine, vocabulary
from service.errors import DatabaseUnavailable
from service.schemas.answer import About, Health
from service.store import Store

T = TypeVar("T")
SOON_S = 2.0


@get("/health/live", opt=opt(LIVE))
async def live() -> Response[bytes]:
    """The process answers."""
    return answer(Health(status="live", version=VERSION))


async def _soon(asked: Coroutine[Any, Any, T]) -> T:
    """The answer; a database that is frozen gives none, and a probe must not wait until that is certain."""
    asking = asyncio.ensure_future(asked)
    await asyncio.wait({asking}, timeout=SOON_S)
    if asking.done():
        return asking.result()
    asking.cancel()  # which may take a while: nobody waits for it, and nobody is told what becomes of it
    asking.add_done_callback(lambda given_up: given_up.cancelled() or given_up.exception())
    raise DatabaseUnavailable(f"the database did not answer within {SOON_S:g} s")


@get("/health/ready", opt=opt(READY))
async def ready(store: NamedDependency[Store]) -> Response[bytes]:
    """The database answers as well, and soon; else DatabaseUnavailable."""
    corpus = await _soon(store.trials.corpus())
    return answer(Health(status="ready", version=VERSION, corpus=corpus))


@get(ABOUT.path, opt=opt(ABOUT))
async def about(store: NamedDependency[Store]) -> Response[bytes]:
    """All that decides an answer."""
    corpus = await store.trials.state()
    return answer(About(service=VERSION, engine=engine(), vocabulary=vocabulary(), corpus=corpus))
