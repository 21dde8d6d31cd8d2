"""Eligibility text → requirements with polarity, heading path and span; no character with meaning is lost."""

import re
from typing import NamedTuple

from service.criteria.reading.lines.layout import Line, lines_of
from service.criteria.reading.lines.sentences import pieces_of
from service.criteria.reading.lines.whom import Whom, whom
from service.criteria.reading.words.lexicon import WORDS
from service.criteria.reading.words.normal import normal
from service.schemas.criterion import Polarity

_SECTION = re.compile(
    r"\W{0,20}(?P<before>(?:[\w&/'()+-]+\s+){0,4}?)(?:(?P<in>inclusions?|inclution|including|inclusive)"
    r"|(?P<out>exclusions?|excluding|exclusive|exclude|exclusionary))\s*(?:/\s*exclusion)?\b"
    r"(?P<what>\s*(?:criteria[ls]?|criterions?|conditions?|requirements?|characteristics?|items?))?"
    r"(?P<scope>[^:;.]{0,80}?)[\s*]*(?P<colon>:|$)"
)
_SENTENCE = re.compile(
    r"[^.;:]{0,90}?\b(?:(?P<out>excluded|exclude|(?:not|never|nor|ineligible)\b[^.;:]{0,40}\b(?:eligible|allowed|included|permitted|enrolled|participate|meet)"
    r"|ineligible|exclusionary|exclusion\s+criteria)|(?P<in>included|eligible|enrolled|recruited|inclusion\s+criteria))\b[^.;:]{0,60}:$"
)
_OTHERS = re.compile(
    r"\b(?:donors?|caregivers?|carers?|parents?|famil(?:y|ies)|relatives?|siblings?|partners?|spouses?|staff|clinicians?"
    r"|physicians?|nurses?|providers?|professionals?|controls?|healthy\s+(?:volunteer|subject|participant|individual|adult|people)s?"
    r"|units?|hospitals?|practices?|teachers?)\b(?!\s*(?:of|for|with)\s+patients?)"
)
_PATIENTS = re.compile(r"\b(?:patients?|cases?|residents?|recipients?|all\s+(?:subjects|participants))\b")
_GROUP = re.compile(
    r"(?:\b(?:any|one|either|some|[1-9]|two|three|four|five|both|all|each|none|more)\b[^.;]{0,40}\b(?:following|below|these|criteria|of)"
    r"|\bat\s+least\b[^.;]{0,40}|\beither|\bdefined\s+(?:as|by))\W*$"
)
EXCEPTING = re.compile(
    r"\b(?:except(?:ing)?(?:\s+(?:for|if|when|in))?|excluding|other\s+than|exceptions?\s+of|exceptions?(?:\s+(?:is|are))?|unless)"
    r"(?:\s+(?:for|the|any|of|one|following|they|patients?|subjects?|with|are|is|have|has|meet|who))*\W*$"
)
DENYING = re.compile(
    r"^\W*(?:(?:patients?|subjects?|participants?|individuals?|must|should|shall|may|do|does|did|who|with|has|have|the|be|are|is|there)\s+)*"
    r"(?:no|not|without|absence\s+of|lack\s+of|free\s+(?:of|from)|never|none|cannot)\b"
)

_LABEL = re.compile(
    r"(?:\w[\w/-]*\s+){0,6}(?:criteria|requirements|assessments|parameters|characteristics)|"
    + "|".join(map(re.escape, WORDS["heading"]))
)
"""What only ever heads a list, with or without a colon."""

_LISTED = re.compile(
    r"\b(?:any|one|either|some|two|three)\b[^.;]{0,60}\b(?:listed\s+(?:below|here)|(?:the\s+)?following|below)$"
)
_LIST_ENDS = ("below", "here", "following")
_HEADING = 300
"""Characters within which a heading ends."""


class Requirement(NamedTuple):
    """One requirement: its own words, its headings, and the alternatives nested under it.

    `others` says that a heading speaks of somebody who is not the patient: a donor, a caregiver, a healthy control.
    """

    start: int
    end: int
    polarity: Polarity
    path: tuple[str, ...]
    others: bool = False
    children: tuple["Requirement", ...] = ()
    whom: Whom | None = None


class _Heading(NamedTuple):
    """A heading in force; a section heading stands at indent -1."""

    line: Line
    text: str
    polarity: Polarity
    others: bool
    group: int | None = None
    whom: Whom | None = None


def split(text: str) -> tuple[Requirement, ...]:
    """The requirements of an eligibility text, in order; text before any heading counts as inclusion."""
    return tuple(_Splitter(text).run())


