"""How long a question is worked on: while somebody waits for the answer, and no longer than is allowed."""

import asyncio
from collections.abc import Callable
from types import TracebackType

from litestar.types import Receive

from service.errors import CallerLeft, ServiceError

LOOKED_AFTER_S = 0.05
"""What is answered sooner is not worth a look whether somebody still waits."""


class Patience:
    """`async with Patience(…):` stops the work inside where it next waits. The body must have been received whole.

    Raises what `late` makes of it after `limit_s`, and CallerLeft when the connection is closed.
    """

    def __init__(self, receive: Receive, limit_s: float, late: Callable[[float], ServiceError]) -> None:
        self._receive, self._limit_s, self._late = receive, limit_s, late
        self._reason: ServiceError | None = None
        self._leaving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task, self._pending = task, task.cancelling()
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(min(LOOKED_AFTER_S, self._limit_s), self._look)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._leaving is not None:
            self._leaving.cancel()
        if self._reason is not None and self._task.uncancel() <= self._pending and kind is asyncio.CancelledError:
            raise self._reason from None

    def _look(self) -> None:
        """It takes a while: from now on see whether somebody waits, and for how long already."""
        self._leaving = self._loop.create_task(_left(self._receive))
        self._leaving.add_done_callback(self._gone)
        self._timer = self._loop.call_later(self._limit_s - LOOKED_AFTER_S, self._stop, self._late(self._limit_s))

    def _gone(self, leaving: "asyncio.Task[None]") -> None:
        if not leaving.cancelled() and leaving.exception() is None:
            self._stop(CallerLeft("the connection was closed"))

    def _stop(self, reason: ServiceError) -> None:
        if self._reason is None:
            self._reason = reason
            self._task.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
