"""Progress of long work: a bar with rate and time left on a terminal, a count now and then where it is piped."""

import sys
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self, TypeVar

from tqdm import tqdm

EVERY = 10_000
T = TypeVar("T")


class Progress:
    """What is done is counted on standard error. Without a total there is no time left to tell."""

    def __init__(self, unit: str, total: int | None = None) -> None:
        self._unit, self._shown = unit, sys.stderr.isatty()
        self._done = 0
        self._bar = tqdm(total=total, unit=f" {unit}", file=sys.stderr, disable=not self._shown, leave=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def add(self, count: int = 1, share: float | None = None) -> None:
        """So many more are done; `share` of the whole, where its size is not known, lets it be guessed."""
        before, self._done = self._done, self._done + count
        if share:
            self._bar.total = max(self._done, round(self._done / share))
        self._bar.update(count)
        if not self._shown and before // EVERY < self._done // EVERY:
            sys.stderr.write(f"{self._done} {self._unit}\n")

    def say(self, line: str) -> None:
        """A line above the bar."""
        self._bar.write(line, file=sys.stderr)


def progress(work: Iterable[T], unit: str, total: int | None = None) -> Iterator[T]:
    """The work itself, counted while it is done."""
    with Progress(unit, total) as counted:
        for each in work:
            yield each
            counted.add()
