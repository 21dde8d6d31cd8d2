"""How eligibility texts spell units, and the UCUM code each spelling means.

A spelling is composed: an optional power of ten, an optional numerator, denominators (`× 10^9 cells/L`, `mL per min
per 1.73 m²`). Case matters only where units.toml says so (`K/uL` is thousands, `G/L` is not grams).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from service.reference.ucum import TABLES, is_unit


class UnitMatch(NamedTuple):
    """A unit found in a text; it ends before character `end`."""

    end: int
    code: str


SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–º˚", "0123456789---°°")
_TIMES, _BLANKS = "[x×✕✖∗*·∙]", r"[\s.\-_]+"
_POWER = re.compile(
    rf"(?:{_TIMES}\s*)?10\s*(?:\\?\^|\\?\*\\?\*?|exp|e)\s*\(?\s*(\d{{1,2}}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})\)?(?!\d)"
    rf"|(?:{_TIMES}\s*)?10\((\d{{1,2}})\)|(?<![^\W\d_])e(\d{{1,2}})(?=\s*/)"
    rf"|(?:{_TIMES}\s*)?10\s*([⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})"
    rf"|{_TIMES}\s*10\s?(1[0-2]|[3-9])(?=\s*(?:/|per\b|cells?\b|platelets?\b|cd\d|[a-zµμ]+\s*/))",
    re.IGNORECASE,
)
_ONE = r"(?:\d+(?:[.,]\d+)?|[^\W\d_]+|[%％°˚℃℉㎀-㏿+]|/(?=[oO]\b))"
_FIRST = re.compile(_ONE)
_PIECE = re.compile(rf"(?:\\?\^\s?|[\s.\-]*){_ONE}")
_PER = re.compile(r"\s*(?:/|∕|⁄|\bper\b(?:\s+an?\b)?)\s*", re.IGNORECASE)
_BESIDE = re.compile(r"[\s.·∙⋅*×]+")
_INVERSE = re.compile(r"\s?[-−–⁻]\s?([123¹²³])(?!\d)")


@lru_cache(maxsize=4096)
def _key(spelling: str) -> str:
    """Lower case, one blank for blanks, dots and hyphens, no caret: the form in which spellings are compared."""
    plain = unicodedata.normalize("NFKC", spelling.translate(SUPERSCRIPTS)).lower()
    return re.sub(_BLANKS, " ", re.sub(r"\\?\^\s?", "", plain)).strip()


def by_spelling(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every spelling of rows of (code, spellings) and its code. Raises ValueError where two codes share one."""
    table: dict[str, str] = {}
    for code, line in rows:
        for spelling in line.split(" | "):
            known = table.setdefault(_key(spelling), code)
            if known != code:
                raise ValueError(f"units.toml spells `{known}` and `{code}` both `{spelling}`")
    return table


def _beginnings(spelling: str) -> Iterator[str]:
    """The spelling's first piece, its first two pieces, and so on."""
    piece = _FIRST.match(spelling)
    while piece:
        yield _key(spelling[: piece.end()])
        piece = _PIECE.match(spelling, piece.end())


EXACT = TABLES.exact
SPELLINGS = by_spelling([*TABLES.spelling.items(), *TABLES.counted.items()])
_BEGINNINGS = frozenset(part for spelling in SPELLINGS for part in _beginnings(spelling))
_VOLUMES = ("L", "mL", "uL", "dL")
_BELOW = {"G": ("L",), "T": ("L",), "M": _VOLUMES, "K": _VOLUMES, "k": _VOLUMES, "MIU": ("",), "MU": ("",)}
"""What must stand below the exact spelling; under something else it is read as if in lower case. "" is nothing."""


def scan(text: str, start: int = 0) -> UnitMatch | None:
    """The longest unit that begins exactly at `start` (no blank before it); None if there is none."""
    power = _POWER.match(text, start)
    at = power.end() if power else start
    top = _atom(text, _past_blanks(text, at) if power else at)
    end = top.end if top else at
    below = _denominators(text, end)
    head = _head(power, top, text[start:end], below[0].code if below else "")
    for last in range(len(below), -1, -1) if head is not None else ():
        code = "".join((head or "", *(f"/{part.code}" for part in below[:last])))
        code = TABLES.composed.get(code, code)
        if code not in TABLES.counted and is_unit(code):
            return UnitMatch(below[last - 1].end if last else end, code)
    return None


@lru_cache(maxsize=4096)
def ucum(spelling: str) -> str | None:
    """The UCUM code a spelling means; a UCUM code means itself. None if it is neither."""
    text = " ".join(spelling.split()).strip(" .;,")
    if text in TABLES.alone:
        return TABLES.alone[text]
    found = scan(text) if text else None
    if found and found.end == len(text):
        return found.code
    return text if text and is_unit(text) else None


def _past_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _atom(text: str, start: int) -> UnitMatch | None:
    """The longest run of pieces from `start` that is spelled in units.toml."""
    found, end = None, start
    while piece := _PIECE.match(text, end) if end > start else _FIRST.match(text, start):
        end = piece.end()
        spelled, key = text[start:end], _key(text[start:end])
        if key not in _BEGINNINGS and spelled not in EXACT:
            break
        if text[end - 1].isalpha() and text[end : end + 1].isdecimal():
            continue
        code = EXACT.get(spelled) or SPELLINGS.get(key)
        found = UnitMatch(end, code) if code else found
    return found


def _denominators(text: str, at: int) -> list[UnitMatch]:
    """Every `/mL`, `per min` or `m-2` from here on."""
    found: list[UnitMatch] = []
    while (below := _denominator(text, at)) and not below.code.startswith("10*"):
        at = below.end
        found.append(below)
    return found


def _denominator(text: str, at: int) -> UnitMatch | None:
    if per := _PER.match(text, at):
        return _atom(text, per.end())
    beside = _BESIDE.match(text, at)
    atom = _atom(text, beside.end()) if beside else None
    inverse = _INVERSE.match(text, atom.end) if atom else None
    if atom is None or inverse is None:
        return None
    power = inverse[1].translate(SUPERSCRIPTS)
    return UnitMatch(inverse.end(), atom.code if power == "1" else atom.code + power)


def _head(power: re.Match[str] | None, top: UnitMatch | None, spelled: str, below: str) -> str | None:
    """The numerator's code; counted things vanish behind a power of ten, as in `10*9/L`. None if it is no unit."""
    head = top.code if top else ""
    if spelled in _BELOW and below not in _BELOW[spelled]:
        if spelled.lower() not in SPELLINGS:
            return None
        head = SPELLINGS[spelled.lower()]
    if not power:
        return head
    tens = f"10*{int(next(filter(None, power.groups())).translate(SUPERSCRIPTS))}"
    return tens if not head or head[0] == "{" else f"{tens}.{head}"
