"""Words of the vocabulary: how text is cut into words, and what makes two spellings the same word.

A phrase is coded as a string with one character a token (word or separator), so that comparing, slicing
and prefix search work on phrases as they do on strings, and token `i` of the text is character `i` of its code.
"""

import re
import unicodedata
from functools import lru_cache

_LETTER = "a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u1fff\u2c00-\u2dff\u3040-\ud7ff"  # \w is twice as slow
TOKEN = re.compile(rf"([{_LETTER}]+(?:['’´`][sS](?![{_LETTER}]))?|\d+)")
STOP = frozenset({"of", "the", "a", "an", "in", "to", "due", "by", "and", "for"})  # not counted when order is free
JOIN, COMMA, SLASH, BREAK = " ", ",", "/", "\0"
SEPARATORS = frozenset({JOIN, COMMA, SLASH, BREAK})

_JOINER = re.compile(r"\s*[-‐‑\u00ad]?\s*|[-‐‑–]|['’´`]")
_POSSESSIVE = re.compile(r"['’´`]s$")
_PARAGRAPH = re.compile(r"\n\s*\n")
_BRITISH: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("[ao]e"), "e"),
    (re.compile("(?<=[a-z]{2})our(?=$|al|ed|ing|less)"), "or"),
    (re.compile("^leuc(?=[oe])"), "leuk"),
    (re.compile("sulph"), "sulf"),
    (re.compile("([^aeiou])is(?=e$|ed$|ing$|ation$)"), r"\1iz"),
    (re.compile("([ae]l)ly"), r"\1ly"),
    (re.compile("(?<=[a-z])lys(?=e$|ed$|ing$)"), "lyz"),
    (re.compile("(?<=[a-z]{2})re$"), "er"),
)
_MAYBE_BRITISH = re.compile("[ao]e|our|^leuc|sulph|is[ei]|isation|lly|lys|re$")
_PLURAL: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("ies", re.compile("(?<=[a-z]{2})ies$"), "y"),
    ("oses", re.compile("(?<=[a-z]{2}o)ses$"), "sis"),
    ("stases", re.compile("(?<=[a-z]sta)ses$"), "sis"),
    ("itides", re.compile("(?<=[a-z])itides$"), "itis"),
    ("omata", re.compile("(?<=[a-z]{3}om)ata$"), "a"),
    ("crises", re.compile("(?<=cri)ses$"), "sis"),
    ("es", re.compile("(?<=[a-z])(ss|sh|ch|x|[a-z]{3}us)es$"), r"\1"),
    ("ses", re.compile("(?<=[a-z])ses$"), "se"),
    ("s", re.compile("(?<=[a-z]{2}[^sui])s$"), ""),
)
"""Each behind the letters that a word must end in for it to change anything."""


def split(text: str) -> list[str]:
    """Separator, word, separator, …, separator; joined they are the text again."""
    return TOKEN.split(text)


def separator(between: str) -> str:
    """What the characters between two words mean: same phrase, comma, slash or the end of a phrase."""
    if _JOINER.fullmatch(between):
        return BREAK if _PARAGRAPH.search(between) or " - " in between else JOIN
    bare = between.strip()
    return bare if bare in {COMMA, SLASH} else BREAK


def abbreviation(word: str) -> str | None:
    """Upper-case form of a word written with two or more capitals (`GvHD`, `TKIs`); None for other words.

    A small letter at the front stays: `eGFR` is not `EGFR`.
    """
    if word.islower() or sum(map(str.isupper, word)) < 2:
        return None
    bare = re.sub(r"['’´`]?s$", "", word)
    return bare[0] + bare[1:].upper()


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Lower case, no accents, American spelling, singular, no possessive."""
    folded = word.lower()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    folded = _POSSESSIVE.sub("", folded) if folded[-1:] == "s" else folded
    for ending, pattern, replacement in _PLURAL if folded[-1:] in ("s", "a") else ():
        singular = pattern.sub(replacement, folded) if folded.endswith(ending) else folded
        if singular != folded:
            folded = singular
            break
    for pattern, replacement in _BRITISH if _MAYBE_BRITISH.search(folded) else ():
        folded = pattern.sub(replacement, folded)
    return folded


def letter(word_id: int) -> str:
    """The character that stands for a word: private to one build, never a separator nor a surrogate."""
    code = word_id + 0x100
    return chr(code if code < 0xD800 else code + 0x800)


def word_id(letter_: str) -> int:
    """The word that a character stands for."""
    code = ord(letter_)
    return code - 0x100 - (0x800 if code > 0xD800 else 0)


def bag(code: str, ignored: frozenset[str] = SEPARATORS) -> str:
    """The code's words in one fixed order, without separators: equal for phrases that differ in word order."""
    return "".join(sorted([char for char in code if char not in ignored]))
