"""The documents in files, folders, archives and standard input, one at a time, however large the file."""

import gzip
import sys
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, cast

import msgspec

from service.sources import records

STDIN = "-"
LINES = (".jsonl", ".ndjson")
LARGEST_WHOLE = 512 << 20
GZIP = b"\x1f\x8b"


class Document(NamedTuple):
    """One record's bytes, or why they could not be had; `place` tells the records of one file apart.

    `offset`: how many bytes on disk, of all the paths together, had been read when it was found.
    """

    path: str
    place: str
    data: bytes
    error: str | None = None
    offset: int = 0


def extent(paths: Iterable[str | Path]) -> int | None:
    """How many bytes the paths hold on disk; None where standard input is among them."""
    named = list(paths)
    if STDIN in map(str, named):
        return None
    return sum(file.stat().st_size for path in named for file in _files(Path(path)) if file.is_file())


def documents(paths: Iterable[str | Path]) -> Iterator[Document]:
    """Every document under the paths, folders in the order of their names; `-` is standard input."""
    before = 0
    for path in paths:
        if str(path) == STDIN:
            yield from _guarded(STDIN, sys.stdin.buffer)
            continue
        for file in _files(Path(path)):
            try:
                stream = file.open("rb")
            except OSError as error:
                yield Document(str(file), "", b"", f"cannot be opened: {error.strerror}", before)
                continue
            with stream:
                yield from (each._replace(offset=before + stream.tell()) for each in _guarded(str(file), stream))
                before += stream.tell()


def _files(path: Path) -> list[Path]:
    """A path that is no folder as it is; in a folder, every file that is not hidden."""
    if not path.is_dir():
        return [path]
    found = (file for file in path.rglob("*") if not any(part.startswith(".") for part in file.relative_to(path).parts))
    return sorted(file for file in found if file.is_file())


def _guarded(path: str, stream: BinaryIO) -> Iterator[Document]:
    try:
        yield from _unpacked(path, stream)
    except (OSError, EOFError, zlib.error) as error:
        yield Document(path, "", b"", f"cannot be read to its end: {error}")


def _unpacked(path: str, stream: BinaryIO) -> Iterator[Document]:
    if cast("IO[bytes]", stream).peek(2).startswith(GZIP):  # type: ignore[attr-defined]  # both kinds are buffered
        with gzip.open(stream) as plain:
            yield from _records(path, path.removesuffix(".gz"), cast("BinaryIO", plain))
    else:
        yield from _records(path, path, stream)


def _records(path: str, name: str, stream: BinaryIO) -> Iterator[Document]:
    """JSON lines are read line by line, anything else whole."""
    first, second = stream.readline(LARGEST_WHOLE), stream.readline(LARGEST_WHOLE)
    if name.endswith(LINES) or (second.strip() and _is_object(first)):
        lines = enumerate(chain((first, second), stream), 1)
        yield from (Document(path, f"line {number}", line) for number, line in lines if line.strip())
        return
    data = first + second + stream.read(LARGEST_WHOLE)
    if len(data) > LARGEST_WHOLE:
        limit = f"larger than {LARGEST_WHOLE >> 20} MB: send JSON lines, which are read one by one"
        yield Document(path, "", b"", limit)
        return
    yield from (Document(path, place, part) for place, part in records(data))


def _is_object(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
