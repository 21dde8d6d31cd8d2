"""How long a question is worked on: while somebody waits for the answer, and no longer than is allowed."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from litestar.types import Receive

from service.errors import CallerLeft, MatchTimedOut

T = TypeVar("T")


async def while_waited_for(work: Coroutine[Any, Any, T], receive: Receive, limit_s: float) -> T:
    """The work's result; it is stopped where it next waits. The body must have been received whole.

    Raises MatchTimedOut after `limit_s`, and CallerLeft when the connection is closed.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({working, leaving}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        if leaving.done():
            raise CallerLeft("the connection was closed")
        raise MatchTimedOut(
            f"the match was given up after {limit_s:g} s: narrow it by `where`, or by more of the record"
        )
    finally:
        working.cancel()
        leaving.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
