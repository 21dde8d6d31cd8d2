"""Memory that the workers of one server share: a file whose place is told to them in the environment."""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO


@contextmanager
def shared(variable: str, size: int) -> Iterator[None]:
    """So many bytes, all zero, for the workers that are started meanwhile.

    On Linux the file has no name, so that it is gone with its last user, however that ends.
    """
    nameless = sys.platform == "linux"
    with TemporaryFile() if nameless else NamedTemporaryFile(prefix="eligo-") as file:
        file.truncate(size)
        os.environ[variable] = f"/proc/{os.getpid()}/fd/{file.fileno()}" if nameless else str(file.name)
        yield


def place_of(environment: Mapping[str, str], variable: str) -> Path | None:
    """Where the process that started this one keeps it; None where nobody shares anything."""
    return Path(environment[variable]) if variable in environment else None


def opened(place: Path) -> tuple[IO[bytes], memoryview]:
    """The file, which may be closed when it is not needed to hold locks on, and all its bytes."""
    file = place.open("r+b")
    return file, memoryview(mmap.mmap(file.fileno(), 0))
