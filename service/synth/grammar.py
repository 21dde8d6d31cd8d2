"""Sentences from a table of alternatives.

`{name}` stands for one of the table's, `{a|b}` for one of those written, `{2..12}` for a number between.
"""

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
SLOT = re.compile(r"\{([^{}]+)\}")

Table = Mapping[str, Sequence[str]]


def sentence(shape: str, table: Table, random: Random) -> str:
    """The shape with every slot filled, also those in what fills them. Raises KeyError for a name not in the table."""

    def filled(slot: re.Match[str]) -> str:
        low, is_range, high = slot[1].partition("..")
        if is_range:
            return _number(low, high, random)
        chosen = one_of(table[slot[1]] if "|" not in slot[1] else slot[1].split("|"), random)
        return SLOT.sub(filled, chosen) if "{" in chosen else chosen

    return SLOT.sub(filled, shape)


def one_of(options: Sequence[T], random: Random) -> T:
    """Each as likely as the others."""
    return options[int(random.random() * len(options))]


def _number(low: str, high: str, random: Random) -> str:
    """As precise as `low` is written."""
    if "." not in low:
        return str(random.randint(int(low), int(high)))
    return f"{random.uniform(float(low), float(high)):.{len(low.partition('.')[2])}f}"
