"""How often somebody may ask: a bucket of tokens each, filled steadily, as large as two seconds' worth."""

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from math import ceil
from pathlib import Path

from service.errors import RateLimited
from service.shared import opened

PLACE = "ELIGO_RATES_FILE"  # tells a worker where the shared buckets are; set by the process that starts the workers
BURST_S = 2
SETS, WAYS = 2_048, 8
COLUMN = SETS * WAYS * 8
SIZE = 3 * COLUMN


class Buckets:
    """Who last had how many tokens, and when: in memory that all workers of a server share, or this one's own.

    A caller has a place in one of the sets, by the digest of its name; a new one takes the place of whoever has not
    asked for longest, and whose bucket was full again long before. There are no locks: of two workers that count for
    one caller in the same microsecond, one may be forgotten, and nobody ever waits for a worker that was stopped.
    """

    def __init__(self, place: Path | None = None) -> None:
        memory = memoryview(bytearray(SIZE)) if place is None else _shared(place)
        self._whose = memory[:COLUMN].cast("Q")
        self.tokens = memory[COLUMN : 2 * COLUMN].cast("d")
        self.at = memory[2 * COLUMN :].cast("d")

    def place(self, name: str, full: float, now: float) -> int:
        """Where the caller's bucket is; a new one is full."""
        whose = _digest(name)
        first = whose % SETS * WAYS
        known = self._whose[first : first + WAYS].tolist()
        if whose in known:
            return first + known.index(whose)
        last = self.at[first : first + WAYS].tolist()
        place = first + last.index(min(last))
        self.tokens[place], self.at[place] = full, now
        self._whose[place] = whose
        return place


def _shared(place: Path) -> memoryview:
    file, memory = opened(place)
    file.close()
    return memory


@lru_cache(maxsize=1_000)
def _digest(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest())


class Rates:
    """`rate` requests a second for each, whichever worker they ask; 0: as many as they like."""

    def __init__(self, rate: int, buckets: Buckets | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._full, self._clock = rate, rate * BURST_S, clock
        self._policy = f'"caller";q={self._full};w={BURST_S}'
        self._buckets = buckets or Buckets()

    def take(self, name: str) -> Mapping[str, str]:
        """One request of theirs; what to tell them of their rate. Raises RateLimited."""
        if not self._rate:
            return {}
        now, buckets = self._clock(), self._buckets
        place = buckets.place(name, self._full, now)
        tokens = min(self._full, buckets.tokens[place] + max(now - buckets.at[place], 0.0) * self._rate)
        left = tokens - 1 if tokens >= 1 else tokens
        buckets.tokens[place], buckets.at[place] = left, now
        headers = {
            "ratelimit-policy": self._policy,
            "ratelimit": f'"caller";r={int(left)};t={ceil((self._full - left) / self._rate)}',
        }
        if left == tokens:
            raise RateLimited(self._rate, {**headers, "retry-after": str(ceil((1 - tokens) / self._rate))})
        return headers
