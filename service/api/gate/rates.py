"""How often somebody may ask: a bucket of tokens each, filled steadily, as large as two seconds' worth."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from math import ceil
from typing import NamedTuple

from service.errors import RateLimited

BURST_S = 2
REMEMBERED = 10_000
"""Buckets kept; the one that was used longest ago is forgotten, and was full again long before."""


class Bucket(NamedTuple):
    """What was in it, and when (by the monotonic clock)."""

    tokens: float
    at: float


class Rates:
    """`rate` requests a second for each; 0: as many as they like. Every worker counts for itself."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._size, self._clock = rate, rate * BURST_S, clock
        self._policy = f'"caller";q={self._size};w={BURST_S}'
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, name: str) -> Mapping[str, str]:
        """One request of theirs; what to tell them of their rate. Raises RateLimited."""
        if not self._rate:
            return {}
        now = self._clock()
        bucket = self._buckets.pop(name, Bucket(self._size, now))
        tokens = min(self._size, bucket.tokens + (now - bucket.at) * self._rate)
        taken = tokens >= 1
        self._buckets[name] = Bucket(tokens - taken, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        full_s = ceil((self._size - tokens + taken) / self._rate)
        headers = {"ratelimit-policy": self._policy, "ratelimit": f'"caller";r={int(tokens - taken)};t={full_s}'}
        if not taken:
            raise RateLimited(self._rate, {**headers, "retry-after": str(ceil((1 - tokens) / self._rate))})
        return headers
