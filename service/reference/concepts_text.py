"""Finding the vocabulary's phrases in running text."""

from collections.abc import Iterator
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
        for spelling in (words.abbreviation(token), token.lower(), words.fold(token)):
            if spelling is not None and (number := self._words.get(spelling)) is not None:
                return words.letter(self._same[number])
        return words.BREAK

    def code(self, parts: list[str]) -> str:
        """Phrase code of a split text; character i is token i."""
        return "".join(map(self.__getitem__, parts))


def scan(index: Index, coder: Coder, text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, meaning) of each phrase, longest first, left to right."""
    parts = words.split(text)
    code = coder.code(parts)
    ends = list(accumulate(map(len, parts)))
    find, meanings = index.phrases.iter_prefixes_with_ids, index.meanings
    starts = [at for at in range(1, len(code), 2) if code[at] in index.first_letters]
    free = 0
    for at in starts:
        if at < free:
            continue
        for phrase, number in reversed(list(find(code[at : at + LONGEST]))):
            meaning = meanings[number]
            if meaning & QUIET:
                continue
            last = at + len(phrase) - 1
            free = last + 1
            yield ends[at - 1], ends[last], meaning
            break
