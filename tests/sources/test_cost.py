"""The cost of reading follows the length of the document, whatever stands in it: no line can hold up others."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from service.errors import UnreadableDocument
from service.sources import read
from tests.sources.documents import TEXTS

PUMPS = (" ", "1", "( ", "a", "[a]", "- ", ", ", ": ")
LONG, TIMES, SLOW_S = 2_500, 6, 0.1
LINEAR = 14.0
"""A cost that grows with the square of the length grows up to 36-fold over six times the length, another sixfold."""


def cost_s(text: str) -> float:
    """Processor time; what cannot be read any more costs as well."""
    began = time.process_time()
    with suppress(UnreadableDocument):
        read(text.encode())
    return time.process_time() - began


def stretched(lines: list[str], number: int, length: int) -> str:
    """The page with one of its lines that much longer."""
    pump = PUMPS[number % len(PUMPS)]
    return "\n".join([*lines[:number], f"{lines[number]}{pump * (length // len(pump))}x", *lines[number + 1 :]])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_line_of_a_page_costs_more_than_its_length(path: Path) -> None:
    lines = path.read_text().splitlines()
    for number in range(len(lines)):
        longer = stretched(lines, number, LONG * TIMES)
        if cost_s(longer) < SLOW_S:
            continue
        long, short = (min(cost_s(text) for _ in range(3)) for text in (longer, stretched(lines, number, LONG)))
        assert long < LINEAR * short, f"line {number + 1}: {lines[number][:60]}"
