"""Text → numbers with their units, comparators, words and signs, none of them joined into a phrase yet."""

import re

from service.criteria.reading.tokens.amounts import WEEKS, ranked, weeks
from service.criteria.reading.tokens.token import Token, Value
from service.criteria.reading.words.lexicon import NUMBERS, ORDINALS, ROMAN, TIMES
from service.reference.units import scan

_PIECE = re.compile(
    r"[\s_]*+(?:(?P<plain>[^\W\d_eivxⅰ-ⅻ][^\W\d_ⅰ-ⅻ]*+(?:'[^\W\d_]+)?\d*)"
    r"|(?P<nth>\d{1,2}(?:st|nd|rd|th)(?![^\W_]))"
    r"|(?P<version>(?:(?<![^\W_])v(?:er(?:sion)?)?\.?\s?|(?<=ctcae[ -]))\d+(?:\.\d+)+)"
    rf"|(?P<weeks>{WEEKS})"
    r"|(?P<num>\d+(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?|\.\d+)"
    r"|(?P<cmp>[<>]\s*/?\s*(?:or\s*=|or\s+equal(?:\s+to)?\b|=)|=\s*[<>]|[≥≤]\s*/?\s*=?|[<>]|(?<![<>=])=)"
    r"|(?P<pm>\+\s*/\s*-|±)"
    r"|(?P<times>(?<=[\d\s)])x(?=\s*(?:\d|i?uln|lln|unl|upper|lower|the\b|institutional|normal|above|greater)))"
    r"|(?P<word>(?<![^\W_])(?:i\.\s?e|e\.\s?g)\b\.?|[^\W\d_ⅰ-ⅻ]+(?:'[^\W\d_]+)?\d*|[ⅰ-ⅻ])"
    r"|(?P<sign>[^\s\w]))"
)
"""What begins like most words is one, whatever else could stand there."""

_COMPARATORS = {"≥": ">=", "≤": "<=", "<": "<", ">": ">", "=": "="}
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GOES_ON = re.compile(r"\s*(?:,|or\b|and\b)")
_THOUSANDS = re.compile(r" (\d{3})(?![\d.,])(?! ?[a-z]*[.:)])")
_POINTED = re.compile(r"\d{2,3}\.000")
"""`100.000/µl`: a point between thousands, as several languages have it."""

_CLASSES = re.compile(r"(?<![a-z])(?:[ivx]{1,4}|[ⅰ-ⅻ])[a-c]?\d?-(?:[ivx]{1,4}|[ⅰ-ⅻ])[a-c]?\d?(?![a-z])")
_NAMED = re.compile(
    r"(?<![a-z])(?:(?:dsm|icd|ctcae|covid|sars|cov|mdq|phq|gad|hpv|her|il|cd|pd|bcl|iief|sf|qlq|pcl"
    r"|test|questionnaire|function|inventory|form|scale|score|index|instrument)-|version\s)$"
)
"""Names that a number belongs to: `DSM-5`, `IL-6`, `Screening Test-10`, `version 5`."""
_CODE = re.compile(r"[a-z]{2,6}(?:-\d+){3,}|[a-z]{2,6}(?:-\d+)+-0\d+(?:-\d+)*")
"""`FG-506-06-21`: the number of a study, no range."""
_SECTION = re.compile(r"\d+(?:\.\d+){2,}")
"""`4.1.10`, `12.03.2019`: a place in a document, a date."""
_BEFORE_SIGNED = frozenset(
    {
        "than",
        "between",
        "from",
        "to",
        "and",
        "of",
        "least",
        "below",
        "above",
        "under",
        "over",
        "rass",
        "score",
        "sd",
        "is",
    }
)
_AGAIN = re.compile(r"\s*\(\s?(\d{1,2})\s?\)")
_AGED = re.compile(r"\b(?:age|olds?|y\.?o)\b")
_REMEMBERED, _LONGEST = 50_000, 40
Tags = dict[str, Value]


def pieces(text: str, folded: str) -> list[Token]:
    """The pieces in order; white space and tight hyphens between letters are none."""
    found: list[Token] = []
    position, piece_at = 0, _PIECE.match
    while match := piece_at(folded, position):
        kind, group = match.lastgroup, match.lastindex or 0
        start, position = match.span(group)
        spelled = match[group]
        if kind in ("plain", "word"):
            found.append(Token(start, position, WORDS_ALONE[spelled]))
            if spelled in NUMBERS:
                position = _unit(text, folded, _past_digits(folded, position, spelled), found)
        elif kind == "num":
            position = _number(text, folded, start, position, found)
        elif kind == "nth":
            found += [Token(*each) for each in ranked(folded, start, position)]
            position = found[-1].end
        elif kind == "weeks":
            found += [Token(*each) for each in weeks(spelled, start)]
        elif kind == "version":
            found.append(Token(start, position, {"word": spelled, "filler": "filler"}))
        elif kind == "cmp":
            found.append(Token(start, position, {"comparator": _comparator(spelled)}))
        elif spelled == "(" and folded.startswith("s)", position) and folded[start - 1].isalpha():
            position += 2
        elif spelled != "-" or not _is_tight(folded, start):
            found.append(Token(start, position, _SIGNS["±" if kind == "pm" else spelled]))
    return found


