"""Arrays that grow, and rows of different lengths in them."""

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

N = TypeVar("N", bound=np.generic)
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]

NOTHING = -1
"""Where a place, a number or a fact could stand."""


def distinct(values: NDArray[N]) -> NDArray[N]:
    """Each once, in order. Of some thousands, np.unique takes ten times as long: it puts them into a table first."""
    ordered = np.sort(values)
    once: NDArray[N] = ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0]
    return once


class Growing(Generic[N]):
    """An array that values are appended to, each in constant time on the average."""

    def __init__(self, kind: type[N], room: int = 64) -> None:
        self._room: NDArray[N] = np.empty(room, kind)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> NDArray[N]:
        """What is there now, to be read and written; not what will be there after the next `extend`."""
        return self._room[: self._count]

    def extend(self, more: Sequence[Any] | NDArray[Any]) -> None:
        """Append values."""
        self._make_room(len(more))
        self._room[self._count : self._count + len(more)] = more
        self._count += len(more)

    def fill_to(self, count: int, value: Any) -> None:
        """Append one value until so many are there."""
        missing = count - self._count
        if missing > 0:
            self._make_room(missing)
            self._room[self._count : count] = value
            self._count = count

    def _make_room(self, more: int) -> None:
        if self._count + more > len(self._room):
            room: NDArray[N] = np.empty(max(2 * len(self._room), self._count + more), self._room.dtype)
            room[: self._count] = self.values
            self._room = room


class Rows(NamedTuple):
    """Rows one after another: `owners` tells for each value which row it is in."""

    values: Ints
    owners: Longs
    lengths: Longs


class Ragged:
    """Rows of whole numbers, each of its own length and in its own place."""

    def __init__(self) -> None:
        self._values = Growing(np.int32)
        self._starts, self._lengths = Growing(np.int64), Growing(np.int64)

    def __len__(self) -> int:
        return len(self._starts)

    def put(self, place: int, row: Sequence[int]) -> None:
        """One row; places before it that nothing was put in are empty rows."""
        self._starts.fill_to(place + 1, 0)
        self._lengths.fill_to(place + 1, 0)
        self._starts.values[place] = len(self._values)
        self._lengths.values[place] = len(row)
        self._values.extend(row)

    def of(self, places: Ints) -> Rows:
        """Some rows in the order asked for."""
        starts, lengths = self._starts.values[places], self._lengths.values[places]
        owners = np.repeat(np.arange(len(places)), lengths)
        before = np.cumsum(lengths) - lengths
        return Rows(self._values.values[np.arange(len(owners)) + (starts - before)[owners]], owners, lengths)
