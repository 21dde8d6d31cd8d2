"""A requirement's text → tokens, each typed once by the tables it stands in."""

import re
from typing import NamedTuple

from service.criteria.reading.lexicon import LENGTHS, NUMBERS, ORDINALS, PHRASES, ROMAN, TIMES, Tags
from service.criteria.reading.normal import normal
from service.reference.analytes import SYMBOLS
from service.reference.concepts import Mention, lookup, mentions
from service.reference.units import scan
from service.schemas.expression import Expression, Window

_TOKEN = re.compile(
    r"(?P<nth>\d{1,2}(?:st|nd|rd|th)(?![^\W_]))"
    r"|(?P<num>\d+(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?|\.\d+)"
    r"|(?P<cmp>[<>]\s*/?\s*(?:or\s*=|=)|=\s*[<>]|[≥≤]\s*/?\s*=?|[<>]|(?<![<>=])=)"
    r"|(?P<pm>\+\s*/\s*-|±)"
    r"|(?P<times>(?<=[\d\s)])x(?=\s*(?:\d|i?uln|lln|unl|upper|lower|the\b|institutional|normal|above|greater)))"
    r"|(?P<version>(?:(?<![^\W_])v(?:er(?:sion)?)?\.?\s?|(?<=ctcae[ -]))\d+(?:\.\d+)+)"
    r"|(?P<word>(?<![^\W_])(?:i\.\s?e|e\.\s?g)\b\.?|[^\W\d_]+(?:'[^\W\d_]+)?\d*)"
    r"|(?P<sign>[^\s\w])"
)
_COMPARATORS = {"≥": ">=", "≤": "<=", "<": "<", ">": ">", "=": "="}
_THOUSANDS = re.compile(r" (\d{3})(?![\d.,])(?! ?[a-z]*[.:)])")
_CLASSES = re.compile(r"(?<![a-z])[ivx]{1,4}-[ivx]{1,4}(?![a-z])")
_NAMED = re.compile(
    r"(?<![a-z])(?:(?:dsm|icd|ctcae|covid|sars|cov|mdq|phq|gad|hpv|her|il|cd|pd|bcl"
    r"|test|questionnaire|function|inventory|form|scale|index|instrument)-|version\s)$"
)
"""Names that a number belongs to: `DSM-5`, `IL-6`, `Screening Test-10`, `version 5`."""
_GRADED = frozenset({"grade", "stage", "class", "level"})
_AGED = re.compile(r"\b(?:age|old|y\.?o)\b")
_RANK = re.compile(
    r"\s*(?:(?:(?:and|to|or|-)\s*(?:the\s+)?\d{1,2}(?:st|nd|rd|th)\s+(?=(?:per)?centiles?\b))|((?:per)?centiles?)\b)"
)
Value = str | float | tuple[str, ...] | Window


class Token(NamedTuple):
    """Characters `start` up to `end` and what they may mean: table → key, e.g. `analyte` → `platelets`.

    `reading` is the expression that a pass has read from them; such a token is an item.
    """

    start: int
    end: int
    tags: dict[str, Value]
    reading: Expression | None = None

    def text(self, source: str) -> str:
        """The characters."""
        return source[self.start : self.end]


def sign_of(token: Token) -> str | None:
    """The punctuation mark, if the token is one."""
    sign = token.tags.get("sign")
    return sign if isinstance(sign, str) else None


def name_of(token: Token, source: str) -> str:
    """The words that name what the token means, completed where the text shortened them."""
    name = token.tags.get("name")
    return name if isinstance(name, str) else token.text(source)


def past_synonym(tokens: list[Token], i: int) -> int:
    """Past `(HBsAg)`."""
    if (
        i + 2 < len(tokens)
        and sign_of(tokens[i]) == "("
        and sign_of(tokens[i + 2]) == ")"
        and not tokens[i + 1].reading
    ):
        return i + 3
    return i


def ids_of(token: Token) -> tuple[str, ...]:
    """The concepts it may mean; none once it is read."""
    found = token.tags.get("concept")
    return found if isinstance(found, tuple) and token.reading is None else ()


def single(known: tuple[str, ...]) -> str | None:
    """Ambiguity is kept out of the tree: the name then speaks for itself."""
    return known[0] if len(known) == 1 else None


