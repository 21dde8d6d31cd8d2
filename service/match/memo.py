"""What was worked out once."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V]):
    """Worked out when it is asked for; where there is a limit, everything is forgotten when it is reached."""

    def __init__(self, work_out: Callable[[K], V], most: int | None = None) -> None:
        super().__init__()
        self._work_out, self._most = work_out, most

    def __missing__(self, key: K) -> V:
        value = self._work_out(key)
        if self._most is not None and len(self) >= self._most:
            self.clear()
        self[key] = value
        return value
