"""The bytes of one path: a file, a gzip file, or standard input."""

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from service.errors import UnreadableDocument

STANDARD_INPUT = "-"
GZIP_MAGIC = b"\x1f\x8b"


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The file, unpacked if it is gzip; `-` is standard input. Raises UnreadableDocument."""
    try:
        with _raw(path) as raw:
            if raw.peek(2)[:2] != GZIP_MAGIC:  # type: ignore[attr-defined]  # both kinds of raw are buffered
                yield raw
                return
            with gzip.open(raw) as unpacked:
                yield cast("BinaryIO", unpacked)
    except BrokenPipeError:  # of our own output, while the input is open
        raise
    except (EOFError, zlib.error, OSError) as error:
        raise UnreadableDocument(f"{path}: {_reason(error)}") from error


@contextmanager
def _raw(path: str) -> Iterator[BinaryIO]:
    if path == STANDARD_INPUT:
        yield cast("BinaryIO", sys.stdin.buffer)
        return
    with Path(path).open("rb") as file:
        yield file


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return f"broken gzip file: {error}"
