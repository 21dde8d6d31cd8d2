"""`serve`: bring the store up to date, then answer requests until told to stop."""

import argparse
import asyncio
import os

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from service import logs
from service.api.gate.rates import PLACE as BUCKETS_PLACE
from service.api.gate.rates import SIZE as BUCKETS_SIZE
from service.api.observed.metrics import METERS
from service.api.observed.spans import are_asked_for
from service.app import address_of, prepare
from service.meters import shared_among
from service.settings import settings_from
from service.shared import shared

GRACE_S = 30


def serve(asked: argparse.Namespace) -> int:
    """0 when stopped by a signal; 1 when the address is taken, the database cannot be used or workers keep dying."""
    settings = settings_from(os.environ)
    logs.configure(settings.log_level.value)
    are_asked_for(os.environ)
    address = address_of(settings)
    asyncio.run(prepare(settings, demo=asked.demo))
    server = Granian(
        "service.app:application",
        address=address,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        factory=True,
        loop=Loops.uvloop,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=GRACE_S,
        respawn_failed_workers=True,
    )
    with shared_among(settings.workers, METERS), shared(BUCKETS_PLACE, BUCKETS_SIZE):
        server.serve()
    return 0
