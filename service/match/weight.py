"""Findings without their words: all that is needed of trials that are not shown."""

from typing import NamedTuple

import numpy as np

from service.criteria.finding import Finding
from service.match.arrays import Growing, Ints
from service.schemas.report import Missing
from service.schemas.truth import Truth

FALSE, UNKNOWN, TRUE = -1, 0, 1
NOTHING = -1
MORE = 2**31 - 1  # than any place
ATTEST, UNREAD = 1, 2


class Weight(NamedTuple):
    """What one finding says: TRUE, FALSE or UNKNOWN, and why it is open."""

    truth: int
    missing: tuple[Missing, ...] = ()
    attest: bool = False
    unread: bool = False


class Weights(NamedTuple):
    """What findings say, as arrays.

    Of the facts that are missing the first and the last by their places in a list, which are the same where one alone
    is missing; MORE and NOTHING where none is. `signs`: ATTEST, UNREAD, or both.
    """

    truths: Ints
    lowest: Ints
    highest: Ints
    signs: Ints


class WeightTable:
    """Weights by numbers, each once."""

    def __init__(self) -> None:
        self.listed: list[Weight] = []
        self.missing: list[Missing] = []
        self._numbers: dict[Weight, int] = {}
        self._places: dict[Missing, int] = {}
        self._columns = tuple(Growing(np.int32) for _ in Weights._fields)

    def number(self, weight: Weight) -> int:
        """Of a weight, which is taken in where it is new."""
        number = self._numbers.setdefault(weight, len(self.listed))
        if number == len(self.listed):
            self.listed.append(weight)
        return number

    def weights(self, numbers: Ints) -> Weights:
        """By their numbers."""
        if new := [self._row(weight) for weight in self.listed[len(self._columns[0]) :]]:
            for column, values in zip(self._columns, zip(*new, strict=True), strict=True):
                column.extend(values)
        return Weights(*(column.values[numbers] for column in self._columns))

    def _row(self, weight: Weight) -> tuple[int, int, int, int]:
        places = [self._place(missing) for missing in weight.missing]
        signs = ATTEST * weight.attest + UNREAD * weight.unread
        lowest, highest = (min(places), max(places)) if weight.missing else (MORE, NOTHING)
        return weight.truth, lowest, highest, signs

    def _place(self, missing: Missing) -> int:
        place = self._places.setdefault(missing, len(self.missing))
        if place == len(self.missing):
            self.missing.append(missing)
        return place


def weight_of(finding: Finding) -> Weight:
    """Without words."""
    truth = TRUE if finding.truth is Truth.TRUE else FALSE if finding.truth is Truth.FALSE else UNKNOWN
    return Weight(truth, finding.missing, finding.attest, finding.unread)