def lex(text: str) -> list[Token]:
    """Tokens in order; white space and tight hyphens between letters are no tokens."""
    return _Lexer(text).tokens()


def _raw(text: str, folded: str) -> list[Token]:
    """Numbers with their units, comparators, words and signs."""
    found: list[Token] = []
    position = 0
    while match := _TOKEN.search(folded, position):
        position = match.end()
        kind, spelled = match.lastgroup, match[0]
        if kind == "nth":
            position = _ranked(folded, match, found)
        elif kind == "num" and _NAMED.search(folded, max(0, match.start() - 14), match.start()):
            found.append(Token(match.start(), position, {"word": spelled}))
        elif kind == "num":
            position = _number(text, folded, match, found)
        elif kind == "version":
            found.append(Token(match.start(), position, {"word": spelled, "filler": "filler"}))
        elif kind == "cmp":
            found.append(Token(match.start(), position, {"comparator": _comparator(spelled)}))
        elif kind == "word":
            spelled = spelled.replace(".", "").replace(" ", "")
            found.append(Token(match.start(), position, _word_tags(spelled)))
            if spelled in NUMBERS:
                position = _unit(text, folded, position, found)
        elif spelled == "(" and folded.startswith("s)", position) and folded[match.start() - 1].isalpha():
            position += 2
        elif spelled != "-" or not _is_tight(folded, match.start()):
            found.append(Token(match.start(), position, {"sign": "±" if kind == "pm" else spelled}))
    return found


def _ranked(folded: str, match: re.Match[str], found: list[Token]) -> int:
    """Add `3rd` as a place in an order, `5th to 95th percentile` as numbers with their unit; where to go on."""
    rank = _RANK.match(folded, match.end())
    if rank is None:
        found.append(Token(match.start(), match.end(), _ordinal(match[0])))
        return match.end()
    found.append(Token(match.start(), match.end(), {"num": float(match[0][:-2])}))
    if rank[1] is None:
        return match.end()
    found.append(Token(rank.start(1), rank.end(), {"unit": "{percentile}"}))
    return rank.end()


def _comparator(text: str) -> str:
    sign = _COMPARATORS[text.strip("=").strip()[0]] if text.strip("= ") else "="
    return sign + "=" if sign in "<>" and "=" in text else sign


def _ordinal(spelled: str) -> dict[str, Value]:
    """`95th`: a place in an order, no amount."""
    return {"word": spelled, "ordinal": float(spelled[:-2])}


def _word_tags(text: str) -> dict[str, Value]:
    tags: dict[str, Value] = {"word": text}
    if text in NUMBERS:
        tags["num"] = float(NUMBERS[text])
    if text in ORDINALS:
        tags["ordinal"] = float(ORDINALS[text])
    if text in TIMES:
        tags["time"] = TIMES[text]
    if text in ROMAN:
        tags["roman"] = float(ROMAN[text])
    return tags


def _is_tight(folded: str, place: int) -> bool:
    """A hyphen inside a word or a name: `second-line`, `PHQ-9`."""
    first = place
    while first > 0 and folded[first - 1].isalnum():
        first -= 1
    if first == place or not folded[first].isalpha() or not folded[place + 1 : place + 2].isalnum():
        return False
    return not _CLASSES.search(folded, max(0, place - 4), place + 5)


def _number(text: str, folded: str, match: re.Match[str], found: list[Token]) -> int:
    """Add the number, and its unit when one follows; where to go on."""
    value, end = _value(folded, match)
    found.append(Token(match.start(), end, {"num": value}))
    return _unit(text, folded, end, found)


def _unit(text: str, folded: str, end: int, found: list[Token]) -> int:
    """Add the unit that follows a number, if one does; where to go on."""
    place = end
    while place < len(folded) and folded[place] in " -":
        place += 1
    unit = scan(text, place)
    if unit is None or (folded[end:place].strip() and not folded[unit.end - 1].isalpha()):
        return end
    tags: dict[str, Value] = {"unit": unit.code}
    if _AGED.search(folded, place, unit.end):
        tags["aged"] = "age"
    found.append(Token(place, unit.end, tags))
    return unit.end


