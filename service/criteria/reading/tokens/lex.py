"""A requirement's text → tokens, each typed once by the tables it stands in."""

import re
from collections.abc import Iterable, Mapping

from service.criteria.reading.tokens.pieces import WORDS_ALONE, pieces
from service.criteria.reading.tokens.token import Token, Value, ids_of, name_of, past_synonym, sign_of, single
from service.criteria.reading.words.lexicon import PHRASES, WORD, Branch, Tags
from service.criteria.reading.words.normal import normal
from service.reference.analytes import SYMBOLS
from service.reference.concepts import Mention, lookup, mentions

__all__ = ["Token", "Value", "ids_of", "lex", "name_of", "past_synonym", "sign_of", "single"]

_COMMA = re.compile(r",\s")
_SYMBOLIC = frozenset(WORD.findall(symbol.lower())[0] for symbol in SYMBOLS)
"""Words that an analyte's symbol begins with."""

_GRADED = frozenset({"grade", "stage", "class", "level"})


def lex(text: str) -> list[Token]:
    """Tokens in order; white space and tight hyphens between letters are no tokens."""
    return _Lexer(text).tokens()


def _mentions(text: str) -> Iterable[Mention]:
    """The vocabulary's mentions. None reaches over a comma, though thesauri spell names so: a list goes on there."""
    found = mentions(text)
    if not any(_COMMA.search(text, each.start, each.end) for each in found):
        return found
    ends = [*(comma.start() for comma in _COMMA.finditer(text)), len(text)]
    starts = [0, *(comma.end() for comma in _COMMA.finditer(text))]
    return (
        Mention(start + each.start, start + each.end, each.concepts)
        for start, end in zip(starts, ends, strict=True)
        for each in mentions(text[start:end])
    )


class _Known(dict[str, dict[str, Value]]):
    """What each word means by itself and to the tables."""

    def __missing__(self, word: str) -> dict[str, Value]:
        return self.setdefault(word, {**WORDS_ALONE[word], **PHRASES[word].tags})


_KNOWN = _Known()


class _Lexer:
    """The pieces of one text, joined into the longest phrases that the tables or the vocabulary know."""

    def __init__(self, text: str) -> None:
        self.text = text
        folded = normal(text)
        self.raw = pieces(text, folded)
        self.words: list[str] = [t.tags.get("word") or folded[t.start : t.end] for t in self.raw]  # type: ignore[misc]  # that table holds nothing else
        self.concepts = {mention.start: mention for mention in _mentions(text)}

    def tokens(self) -> list[Token]:
        """Every piece, as itself or in a phrase."""
        found: list[Token] = []
        raw, words, concepts = self.raw, self.words, self.concepts
        position = 0
        while position < len(raw):
            token, word = raw[position], words[position]
            branch = PHRASES.get(word)
            if token.start in concepts or (branch is not None and not self._is_alone(position, branch)):
                token, position = self._at(position)
            else:
                token, position = token if branch is None else Token(token.start, token.end, _KNOWN[word]), position + 1
            if word in _SYMBOLIC and (symbol := SYMBOLS.get(self.text[token.start : token.end])) is not None:
                token = Token(token.start, token.end, {**token.tags, "analyte": symbol})
            found.append(token)
        return found

    def _at(self, position: int) -> tuple[Token, int]:
        """The longest phrase or concept from a piece on, and the piece behind it."""
        first = self.raw[position]
        mention = self.concepts.get(first.start)
        end, tags = self._phrase(position)
        if mention is None or self._is_graded(position):
            return Token(first.start, self.raw[end - 1].end, tags), end
        if "qualifier" in tags and (inner := self._unqualified(end, mention)):
            self.concepts[inner.start] = inner
            return Token(first.start, self.raw[end - 1].end, tags), end
        stop = position
        while stop < len(self.raw) and self.raw[stop].end <= mention.end:
            stop += 1
        if stop >= end and not self._ends_in_amount(mention, stop):
            own = tags if stop == end else {}
            return Token(first.start, self.raw[stop - 1].end, {**own, "concept": mention.concepts}), stop
        return Token(first.start, self.raw[end - 1].end, tags), end

    def _is_alone(self, position: int, branch: Branch) -> bool:
        """Whether the piece is a word, and no longer phrase of the tables begins with it."""
        if position + 1 < len(self.words) and self.words[position + 1] in branch.further:
            return False
        return "trailing" not in branch.tags and self.raw[position].tags is WORDS_ALONE.get(self.words[position])

    def _phrase(self, position: int) -> tuple[int, dict[str, Value]]:
        """Where the longest phrase of the tables ends, and what it may mean."""
        own = self.raw[position].tags
        for end, known in reversed(self._beginnings(position)):
            if not self._compares(position, known, end):
                return end, {**own, **known} if end == position + 1 else {**known}
        return position + 1, own

    def _beginnings(self, position: int) -> list[tuple[int, Tags]]:
        """The phrases of the tables that stand there, each with its end, the shortest first."""
        words, last = self.words, len(self.words)
        found: list[tuple[int, Tags]] = []
        further: Mapping[str, Branch] = PHRASES
        end = position
        while end < last and (branch := further.get(words[end])) is not None:
            end, further = end + 1, branch.further
            if branch.tags:
                found.append((end, branch.tags))
        return found

    def _compares(self, position: int, known: Tags, following: int) -> bool:
        """`over 18 and under 75`: the words before a number begin a bound, they do not end one."""
        if following < len(self.raw) and self.words[following] in ("than", "then"):
            return "trailing" in known
        is_trailing = "trailing" in known and "comparator" not in known
        if self.words[position] == "or" and self.words[following - 1] not in ("under", "over", "above", "below"):
            return False
        return is_trailing and following < len(self.raw) and "num" in self.raw[following].tags

    def _ends_in_amount(self, mention: Mention, stop: int) -> bool:
        """`AD 18 to 65 years`: the number behind a name begins a bound, whatever the vocabulary makes of both."""
        if not 0 < stop < len(self.raw) or self.raw[stop - 1].end != mention.end:
            return False
        if "num" not in self.raw[stop - 1].tags:
            return False
        return "unit" in self.raw[stop].tags or self.words[stop] in ("to", "-", "years", "year")

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
        return not {"num", "roman"}.isdisjoint(self.raw[position + 1].tags)
