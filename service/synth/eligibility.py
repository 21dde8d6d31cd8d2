"""Eligibility texts: lists of requirements under headings, in the layouts that registrants use."""

from collections.abc import Iterable, Sequence
from random import Random

from service.synth.grammar import Table, one_of, sentence

BULLETS = ("* {}", "* {}", "* {}", "- {}", "{number}. {}", "{number}. {}", "{}")
LENGTHS = (1, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 11, 13, 18, 24)
GLUED, ENLARGED = 0.07, 0.35


def criteria_text(inclusion: Sequence[str], exclusion: Sequence[str], table: Table, random: Random) -> str:
    """Both lists; a few texts run each list together in one paragraph."""
    layout = "; " if random.random() < GLUED else one_of(BULLETS, random)
    parts = []
    for heading, shapes in (("inclusion_heading", inclusion), ("exclusion_heading", exclusion)):
        lines = _lines(shapes, table, random)
        parts.append(one_of(table[heading], random) + "\n\n" + _laid_out(lines, layout))
    return "\n\n".join(parts)


def _lines(shapes: Sequence[str], table: Table, random: Random) -> Iterable[str]:
    """Requirements, no two in the same words."""
    said = (_line(one_of(shapes, random), table, random) for _ in range(one_of(LENGTHS, random)))
    return dict.fromkeys(line[0].upper() + line[1:] for line in said)


def _line(shape: str, table: Table, random: Random) -> str:
    line = sentence(shape, table, random)
    return line + sentence(one_of(table["more"], random), table, random) if random.random() < ENLARGED else line


def _laid_out(lines: Iterable[str], layout: str) -> str:
    if layout == "; ":
        return layout.join(lines) + "."
    return "\n".join(
        layout.replace("{number}", str(number)).replace("{}", line) for number, line in enumerate(lines, 1)
    )
