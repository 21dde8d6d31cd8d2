"""A web page's text as lines that know their places, its sections by heading, and the layout of its criteria."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from service.errors import Fault, TruncatedDocument, UnreadableDocument
from service.sources.traced import TracedText, plain

BULLET = re.compile(r"^([-*•‣◦⁃▪●○·–])(?:\s+|$)")
NUMBER = re.compile(r"\d{1,2}\\?[.)]\s")
CRITERIA_HEADING = re.compile(
    r"(?:(?:key|main|major|general)\s+)?(?:inclusion|exclusion|eligibility)(?:\s*(?:and|&|/)\s*exclusion)?\s+criteria"
    r"\s*[:：]?",
    re.IGNORECASE,
)
SAYS_NOTHING = frozenset({"not available", "not provided", "not specified", "none provided", "-", "–", ""})
NCT = re.compile(r"\bNCT\d{8}\b")


class Line(NamedTuple):
    """One line of a page: number from 1, where its text starts in the document, how far it is indented.

    `words` is what it says: without bullet, table bars, escapes and surplus blanks.
    """

    number: int
    start: int
    indent: int
    text: str
    words: str

    @property
    def label(self) -> str:
        """How it reads as a heading: in lower case, without a final colon."""
        return self.words.rstrip(":： ").lower()


def said(text: str) -> str:
    """The words of a line's text."""
    return " ".join(plain(BULLET.sub("", text, count=1).strip("| ")).split())


Sections = Mapping[str, tuple[Line, ...]]


def page_lines(text: str) -> tuple[Line, ...]:
    """Every line, blank ones too."""
    lines: list[Line] = []
    start = 0
    for number, written in enumerate(text.split("\n"), 1):
        stripped = written.strip("\ufeff \t\r\u00a0\u3000")
        indent = written.find(stripped) if stripped else 0
        lines.append(Line(number, start + indent, indent, stripped, said(stripped)))
        start += len(written) + 1
    return tuple(lines)


