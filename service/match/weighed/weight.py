"""Findings without their words: all that is needed of trials that are not shown."""

from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from service.criteria.finding import Finding
from service.match.arrays import NOTHING, Growing, Ints, Longs, Mask
from service.match.memo import Memo
from service.schemas.report import Missing
from service.schemas.truth import Truth

FALSE, UNKNOWN, TRUE = -1, 0, 1
ATTEST, UNREAD = 1, 2
MORE = 2**63 - 1
"""Than any fact."""


class Weights(NamedTuple):
    """What findings say: FALSE, UNKNOWN or TRUE, and why it is open.

    Of the facts that are missing, told by `fact_of`, the least and the greatest, which are the same where one alone is
    missing; MORE and NOTHING where none is. `signs`: ATTEST, UNREAD, or both.
    """

    truths: Longs
    least: Longs
    greatest: Longs
    signs: Longs

    @staticmethod
    def empty(count: int) -> "Weights":
        """Room for so many."""
        return Weights(*(np.empty(count, np.int64) for _ in Weights._fields))

    def put(self, places: Longs | Mask, given: "Weights") -> None:
        """Write some of them."""
        for column, values in zip(self, given, strict=True):
            column[places] = values


class WeightList:
    """Weights one after the other, and the facts that they tell of."""

    def __init__(self) -> None:
        self.missing: dict[int, Missing] = {}
        self._facts: Memo[Missing, int] = Memo(self._fact)
        self._new: list[tuple[int, int, int, int]] = []
        self._columns = tuple(Growing(np.int64) for _ in Weights._fields)

    def append(self, finding: Finding) -> int:
        """At which place it is."""
        facts = [self._facts[missing] for missing in finding.missing]
        truth = TRUE if finding.truth is Truth.TRUE else FALSE if finding.truth is Truth.FALSE else UNKNOWN
        least, greatest = (min(facts), max(facts)) if facts else (MORE, NOTHING)
        self._new.append((truth, least, greatest, ATTEST * finding.attest + UNREAD * finding.unread))
        return len(self._columns[0]) + len(self._new) - 1

    def at(self, places: Ints) -> Weights:
        """Some of them."""
        if self._new:
            for column, values in zip(self._columns, zip(*self._new, strict=True), strict=True):
                column.extend(values)
            self._new.clear()
        return Weights(*(column.values[places] for column in self._columns))

    def _fact(self, missing: Missing) -> int:
        fact = fact_of(missing)
        self.missing[fact] = missing
        return fact


def fact_of(missing: Missing) -> int:
    """A number of 63 bits that stands for it wherever it is missing.

    Of a hundred thousand facts two share a number by chance in one registry of a thousand million.
    """
    words = f"{missing.pointer} {missing.ask}".encode()
    return int.from_bytes(blake2b(words, digest_size=8).digest()) >> 1
