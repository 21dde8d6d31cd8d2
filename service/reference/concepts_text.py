"""Finding the vocabulary's phrases in running text."""

from itertools import accumulate

from service.reference import concepts_words as words
from service.reference.concepts_index import QUIET, Index

LONGEST = 19  # tokens of the longest phrase: ten words and the separators between
REMEMBERED = 100_000


class Coder(dict[str, str]):
    """Token → its character in a phrase code; remembers tokens seen, forgets all when too many."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self._words, self._same = index.words, index.same_word
        self.stop = frozenset(map(self._code, words.STOP))

    def __missing__(self, token: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        code = self._code(token)
        if len(token) < 40:
            self[token] = code
        return code

    def _code(self, token: str) -> str:
        if not words.TOKEN.fullmatch(token):
            return words.separator(token)
        for spelled in (words.abbreviation, str.lower, words.fold):
            spelling = spelled(token)
            if spelling is not None and (number := self._words.get(spelling)) is not None:
                return words.letter(self._same[number])
        return words.BREAK

    def code(self, parts: list[str]) -> str:
        """Phrase code of a split text; character i is token i."""
        return "".join(map(self.__getitem__, parts))


def scan(index: Index, coder: Coder, text: str) -> list[tuple[int, int, int]]:
    """(start, end, meaning) of each phrase, longest first, left to right."""
    parts = words.split(text)
    code = coder.code(parts)
    find, meanings = index.phrases.iter_prefixes_with_ids, index.meanings
    alone, openings, first = index.alone, index.openings, index.first
    found: list[tuple[int, int, int]] = []
    ends: list[int] = []
    free = 0
    for at in [2 * word + 1 for word, char in enumerate(code[1::2]) if char in first]:
        if at < free:
            continue
        meaning = alone.get(code[at], QUIET)
        length = 0 if meaning & QUIET else 1
        for phrase, number in find(code[at : at + LONGEST]) if code[at : at + 3] in openings else ():
            if not meanings[number] & QUIET:
                length, meaning = len(phrase), meanings[number]
        if length:
            ends = ends or list(accumulate(map(len, parts)))
            free = at + length
            found.append((ends[at - 1], ends[free - 1], meaning))
    return found
