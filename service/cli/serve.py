"""`serve`: bring the store up to date, then answer requests until told to stop."""

import argparse
import asyncio
import os
import socket

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from service import logs
from service.app import prepare
from service.errors import AddressTaken
from service.settings import Settings, settings_from

GRACE_S = 30


def serve(asked: argparse.Namespace) -> int:
    """0 when stopped by a signal; 1 when the address is taken, the database cannot be used or a worker died."""
    settings = settings_from(os.environ)
    logs.configure(settings.log_level.value)
    check_address(settings)
    asyncio.run(prepare(settings, demo=asked.demo))
    server = Granian(
        "service.app:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        factory=True,
        loop=Loops.uvloop,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=GRACE_S,
    )
    server.serve()
    return 0


def check_address(settings: Settings) -> None:
    """Raises AddressTaken now, rather than a worker later."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise AddressTaken(f"cannot listen on {where}: {error.strerror}; see ELIGO_HOST and ELIGO_PORT") from error
