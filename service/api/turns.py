"""Work that takes long shares the event loop: a turn of it, then a turn of others."""

from asyncio import sleep
from collections.abc import Sequence
from time import perf_counter

from service.api.gate.lanes import Lane

TURN_S = 0.002
PAUSE_S = 0.02


class Turn:
    """How long a match has kept small requests waiting."""

    def __init__(self, others: Lane | None = None) -> None:
        self._others = others
        self._until = perf_counter() + TURN_S

    async def is_over(self) -> None:
        """Once it has lasted long enough, let the others have theirs: as long, while there is anybody.

        A small request is not one piece of work but five, with waits for the database between them; after each it would
        stand in line behind all matches again.
        """
        if perf_counter() <= self._until:
            return
        theirs = perf_counter() + TURN_S
        await sleep(0)
        while self._others and self._others.is_used and perf_counter() < theirs:  # noqa: ASYNC110 – no event tells it
            await sleep(0)
        self._until = perf_counter() + TURN_S


async def nobody_asks(lanes: Sequence[Lane]) -> None:
    """Wait until there is a pause, for work that nobody waits for."""
    while any(lane.is_used for lane in lanes):  # noqa: ASYNC110 – no event tells it
        await sleep(PAUSE_S)