class _Splitter:
    """Walks the lines once, keeping the headings in force."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = normal(text)
        self.lines = lines_of(self.folded)
        self.headings: list[_Heading] = []
        self.found: list[Requirement] = []

    def run(self) -> list[Requirement]:
        for position, line in enumerate(self.lines):
            rest = self._section(line, position)
            if rest.start < rest.end:
                self._place(rest, position)
        return [self._closed(requirement) for requirement in self.found]

    def _section(self, line: Line, position: int) -> Line:
        """Enter a section if the line opens one; what stands behind its colon is left."""
        reach = min(line.end, line.start + _HEADING)
        match = self._section_at(line, reach)
        if match and not match["colon"] and reach < line.end:
            match = None
        whole = match is None and reach == line.end and self.folded[reach - 1] == ":"
        sentence = _SENTENCE.match(self.folded, line.start, line.end) if whole else None
        if match and not self._names_a_section(match, line, position):
            match = None
        opened = match or sentence
        if opened is None:
            return line
        polarity = Polarity.EXCLUSION if opened["out"] else Polarity.INCLUSION
        heading = self.text[line.start : opened.end()].strip(" \t:*")
        keep = [] if match else [h for h in self.headings if h.line.indent < 0]
        self.headings = [
            *keep,
            _Heading(line._replace(indent=-1 if match else line.indent), heading, polarity, self._others(opened)),
        ]
        end = opened.end()
        while end < line.end and self.folded[end] in " \t:*":
            end += 1
        return line._replace(start=end)

    def _section_at(self, line: Line, reach: int) -> re.Match[str] | None:
        """The opening of a section; every one has a word with `clu`."""
        told = self.folded.find("clu", line.start, reach) >= 0
        return _SECTION.match(self.folded, line.start, reach) if told else None

    def _names_a_section(self, match: re.Match[str], line: Line, position: int) -> bool:
        """`Exclusion criteria …` does; `Including patients with …` or `Exclusion of pregnancy` does not."""
        if match["what"]:
            return True
        bare = not match["before"].strip() and not match["scope"].strip()
        return bare and (bool(match["colon"]) or not line.style)

    def _others(self, match: re.Match[str]) -> bool:
        words = self.folded[match.start() : match.end()]
        return bool(_OTHERS.search(words)) and not _PATIENTS.search(words)

    def _place(self, line: Line, position: int) -> None:
        """File the line under the headings it stands under, as a heading or as requirements."""
        while self.headings and not _under(self.headings[-1].line, line, first=self._is_first(position)):
            self.headings.pop()
        if self._is_label(line) and self.headings and self._is_label(self.headings[-1].line):
            self.headings.pop()
        polarity = self.headings[-1].polarity if self.headings else Polarity.INCLUSION
        others = any(heading.others for heading in self.headings)
        path = tuple(heading.text for heading in self.headings)
        group = next((h.group for h in reversed(self.headings) if h.group is not None), None)
        if (self._is_label(line) or self._is_headed(line)) and self._has_children(line, position):
            self._open(line, polarity, others, path, group)
            return
        asked = next((heading.whom for heading in reversed(self.headings) if heading.whom), None)
        pieces = pieces_of(self.text, self.folded, line.start, line.end, polarity)
        self._file([Requirement(*piece, polarity, path, others, whom=asked) for piece in pieces], group)

    def _is_label(self, line: Line) -> bool:
        """Words without a bullet that head a list though no colon tells."""
        words = self.folded[line.start : min(line.end, line.start + _HEADING)]
        return not line.style and bool(_LABEL.fullmatch(words))

    def _is_headed(self, line: Line) -> bool:
        """A colon or a dash ends it; without one, words that ask for some of what follows."""
        if self.folded[line.end - 1] in ":-":
            return True
        words = self.folded[max(line.start, line.end - _HEADING) : line.end].rstrip(" ;.")
        return words.endswith(_LIST_ENDS) and bool(_LISTED.search(words))

    def _file(self, pieces: list[Requirement], group: int | None) -> None:
        """Into the group of alternatives it belongs to, or by itself."""
        if group is None:
            self.found.extend(pieces)
        else:
            parent = self.found[group]
            self.found[group] = parent._replace(children=(*parent.children, *pieces))

    def _open(self, line: Line, polarity: Polarity, others: bool, path: tuple[str, ...], group: int | None) -> None:
        """A heading; one that asks for some of its items becomes a requirement that holds them."""
        words = self.folded[line.start : line.end]
        others = others or (_OTHERS.search(words) is not None and len(words) < 60 and not _PATIENTS.search(words))
        place = None
        if group is None and any(pattern.search(words) for pattern in (_GROUP, EXCEPTING, DENYING)):
            place = len(self.found)
            self.found.append(Requirement(line.start, line.end, polarity, path, others))
        heading = self.text[line.start : line.end].strip(" \t:-")
        self.headings.append(_Heading(line, heading, polarity, others, place, whom(heading)))

    def _is_first(self, position: int) -> bool:
        """Whether the line stands right below the heading in force."""
        return position > 0 and self.headings[-1].line.end == self.lines[position - 1].end

    def _has_children(self, line: Line, position: int) -> bool:
        if position + 1 == len(self.lines):
            return False
        following = self.lines[position + 1]
        return _under(line, following, first=True) and not self._section_at(following, following.end)

    def _closed(self, requirement: Requirement) -> Requirement:
        """A group's words reach to the end of its last child."""
        if not requirement.children:
            return requirement
        return requirement._replace(end=requirement.children[-1].end)


def _under(heading: Line, line: Line, first: bool) -> bool:
    """Whether a line stands under a heading: deeper, bulleted below a bare heading, or bulleted in another style."""
    if heading.indent < 0 or line.indent > heading.indent:
        return True
    if line.indent < heading.indent and not first:
        return False
    if line.style:
        return line.style != heading.style
    return bool(heading.style) and first