def _value(folded: str, match: re.Match[str]) -> tuple[float, int]:
    """The number: thousands separators dropped, a decimal comma read as a point."""
    text, end = match[0], match.end()
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", "")), end
    if "," in text:
        whole, _, part = text.partition(",")
        if len(part) > 2 or re.match(r"\s*(?:,|or\b|and\b)", folded[end : end + 6]):
            return float(whole), match.start() + len(whole)
        return float(f"{whole}.{part}"), end
    grouped = _THOUSANDS.match(folded, end)
    if grouped and len(text) <= 3 and text.isdigit():
        return float(text + grouped[1]), grouped.end()
    return float(text), end


class _Lexer:
    """The pieces of one text, joined into the longest phrases that the tables or the vocabulary know."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = normal(text)
        self.raw = _raw(text, self.folded)
        self.words = [str(t.tags.get("word", self.folded[t.start : t.end])) for t in self.raw]
        self.concepts = {mention.start: mention for mention in mentions(text)}

    def tokens(self) -> list[Token]:
        """Every piece, as itself or in a phrase."""
        found: list[Token] = []
        position = 0
        while position < len(self.raw):
            token, position = self._at(position)
            symbol = SYMBOLS.get(token.text(self.text))
            found.append(token if symbol is None else token._replace(tags={**token.tags, "analyte": symbol}))
        return found

    def _at(self, position: int) -> tuple[Token, int]:
        """The longest phrase or concept from a piece on, and the piece behind it."""
        first = self.raw[position]
        end, tags = self._phrase(position)
        mention = None if self._is_graded(position) else self.concepts.get(first.start)
        if mention is not None and "qualifier" in tags and (inner := self._unqualified(end, mention)):
            self.concepts[inner.start] = inner
            mention = None
        if mention is not None and self._ends_in_amount(mention):
            mention = None
        if mention is not None:
            stop = position
            while stop < len(self.raw) and self.raw[stop].end <= mention.end:
                stop += 1
            if stop > end:
                end, tags = stop, {"concept": mention.concepts}
            elif stop == end:
                tags = {**tags, "concept": mention.concepts}
        return Token(first.start, self.raw[end - 1].end, tags), end

    def _phrase(self, position: int) -> tuple[int, dict[str, Value]]:
        """Where the longest phrase of the tables ends, and what it may mean."""
        own = self.raw[position].tags
        for length in LENGTHS.get(self.words[position], ()):
            end = position + length
            known = PHRASES.get(tuple(self.words[position:end])) if end <= len(self.raw) else None
            if known is not None and not self._compares(position, known, end):
                return end, {**own, **known} if length == 1 else {**known}
        return position + 1, own

    def _compares(self, position: int, known: Tags, following: int) -> bool:
        """`over 18 and under 75`: the words before a number begin a bound, they do not end one."""
        if following < len(self.raw) and self.words[following] in ("than", "then"):
            return "trailing" in known
        is_trailing = "trailing" in known and "comparator" not in known
        if self.words[position] == "or" and self.words[following - 1] not in ("under", "over", "above", "below"):
            return False
        return is_trailing and following < len(self.raw) and "num" in self.raw[following].tags

    def _ends_in_amount(self, mention: Mention) -> bool:
        """`AD 18 to 65 years`: the number behind a name begins a bound, whatever the vocabulary makes of both."""
        last = next((i for i, token in enumerate(self.raw) if token.end == mention.end), None)
        if last is None or "num" not in self.raw[last].tags or last + 1 >= len(self.raw):
            return False
        behind = self.raw[last + 1]
        return "unit" in behind.tags or self.words[last + 1] in ("to", "-", "years", "year")

    def _unqualified(self, end: int, mention: Mention) -> Mention | None:
        """The mention without the qualifier it begins with, where the vocabulary means the same by both."""
        if end >= len(self.raw) or self.raw[end].end > mention.end:
            return None
        start = self.raw[end].start
        known = tuple(concept.id for concept in lookup(self.text[start : mention.end]))
        return Mention(start, mention.end, known) if known == mention.concepts else None

    def _is_graded(self, position: int) -> bool:
        """`grade I`, `stage 3` stand for a class of some scale, whatever the vocabulary says."""
        if self.words[position] not in _GRADED or position + 1 == len(self.raw):
            return False
        return bool({"num", "roman"} & self.raw[position + 1].tags.keys())
