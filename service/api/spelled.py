"""The vocabulary's phrases in letters again: they are kept by folded words, whose spelling the names still tell."""

import re
import unicodedata
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from service.reference import concepts_words as words
from service.reference.concepts import INDEX

UNFOLDED = (("", ""), ("", "s"), ("", "es"), ("y", "ies"), ("er", "re"), ("a", "ata"), ("sis", "ses"), ("se", "ses"))
"""What folding took from the end of a word, and what may have stood there."""


class Names(NamedTuple):
    """Preferred names in plain letters, a line each, every word behind a blank; where each begins; and the words."""

    text: str
    starts: list[int]
    words: frozenset[str]


@cache
def preferred_names() -> Names:
    """Of every concept, in the order of their numbers; made when first asked for."""
    text = plain("".join(f" {INDEX.name(number)}\n" for number in range(len(INDEX.kinds))))
    lines = text.split("\n")[:-1]
    return Names(text, [0, *accumulate(len(line) + 1 for line in lines)], frozenset(text.split()))


def plain(text: str) -> str:
    """Small letters without accents; a blank for whatever is neither letter nor digit nor the end of a line."""
    bare = (
        text.lower() if text.isascii() else re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.lower()))
    )
    return re.sub(r"[^\w\n]|_", " ", bare)


def spelled(phrase: str) -> str:
    """A phrase's code in letters: `acute lymphoid leukemia`; `leukemia, acute` turned round; `CD 371` joined."""
    turned = " ".join(reversed(phrase.split(words.COMMA))) if phrase.count(words.COMMA) == 1 else phrase
    separators = {words.JOIN: " ", " ": " ", words.COMMA: ", ", words.SLASH: "/"}
    text = "".join(separators[char] if char in separators else _unfolded(_word(char)) for char in turned)
    return re.sub(r"(?<=[A-Z]) (?=\d)", "", text)


def _word(letter: str) -> str:
    """The word that a letter of a phrase stands for; the inverse of `concepts_words.letter`."""
    code = ord(letter) if ord(letter) < 0xD800 else ord(letter) - 0x800
    word: str = INDEX.words.restore_key(code - 0x100)
    return word


@cache
def _unfolded(word: str) -> str:
    """The word as a preferred name has it, else as it is."""
    known = preferred_names().words
    for end, instead in UNFOLDED:
        if word.endswith(end) and (candidate := word.removesuffix(end) + instead) in known:
            return candidate
    return word
