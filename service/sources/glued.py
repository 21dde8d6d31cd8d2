"""Table cells and lists that a page's text runs together, parted by what else the page shows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from service.sources.timeframe import PHRASE, SEAMS, TIME


class Row(NamedTuple):
    """Three cells of an arms table."""

    label: str
    intervention: str | None
    description: str | None


CELL_SEAM = re.compile(r"(?<=[a-z0-9)\].;:%])(?=[A-Z][a-z])")
LIST_SEAM = re.compile(r"(?<=[a-z]{3}[a-z)])(?=[A-Z][a-z]{2})|(?<=[A-Z]\))(?=[A-Z][a-z])")
METHOD_SEAM = re.compile(r"(?<=[a-z0-9)%.])(?=[A-Z][a-z])")


def measure_and_time(cell: str) -> tuple[str, str | None]:
    """`Disease remission rateAbout 90 days`: parted where, without a blank, something begins that reads like a time.

    No such place: no time. Better a time left in the measure than a measure cut in two.
    """
    for seam, opening in SEAMS:
        for found in seam.finditer(cell):
            time = cell[found.start() :]
            if opening.match(time) and TIME.search(time):
                return cell[: found.start()].strip(), time.strip()
    for found in reversed(list(CELL_SEAM.finditer(cell))):
        if PHRASE.search(cell, found.start()):
            return cell[: found.start()].strip(), cell[found.start() :].strip()
    return cell.strip(), None


def time_and_method(cell: str) -> tuple[str, str | None]:
    """`About 1 yearNumber of participants`: what follows a seam and does not read like a time is the method."""
    _, opening = SEAMS[0]
    for seam in METHOD_SEAM.finditer(cell):
        if not opening.match(cell[seam.start() :]):
            return cell[: seam.start()].strip(), cell[seam.start() :].strip()
    return cell.strip(), None


def arm_row(row: str, names: Iterable[str]) -> Row:
    """`Arm AFludarabine30 mg daily`: a known intervention name between label and description parts them.

    The label may be or hold the name; the name that is a cell of its own touches its neighbours without a blank.
    """
    found = next(_names_in(row, names, touching=True), None) or next(_names_in(row, names, touching=False), None)
    if found:
        return Row(row[: found.start()].strip(), found.group(), row[found.end() :].strip() or None)
    seam = CELL_SEAM.search(row)
    if seam is None:
        return Row(row, None, None)
    return Row(row[: seam.start()].strip(), None, row[seam.start() :].strip())


def _names_in(row: str, names: Iterable[str], *, touching: bool) -> Iterator[re.Match[str]]:
    """The names within the row, not at its start, the longest first."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        for found in re.finditer(re.escape(name), row):
            around = row[found.start() - 1 : found.start()] + row[found.end() : found.end() + 1]
            if found.start() and not (touching and any(map(str.isspace, around))):
                yield found


def parted(items: str, names: Sequence[str]) -> tuple[str, ...]:
    """A list run together with blanks: a name that the page shows elsewhere is an item where it starts or ends one."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        if items == name:
            break
        if items.startswith(f"{name} "):
            return (name, *parted(items[len(name) :].strip(), names))
        if items.endswith(f" {name}"):
            return (*parted(items[: -len(name)].strip(), names), name)
    return (items,)


def at_seams(items: str) -> tuple[str, ...]:
    """A list run together without blanks: `Refractory LeukemiaRelapsed Leukemia`; not `McCune`, not `DiGeorge`."""
    bounds = [0, *(seam.start() for seam in LIST_SEAM.finditer(items)), len(items)]
    return tuple(items[start:end].strip() for start, end in pairwise(bounds))
