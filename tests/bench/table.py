"""The rows of `make bench`: a figure, what it is held against, and what was aimed at."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Row(NamedTuple):
    """`reference` is measured in the same run: a ratio to it means more than the figure itself."""

    measure: str
    figure: str
    reference: str = ""
    ratio: str = ""
    target: str = ""
    is_met: bool | None = None


HEAD = Row("measured", "this run", "held against", "ratio", "target")
MARKS = {True: "ok", False: "MISSED", None: ""}


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Markdown, its columns aligned."""
    lines = [(*row[:5], MARKS[row.is_met]) for row in (HEAD, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    for number, line in enumerate(lines):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        if number == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def within(limit: float, figure: float) -> dict[str, object]:
    """Target and mark of a figure in milliseconds that may be at most that."""
    return {"target": f"≤ {limit:g} ms", "is_met": figure <= limit}
