"""Phrase keys while the vocabulary is being made: readable strings, one token a word, coded at packing."""

from functools import lru_cache

from service.reference import concepts_words as words


@lru_cache(maxsize=1 << 20)
def tokens(name: str) -> tuple[str, ...]:
    """Words (abbreviations in capitals, others folded) and the separators between them."""
    parts = words.split(name)[1:-1]
    shouting = name.isupper() and len(parts) > 1 and max(map(len, parts)) > 6
    kept = []
    for at, part in enumerate(parts):
        if at % 2:
            kept.append(words.separator(part))
        else:
            kept.append((not shouting and words.abbreviation(part)) or words.fold(part))
    return tuple(kept)


def key_of(name: str) -> str:
    """Equal for spellings of the same phrase."""
    return "".join(tokens(name)).lower()
