"""Progress of long work: a bar on a terminal, nothing where the output is piped."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(work: Iterable[T], unit: str, total: int | None = None) -> Iterator[T]:
    """The work itself, counted on standard error while it is done."""
    with tqdm(
        work, total=total, unit=f" {unit}", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False
    ) as counted:
        yield from counted
