"""`synth`: invented trials in any number, for benchmarks."""

import argparse
import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from service.cli.progress import progress
from service.synth import trials

FAST = 1  # level of compression: the file is read once; no date in it, so that equal trials are equal bytes


def synth(asked: argparse.Namespace) -> int:
    """Write a trial a line, as `ingest` takes them."""
    encode = msgspec.json.Encoder().encode
    with _written(asked.out) as file:
        for trial in progress(trials(asked.trials, asked.seed), "trials", asked.trials):
            file.write(encode(trial) + b"\n")
    return 0


@contextmanager
def _written(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdout.buffer
    elif path.endswith(".gz"):
        with Path(path).open("wb") as file, gzip.GzipFile("", "wb", FAST, file, mtime=0) as packed:
            yield cast("BinaryIO", packed)
    else:
        with Path(path).open("wb") as file:
            yield file
