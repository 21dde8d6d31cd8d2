"""The service as a process of its own, on a free port, as `python -m service serve` starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

import httpx
from msgspec import structs

from service.settings import SETTINGS, Settings

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30


def _spelled(value: object) -> str:
    """As the environment has it; nothing for what is not set."""
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


class Process:
    """A server that was started: `url`, what it `said`, and its end."""

    def __init__(self, settings: Settings) -> None:
        self.url = f"http://127.0.0.1:{settings.port}"
        self.port = settings.port
        self._log = settings.data_dir / f"{settings.port}.log"
        given = {row.variable: _spelled(getattr(settings, row.member)) for row in SETTINGS}
        with self._log.open("wb") as log:
            command = [sys.executable, "-m", "service", "serve"]
            self._popen = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stdout=log, stderr=log)

    @property
    def pid(self) -> int:
        """Of the process that started the workers."""
        return self._popen.pid

    @property
    def said(self) -> str:
        """Its log so far."""
        return self._log.read_text()

    def wait_until_ready(self) -> None:
        """Return when it answers. Fails with the log."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and self._popen.poll() is None:
            try:
                if httpx.get(f"{self.url}/health/ready").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError(self.said)

    def signal(self, number: signal.Signals) -> None:
        """As an operator or the kernel would."""
        self._popen.send_signal(number)

    def exit_code(self) -> int:
        """Wait for its end."""
        return self._popen.wait(PATIENCE_S)

    def end(self) -> None:
        """Gone, whatever it is doing."""
        if self._popen.poll() is None:
            self._popen.kill()
        self._popen.wait()


@contextmanager
def started(settings: Settings) -> Iterator[Process]:
    """A server on its way up; gone afterwards."""
    process = Process(settings)
    try:
        yield process
    finally:
        process.end()


@contextmanager
def serving(settings: Settings) -> Iterator[Process]:
    """A server that is ready, on a port of its own; gone afterwards."""
    with started(structs.replace(settings, port=free_port())) as process:
        process.wait_until_ready()
        yield process


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
