"""What is not counted as it happens but looked at once a second: connections, processor time, memory."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from service.api.observed.metrics import CPU, MEMORY, POOL, POOL_LIMIT, STARTS
from service.meters import Meters
from service.store import Connections, Store

PAUSE_S = 1.0
STATM = Path("/proc/self/statm")


@asynccontextmanager
async def sampled(meters: Meters, store: Store) -> AsyncIterator[None]:
    """Look while the service is up."""
    meters.add(STARTS)
    looking = asyncio.create_task(_look(meters, store))
    try:
        yield
    finally:
        looking.cancel()


async def _look(meters: Meters, store: Store) -> None:
    told_s = 0.0
    while True:
        used_s = time.process_time()
        meters.add(CPU, by=used_s - told_s)
        told_s = used_s
        sample(meters, store.trials.connections)
        await asyncio.sleep(PAUSE_S)


def sample(meters: Meters, connections: Connections) -> None:
    """Set the gauges of this worker."""
    meters.set(POOL, "used", to=connections.used)
    meters.set(POOL, "idle", to=connections.idle)
    meters.set(POOL_LIMIT, to=connections.limit)
    meters.set(MEMORY, to=_resident_bytes())


def _resident_bytes() -> int:
    """Now on Linux; elsewhere the most there ever was."""
    try:
        return int(STATM.read_text().split()[1]) * resource.getpagesize()
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
