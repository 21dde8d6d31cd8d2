"""Text that remembers where in the document each of its characters stood, and the undoing of a page's spellings."""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from service.schemas.trial import Offset, Trial

# A page writes `\>` for `>`, `&gt;` for `>`, `＞` for `>`, `㎡` for `m2`. Superscripts stay: `10⁹` is not `109`.
SPELLING = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<entity>&(?:[lg][te]|amp|nbsp|quot|apos|#\d{1,6}|#x[0-9a-fA-F]{1,5});)"
    r"|(?P<stop>[、。](?P<close>(?=\S))?)"
    r"|(?P<wide>[\uff01-\uff5e\u3000\u00a0\u2007\u202f\u2103\u2160-\u217f\u3380-\u33df])"
    r"|(?P<invisible>[\u200b-\u200d\u2060\ufeff\u00ad\r\x00])"
)
STOPS = {"、": ",", "。": "."}
COUNTER = re.compile(r"(?:^|.*\n)[\s*•-]*\d{1,2}", re.DOTALL)  # `1、` at the start of a line is `1.`


class Reading(NamedTuple):
    """What a reader makes of a document: the Trial, and where the characters of its criteria stand."""

    trial: Trial
    offsets: tuple[Offset, ...] = ()


class Piece(NamedTuple):
    """Text as it reads, and the place in the document of its first character, or of what it all stands for."""

    text: str
    source: int
    as_written: bool = False

    @property
    def sources(self) -> Iterable[int]:
        """The place of each character."""
        if self.as_written:
            return range(self.source, self.source + len(self.text))
        return [self.source] * len(self.text)


def pieces(text: str, start: int = 0) -> Iterator[Piece]:
    """The text with markdown escapes, HTML entities and full-width characters undone; it stands at `start`."""
    end = 0
    for found in SPELLING.finditer(text):
        yield Piece(text[end : found.start()], start + end, as_written=True)
        yield _undone(found, start)
        end = found.end()
    yield Piece(text[end:], start + end, as_written=True)


def plain(text: str) -> str:
    """The same text without its places."""
    return SPELLING.sub(lambda found: _undone(found, 0).text, text)


def _undone(found: re.Match[str], start: int) -> Piece:
    written = found.group()
    match found.lastgroup:
        case "escaped":
            return Piece(found["escaped"], start + found.start("escaped"))
        case "entity":
            return Piece(html.unescape(written).replace("\u00a0", " ").replace("\x00", ""), start + found.start())
        case "stop":
            sign = "." if COUNTER.fullmatch(found.string, 0, found.start()) else STOPS[written]
            return Piece(sign + " " * (found["close"] is not None), start + found.start())
        case "wide":
            return Piece(unicodedata.normalize("NFKC", written), start + found.start())
        case _:
            return Piece("", start + found.start())


class TracedText:
    """Text being put together: characters of the document with their places, and inserted ones without."""

    def __init__(self) -> None:
        self._characters: list[str] = []
        self._sources: list[int | None] = []

    def __len__(self) -> int:
        return len(self._characters)

    def __str__(self) -> str:
        return "".join(self._characters)

    def copy(self, text: str, start: int) -> None:
        """Append what stands at `start` of the document, its spellings undone."""
        for piece in pieces(text, start):
            self._characters.extend(piece.text)
            self._sources.extend(piece.sources)

    def rewrite(self, text: str, source: int) -> None:
        """Append another sign for the one that stands at `source`, such as `*` for `•`."""
        self._characters.extend(text)
        self._sources.extend([source] * len(text))

    def insert(self, text: str) -> None:
        """Append what the document does not have."""
        self._characters.extend(text)
        self._sources.extend([None] * len(text))

    @property
    def sources(self) -> tuple[int | None, ...]:
        """The place of each character; None where it was inserted."""
        return tuple(self._sources)

    @property
    def offsets(self) -> tuple[Offset, ...]:
        """One Offset wherever the places stop running on by one; inserted characters need none."""
        offsets: list[Offset] = []
        ahead = None  # source minus text, of the run we are in
        for place, source in enumerate(self._sources):
            if source is not None and source - place != ahead:
                ahead = source - place
                offsets.append(Offset(text=place, source=source))
        return tuple(offsets)


def place_in_source(offsets: tuple[Offset, ...], character: int) -> int:
    """Where that character of the criteria stands in the document; an inserted one: near where it was put."""
    run = offsets[max(0, bisect_right(offsets, character, key=lambda offset: offset.text) - 1)]
    return run.source + character - run.text
