"""How eligibility text is laid out: logical lines, their bullets and their depth."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from service.reference.units import scan

_BULLET = re.compile(
    r"(?P<dash>[-*•●○◦▪■□◆►➢✓·∙‣o])(?=\s|$)(?!\s*\d+\s*%)"
    r"|(?P<dash2>[-•●○◦▪■□◆►➢✓∙‣*])(?=[a-z(\"≥≤<>])"
    r"|(?P<num>\(?\d{1,2}(?:\.\d{1,2}){0,2}\s?[.)](?!\d)|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?=\s+(?!times|fold)[a-z]{3})|\d{1,2}\s*[,-](?=\s+(?!(?:to|and|or|years?|months?|weeks?|days?|hours?)\b)[a-z]))"
    r"|(?P<circled>[①-⑳])"
    r"|(?P<alpha>\(?[a-z][.)](?=\s))"
    r"|(?P<roman>\(?(?:ix|iv|v?i{1,3}|vi{0,3}|x)[.)](?=\s))"
)
_STYLES = {"dash2": "dash"}
_SECTION = re.compile(
    r"(?<=[^\s-])\s+(?:-\s*)?(?=(?:key\s+|main\s+|major\s+)?(?:inclusion|exclusion)\s+criteria\s*:)", re.IGNORECASE
)
_OF_THE_SENTENCE = re.compile(
    r"\b(?:the|this|these|those|of|all|any|each|both|and|or|following|meets?|meeting|specific|additional|other|general|main|key|major|study|trial"
    r"|our|with|for|to|by|as|per|phase|part|cohort|arm|group|own|same|above|below)\s*$"
)
_LONG_AGO = 5
"""Words before a heading that are more than its own."""
_DASHED = re.compile(r"\s-\s+(?=[a-z])")
_TERMINAL = ".;:!?"


class Line(NamedTuple):
    """A logical line: the characters after its bullet, the bullet's style ("" without one) and column."""

    start: int
    end: int
    indent: int
    style: str


def lines_of(folded: str) -> list[Line]:
    """The logical lines of normalised text; a hard-wrapped line is joined to the one it continues."""
    lines: list[Line] = []
    after_blank = True
    orphan: Line | None = None
    for start, end in _stretches(folded):
        line = _line(folded, start, end)
        if line is None:
            after_blank = True
            continue
        if line.start == line.end:
            orphan = line
        elif orphan is not None and not line.style:
            lines.append(line._replace(indent=orphan.indent, style=orphan.style))
            orphan = None
        elif lines and _continues(folded, lines[-1], line, after_blank):
            lines[-1] = lines[-1]._replace(end=line.end)
        else:
            lines.append(line)
        after_blank = False
    return lines


def _stretches(folded: str) -> Iterator[tuple[int, int]]:
    """From line break to line break; a heading or bullets in mid-line tell of breaks that were lost."""
    position = 0
    for raw in folded.split("\n"):
        edges = [0, *_lost_breaks(raw), len(raw)]
        yield from ((position + a, position + b) for a, b in pairwise(edges))
        position += len(raw) + 1


def _lost_breaks(raw: str) -> list[int]:
    """Where `…, Exclusion Criteria:` begins in a line, and the bullets of `- A - B - C`."""
    if "criteria" not in raw and " - " not in raw:
        return []
    sections = _SECTION.finditer(raw) if "criteria" in raw else ()
    found = [match.end() for match in sections if _begins_anew(raw[: match.start()])]
    dashes = [match.start() for match in _DASHED.finditer(raw)] if raw.lstrip().startswith("- ") else []
    return sorted({*found, *(dashes if len(dashes) > 1 else ())})


def _begins_anew(before: str) -> bool:
    """Whether a sentence has ended before a heading, punctuated or not."""
    if before[-1] in ".,;:)":
        return True
    return len(before.split()) >= _LONG_AGO and not _OF_THE_SENTENCE.search(before)


def _line(folded: str, start: int, end: int) -> Line | None:
    """The line between two offsets; None when nothing stands there."""
    while end > start and folded[end - 1].isspace():
        end -= 1
    first = start
    while first < end and folded[first] == " ":
        first += 1
    if first == end:
        return None
    bullet = _BULLET.match(folded, first, end)
    if bullet is None or _is_amount(folded, bullet):
        return Line(first, end, first - start, "")
    body = bullet.end()
    while body < end and folded[body] == " ":
        body += 1
    second = _BULLET.match(folded, body, end)
    if second is not None and second.lastgroup in ("num", "circled") and not _is_amount(folded, second):
        body = second.end()
        while body < end and folded[body] == " ":
            body += 1
    style = bullet.lastgroup or ""
    return Line(body, end, first - start, _STYLES.get(style, style))


def _is_amount(folded: str, bullet: re.Match[str]) -> bool:
    """`2.5 nmol/L ≤ …`: a number with its unit, no number of a section."""
    return bullet[0][-1].isdigit() and scan(folded, bullet.end() + 1) is not None


def _continues(folded: str, previous: Line, line: Line, after_blank: bool) -> bool:
    """A line without a bullet that goes on in the middle of the previous line's sentence."""
    if line.style or folded[previous.end - 1] in _TERMINAL:
        return False
    if folded[line.start] in "(≥≤<>=+," or folded[previous.end - 1] in ",(≥≤<>=-":
        return True
    return not after_blank and bool(previous.style) and line.indent > previous.indent