def filled(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Those that say something."""
    return tuple(line for line in lines if line.text)


def words_of(lines: Iterable[Line]) -> tuple[str, ...]:
    """What the filled lines say, without `Not available` and its kin."""
    return tuple(line.words for line in lines if line.words.lower() not in SAYS_NOTHING)


def first_words(lines: Iterable[Line]) -> str | None:
    """The first line that says something."""
    return next(iter(words_of(lines)), None)


def words_under(found: Sections, heading: str) -> tuple[str, ...]:
    """What the lines under a heading say; nothing where the page has no such heading."""
    return words_of(found.get(heading, ()))


def first(found: Sections, heading: str) -> Line | None:
    """The first line under a heading that says something."""
    return next((line for line in found.get(heading, ()) if line.words.lower() not in SAYS_NOTHING), None)


def prose(lines: Iterable[Line]) -> str | None:
    """Paragraphs as the page breaks them; None when there are none."""
    text = "\n".join(plain(line.text) for line in lines)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return None if text.lower() in SAYS_NOTHING else text


def sections(lines: Sequence[Line], headings: Sequence[str]) -> Sections:
    """The lines under each heading that the page has, in the site's order; what precedes them is under `""`.

    The headings that make the longest chain in that order count: a line of prose that reads like a later
    heading does not swallow the sections between.
    """
    ranks = {heading: rank for rank, heading in enumerate(headings)}
    marks = _longest_chain([(ranks[line.label], at) for at, line in enumerate(lines) if line.label in ranks])
    bounds = [*(at for _, at in marks), len(lines)]
    bodies = (tuple(lines[start + 1 : end]) for start, end in pairwise(bounds))
    return {"": tuple(lines[: bounds[0]])} | dict(zip((headings[rank] for rank, _ in marks), bodies, strict=True))


def with_heading(lines: Sequence[Line], found: Sections, heading: str) -> tuple[Line, ...]:
    """A section's lines, its heading line first; none where the page has nothing under it."""
    body = found.get(heading, ())
    return (lines[body[0].number - 2], *body) if words_of(body) else ()


def _longest_chain(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of rising ranks; among equals, the one that stands earliest."""
    chains: list[list[tuple[int, int]]] = []
    for rank, at in marks:
        before = max((chain for chain in chains if chain[-1][0] < rank), key=len, default=[])
        chains.append([*before, (rank, at)])
    return max(chains, key=len, default=[])


def labelled(lines: Iterable[Line], labels: Iterable[str]) -> dict[str, Line]:
    """The line after each label: a page that writes `Label`, then its value below."""
    wanted = set(labels)
    found: dict[str, Line] = {}
    for line, below in pairwise(filled(lines)):
        if line.label in wanted and below.label not in wanted:
            found.setdefault(line.label, below)
    return found


def blocks(lines: Iterable[Line], ends: re.Pattern[str]) -> Iterator[tuple[list[Line], re.Match[str]]]:
    """Filled lines, at least one, up to each line that closes a block, with what that line says."""
    block: list[Line] = []
    for line in filled(lines):
        if found := ends.fullmatch(line.words):
            if block:
                yield block, found
            block = []
        else:
            block.append(line)


def require(found: Sections, headings: Iterable[str], site: str, lines: Sequence[Line]) -> None:
    """Refuse a page without one of its sections."""
    for heading in headings:
        if heading not in found:
            raise cut_off(site, heading.capitalize(), filled(lines)[-1])


def cut_off(site: str, expected: str, last: Line) -> TruncatedDocument:
    """The error for a page that ends too early."""
    return TruncatedDocument(
        f"this {site} page ends at line {last.number}, without `{expected}`: save the whole page and try again",
        Fault(f"expected `{expected}` at or before this line", line=last.number),
    )


def unexpected(what: str, line: Line) -> UnreadableDocument:
    """The error for a line that does not say what the site says there."""
    shown = line.words if len(line.words) <= 80 else line.words[:79] + "…"
    return UnreadableDocument(f"expected {what} on line {line.number}, found `{shown}`", Fault(what, line=line.number))


def nct_number(line: Line | None, site: str) -> str:
    """The trial's number, from the line where the site prints it."""
    if line is None:
        raise UnreadableDocument(f"this {site} page shows no NCT number: only trials of ClinicalTrials.gov can be read")
    if found := NCT.search(line.words):
        return found.group()
    raise unexpected("an NCT number (only trials of ClinicalTrials.gov can be read)", line)


def criteria(lines: Sequence[Line]) -> TracedText:
    """The eligibility text in the registry's layout: `Inclusion Criteria:`, blank line, `* ` bullets.

    Words, headings, numbers and line breaks are the page's own; only bullets, indentation, blank lines around
    headings and a heading's missing colon are ours.
    """
    text = TracedText()
    if not words_of(line for line in lines if not CRITERIA_HEADING.fullmatch(line.text)):
        return text
    base = min((line.indent for line in lines if BULLET.match(line.text) or NUMBER.match(line.text)), default=0)
    gap, bullet = "", None
    for line in lines:
        heading = CRITERIA_HEADING.fullmatch(line.text)
        if not line.text:
            gap = "\n\n"
        elif BULLET.fullmatch(line.text):
            bullet = line
        else:
            if len(text):
                text.insert("\n\n" if heading else gap or "\n")
            _criterion_line(text, line, bullet, base)
            gap, bullet = ("\n\n" if heading else ""), None
            if heading and not line.text.endswith((":", "：")):
                text.insert(":")
    return text


def _criterion_line(text: TracedText, line: Line, lone_bullet: Line | None, base: int) -> None:
    """One line; a bullet that stood alone above it is its own."""
    found = BULLET.match(line.text)
    bullet = lone_bullet or (line if found else None)
    words = line.text[found.end() :] if found else line.text
    text.insert(" " * max(0, (bullet or line).indent - base))
    if bullet:
        text.rewrite("* ", bullet.start)
    text.copy(words, line.start + len(line.text) - len(words))
