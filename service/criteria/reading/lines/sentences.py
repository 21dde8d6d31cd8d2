"""One line of eligibility text → the pieces that stand alone: glued numbers, glued limits, glued sentences."""

import re
from typing import NamedTuple

from service.criteria.reading.words.lexicon import WORDS
from service.schemas.criterion import Polarity

_ENUMERATOR = re.compile(
    r"(?:(?<=[\s;,.:。])(?<!\d\.)|(?<=^))(?:\((\d{1,2})\)|(\d{1,2})[).](?=\s+[^\d\s]))\s*|([①-⑳])\s*"
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_DEPENDENT = re.compile(
    r"\s*(?:or|and|either|but|unless|except|excluding|if|then|who|which|that|with|within|without|when|where|in|on|for|at|by|as|to"
    r"|than|provided|followed|regardless|however|e\.g|i\.e|including|such|these|this|those|it|they)\b"
    r"|\s*[<>≤≥=]+\s*[\d.]+\s*(?:x|times|\*)?\s*(?:the\s+)?(?:i?uln|lln|upper|lower)\b"
)
_CHOICE = re.compile(r"\b(?:either|one\s+of|any\s+of|some\s+of|at\s+least\s+(?:one|two|three|\d)\s+of|following)\b")
_LEVEL = re.compile(r"[][();]")
_LIMIT = re.compile(r"[<>≤≥=]|\d|\bnormal\b")
_WORD = re.compile(r"[^\W\d_]+")
_COUNTED = re.compile(r"[\d①-⑳](?:[).]|(?<=[①-⑳]))")
_GAP = re.compile(r"\s+(?=[A-Z][a-z]+\b)")
_ENDS = re.compile(r"(?:\b[a-z]{2,}|[\d)%])$")
_JOINS_NEXT = re.compile(
    r"(?:\b(?:a|an|the|of|or|and|with|by|in|on|at|to|from|for|as|per|than|under|via|is|are|be|the|using|grade|stage|class|type|phase"
    r"|group|grading|modified|anti|non|de|von|du|la|le|written|signed|voluntary|provide|giving|obtain\w*|score|scale|versus|vs|into|between|within|prior|after|before|during|has|have)|[,/(\"'-])$"
)
_BLANK = " \n\t;"
_WIDEST = 90
"""Letters of the longest word that a gap is looked for behind."""

_OPENERS = frozenset(WORDS["opener"])


class Piece(NamedTuple):
    """Characters `start` up to `end` of the eligibility text."""

    start: int
    end: int


def pieces_of(text: str, folded: str, start: int, end: int, polarity: Polarity) -> list[Piece]:
    """The stand-alone pieces between two offsets, in order, trimmed; together they hold every word."""
    pieces = [Piece(start, end)]
    for cuts in (_numbered, _limits if polarity is Polarity.INCLUSION else _alternatives, _glued):
        pieces = [part for piece in pieces for part in _cut(folded, piece, cuts(text, folded, piece))]
    return pieces or [Piece(start, end)]


def _cut(folded: str, piece: Piece, cuts: list[tuple[int, int]]) -> list[Piece]:
    """The piece without the separators `cuts`, each part trimmed; empty parts vanish."""
    if not cuts and folded[piece.start] not in _BLANK and folded[piece.end - 1] not in _BLANK:
        return [piece]
    edges = [piece.start, *(edge for cut in cuts for edge in cut), piece.end]
    parts = [_trim(folded, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [part for part in parts if part.start < part.end]


def _trim(folded: str, start: int, end: int) -> Piece:
    while start < end and folded[start] in _BLANK:
        start += 1
    while end > start and folded[end - 1] in _BLANK:
        end -= 1
    return Piece(start, end)


def _numbered(text: str, folded: str, piece: Piece) -> list[tuple[int, int]]:
    """Numbers that count up inside one line: `1) … 2) …`, `① … ② …`."""
    if not _COUNTED.search(folded, piece.start, piece.end):
        return []
    found: list[tuple[int, int]] = []
    expected = 0
    for match in _ENUMERATOR.finditer(folded, piece.start, piece.end):
        digits = match[1] or match[2]
        number = int(digits) if digits else ord(match[3]) - ord("①") + 1
        opens = not found and (number == 2 or match[1] or match[3]) and piece.start < match.start()
        if number == expected + 1 or opens:
            found.append(match.span())
            expected = number
    if len(found) < 2 and not (found and (expected == 2 or folded[found[0][0]] in _CIRCLED)):
        return []
    return [] if _CHOICE.search(folded, piece.start, found[0][0]) else found


def _semicolons(folded: str, piece: Piece) -> list[tuple[int, int]]:
    """Semicolons outside brackets; none at all if a part does not stand alone."""
    if folded.find(";", piece.start, piece.end) < 0:
        return []
    cuts, depth = [], 0
    for match in _LEVEL.finditer(folded, piece.start, piece.end):
        char, place = match[0], match.start()
        depth += (char in "([") - (char in ")]")
        if char == ";" and depth == 0:
            cuts.append((place, place + 1))
    if not cuts or _CHOICE.search(folded, piece.start, piece.end):
        return []
    starts = [cut[1] for cut in cuts]
    return [] if any(_DEPENDENT.match(folded, place, piece.end) for place in starts) else cuts


def _limits(text: str, folded: str, piece: Piece) -> list[tuple[int, int]]:
    """In an inclusion a semicolon means *and* only between limits; elsewhere the parts may be alternatives."""
    cuts = _semicolons(folded, piece)
    if not cuts:
        return []
    parts = _cut(folded, piece, cuts)
    return cuts if all(_LIMIT.search(folded, part.start, part.end) for part in parts) else []


def _alternatives(text: str, folded: str, piece: Piece) -> list[tuple[int, int]]:
    """In an exclusion each part of a semicolon list excludes by itself."""
    return _semicolons(folded, piece)


def _glued(text: str, folded: str, piece: Piece) -> list[tuple[int, int]]:
    """A capitalised opener in mid-line without punctuation before it: a lost line break."""
    cuts = []
    for match in _GAP.finditer(text, piece.start, piece.end):
        gap, after = match.span()
        opener = _WORD.match(folded, after, after + 30)
        if opener is None or opener[0] not in _OPENERS or not _ENDS.search(text, max(piece.start, gap - _WIDEST), gap):
            continue
        before = folded[max(piece.start, gap - 20) : gap]
        depth = folded.count("(", piece.start, gap) - folded.count(")", piece.start, gap)
        if depth <= 0 and not _JOINS_NEXT.search(before):
            cuts.append((gap, after))
    return cuts if cuts and not _is_title(text[piece.start : piece.end]) else []


def _is_title(text: str) -> bool:
    """Few words, or a capital at every third: none of them tells where a sentence begins."""
    words = _WORD.findall(text)
    capitals = sum(word[0].isupper() and not word.isupper() for word in words)
    return len(words) < 6 or capitals > 0.34 * len(words)
