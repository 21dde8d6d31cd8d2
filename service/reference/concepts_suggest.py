"""What someone who has typed this far may mean."""

from collections.abc import Iterator
from itertools import islice

from service.reference import concepts_words as words
from service.reference.concepts_index import QUIET, Index
from service.reference.concepts_text import Coder

LOOKED_AT = 3_000  # phrases or words; a few milliseconds, and enough for ten good suggestions


def suggest(index: Index, coder: Coder, typed: str) -> list[int]:
    """Concept numbers of phrases that begin so: fewest words first, then those with most concepts below them."""
    ranks: dict[int, tuple[bool, int, int, int]] = {}
    for phrase in _phrases(index, coder, words.split(typed)[1:-1]):
        meaning = index.meanings[index.phrases[phrase]]
        for number in index.concepts(meaning & ~QUIET):
            rank = (bool(meaning & QUIET), len(phrase), -len(index.children(number)), number)
            ranks[number] = min(rank, ranks.get(number, rank))
    return sorted(ranks, key=ranks.__getitem__)


def _phrases(index: Index, coder: Coder, parts: list[str]) -> Iterator[str]:
    """Phrases whose first words are those typed, and whose next word begins as the last one does."""
    if not parts:
        return
    head, begun = coder.code(parts[:-1]), parts[-1]
    spellings = (words.fold(begun), begun.lower(), begun.upper())
    if head:
        for phrase in islice(index.phrases.iterkeys(head), LOOKED_AT):
            if index.words.restore_key(words.word_id(phrase[len(head)])).startswith(spellings):
                yield phrase
        return
    for spelling in dict.fromkeys(spellings):
        for word in islice(index.words.iterkeys(spelling), LOOKED_AT // 10):
            yield from islice(index.phrases.iterkeys(words.letter(index.same_word[index.words[word]])), LOOKED_AT // 50)
