"""What a whole phrase means, through the ways clinicians write it."""

from service.reference import concepts_words as words
from service.reference.concepts_index import QUIET, Index
from service.reference.concepts_text import Coder


def meaning(index: Index, coder: Coder, text: str) -> tuple[int, ...]:
    """Concept numbers; empty when nothing is known under that name."""
    parts = words.split(text)[1:-1]
    code = coder.code(parts)
    number = index.phrases.get(code)
    if number is not None:
        return index.concepts(index.meanings[number] & ~QUIET)
    number = index.bags.get(words.JOIN.join(words.bag(code)))
    if number is not None:
        return index.concepts(index.bag_meanings[number])
    return ()
