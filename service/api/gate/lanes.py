"""How much is worked on at once, and how much may wait for its turn: beyond that, callers are sent away at once.

A queue without bound helps nobody: everybody in it would be answered after having left.
"""

import asyncio
from collections import deque
from types import TracebackType

from service.errors import Overloaded


class Lane:
    """`async with lane:` waits for a turn, the first come first. Raises Overloaded rather than wait for long.

    Whoever has a turn in a lane `inside` another then waits for one there.
    """

    def __init__(self, at_once: int, queue: int, patience_s: float, inside: "Lane | None" = None) -> None:
        self._at_once, self._queue, self._patience_s = at_once, queue, patience_s
        self._inside = inside
        self._running = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def is_used(self) -> bool:
        """Whether anything is being worked on."""
        return self._running > 0

    async def __aenter__(self) -> None:
        await self._turn()
        if self._inside is None:
            return
        try:
            await self._inside.__aenter__()
        except BaseException:
            self._next()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._inside is not None:
            await self._inside.__aexit__(kind, error, trace)
        self._next()

    async def _turn(self) -> None:
        if self._running < self._at_once:
            self._running += 1
            return
        if len(self._waiting) >= self._queue:
            raise Overloaded("too many wait already")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._patience_s):
                await turn
        except TimeoutError:
            self._leave(turn)
            raise Overloaded(f"no turn came within {self._patience_s:g} s") from None
        except asyncio.CancelledError:
            self._leave(turn)
            raise

    def _next(self) -> None:
        """Whoever is done hands the place on."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._running -= 1

    def _leave(self, turn: "asyncio.Future[None]") -> None:
        """Give up waiting; a turn that came in the same moment is handed on."""
        if turn.done() and not turn.cancelled():
            self._next()
        elif turn in self._waiting:
            self._waiting.remove(turn)