class _Words(dict[str, Tags]):
    """What each word means by itself; forgets all when too many."""

    def __missing__(self, spelled: str) -> Tags:
        if len(self) >= _REMEMBERED:
            self.clear()
        tags = _word(spelled.replace(".", "").replace(" ", ""))
        return self.setdefault(spelled, tags) if len(spelled) < _LONGEST else tags


class _Signs(dict[str, Tags]):
    """The punctuation marks met."""

    def __missing__(self, sign: str) -> Tags:
        return self.setdefault(sign, {"sign": sign})


WORDS_ALONE, _SIGNS = _Words(), _Signs()


def _word(text: str) -> Tags:
    tags: Tags = {"word": text}
    if text in NUMBERS:
        tags["num"] = float(NUMBERS[text])
    if text in ORDINALS:
        tags["ordinal"] = float(ORDINALS[text])
    if text in TIMES:
        tags["time"] = TIMES[text]
    if text in ROMAN:
        tags["roman"] = float(ROMAN[text])
    return tags


def _comparator(text: str) -> str:
    sign = _COMPARATORS[text.strip("=").strip()[0]] if text.strip("= ") else "="
    return sign + "=" if sign in "<>" and ("=" in text or "equal" in text) else sign


def _is_tight(folded: str, place: int) -> bool:
    """A hyphen inside a word or a name: `second-line`, `PHQ-9`."""
    first = place
    while first > 0 and folded[first - 1].isalnum():
        first -= 1
    if first == place or not folded[first].isalpha() or not folded[place + 1 : place + 2].isalnum():
        return False
    if folded[place + 1].isdigit() and folded[first:place] in TIMES:
        return False
    return not _CLASSES.search(folded, max(0, place - 6), place + 7)


def _number(text: str, folded: str, start: int, end: int, found: list[Token]) -> int:
    """Add the number, and its unit when one follows; where to go on."""
    if _NAMED.search(folded, max(0, start - 14), start):
        found.append(Token(start, end, {"word": folded[start:end]}))
        return end
    if (behind := _behind_code(folded, start, end)) is not None:
        found.append(Token(start, behind, {"word": folded[start:behind]}))
        return behind
    value, end = _value(folded, start, end)
    if found and folded[start - 1] in "-+" and _is_signed(found, folded, start):
        start, value = start - 1, -value if folded[start - 1] == "-" else value
        found.pop()
    found.append(Token(start, end, {"num": value}))
    return _unit(text, folded, end, found)


def _is_signed(found: list[Token], folded: str, start: int) -> bool:
    """`< -2.5`, `between -1 and -6`, `RASS -2 to +1`: the sign is the number's, as there is nothing to go on from."""
    if found[-1].end != start or len(found) < 2 or folded[start - 2].isalnum():
        return False
    before = found[-2].tags
    return "comparator" in before or before.get("word") in _BEFORE_SIGNED


def _past_digits(folded: str, position: int, spelled: str) -> int:
    """Past the `(6)` of `six (6) months`."""
    again = _AGAIN.match(folded, position)
    return again.end() if again and int(again[1]) == NUMBERS[spelled] else position


def _behind_code(folded: str, start: int, end: int) -> int | None:
    """Where the number of a study, of a section or of a day ends; None for any other number."""
    if folded[end : end + 1] == "." and (section := _SECTION.match(folded, start)):
        return section.end()
    if folded[start - 1 : start] != "-" or not folded[start - 2 : start - 1].isalpha():
        return None
    first = start - 1
    while first > 0 and folded[first - 1].isalpha():
        first -= 1
    code = _CODE.match(folded, first)
    return code.end() if code else None


def _unit(text: str, folded: str, end: int, found: list[Token]) -> int:
    """Add the unit that follows a number, if one does; where to go on."""
    place = end
    while place < len(folded) and folded[place] in " -":
        place += 1
    unit = scan(text, place)
    if unit is None or (folded[end:place].strip() and not folded[unit.end - 1].isalpha()):
        return end
    tags: Tags = {"unit": unit.code}
    if _AGED.search(folded, place, unit.end):
        tags["aged"] = "age"
    found.append(Token(place, unit.end, tags))
    return unit.end


def _value(folded: str, start: int, end: int) -> tuple[float, int]:
    """The number: thousands separators dropped, a decimal comma read as a point."""
    text = folded[start:end]
    if "," in text and _GROUPED.fullmatch(text):
        return float(text.replace(",", "")), end
    if "," in text:
        whole, _, part = text.partition(",")
        if len(part) > 2 or _GOES_ON.match(folded, end, end + 6):
            return float(whole), start + len(whole)
        return float(f"{whole}.{part}"), end
    if _POINTED.fullmatch(text):
        return float(text.replace(".", "")), end
    grouped = _THOUSANDS.match(folded, end)
    if grouped and len(text) <= 3 and text.isdigit():
        return float(text + grouped[1]), grouped.end()
    return float(text), end
