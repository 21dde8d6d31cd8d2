"""The words that give a criterion its structure, indexed for longest-match look-up."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import NamedTuple

from service.reference.analytes import GROUPS
from service.reference.analytes import NAMES as ANALYTES
from service.reference.scales import NAMES as SCALES

# splits a name as `lex` splits a text: `hba1c` into `hba1` and `c`
WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:'[^\W\d_]+)?\d*|&|/|[+]|,(?=\sday\b)")

Tags = Mapping[str, str]

NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "sixty": 60,
    "l6": 16, "l7": 17, "l8": 18, "l9": 19,
}  # fmt: skip
"""`l8` is typed for 18, and no vertebra."""

TIMES = {
    "year": "a", "years": "a", "month": "mo", "months": "mo", "week": "wk", "weeks": "wk", "day": "d", "days": "d",
    "hour": "h", "hours": "h",
}  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8} | dict(
    zip("ⅰⅱⅲⅳⅴⅵⅶⅷ", range(1, 9), strict=True)
)


_LISTS = frozenset({"opener", "assay", "change", "vague", "vague_modifier", "heading"})
_LEXICON: dict[str, dict[str, list[str]]] = tomllib.loads(
    resources.files("service.criteria.reading.words").joinpath("lexicon.toml").read_text("utf8")
)
WORDS = {table: _LEXICON[table]["words"] for table in _LISTS}
"""Tables that are mere lists of words: no phrase is looked up in them."""


def _tables() -> Iterator[tuple[str, str, str]]:
    """(table, key, phrase) of every phrase known."""
    for table, keys in _LEXICON.items():
        if table in _LISTS:
            continue
        for key, phrases in keys.items():
            yield from ((table, key, phrase) for phrase in phrases)
    yield from (("analyte", key, name) for name, key in ANALYTES.items())
    yield from (("analytes", name, name) for name in GROUPS)
    yield from (("scale", key, name) for name, key in SCALES.items())


def _phrases() -> dict[tuple[str, ...], dict[str, str]]:
    """Every phrase by its words; a phrase of several tables carries all their tags."""
    merged: dict[tuple[str, ...], dict[str, str]] = {}
    for table, key, phrase in _tables():
        words = tuple(WORD.findall(phrase.lower()))
        if words:
            merged.setdefault(words, {}).setdefault(table, key)
    return merged


class Branch(NamedTuple):
    """Where the phrases that begin with some words go on, and what those words mean if they are a phrase."""

    further: dict[str, "Branch"]
    tags: dict[str, str]


def _branches(phrases: Mapping[tuple[str, ...], Tags]) -> dict[str, Branch]:
    """Every phrase by its first word, then by its second, and so on."""
    first: dict[str, Branch] = {}
    for words, tags in phrases.items():
        branches = first
        for word in words:
            branch = branches.setdefault(word, Branch({}, {}))
            branches = branch.further
        branch.tags.update(tags)
    return first


_KNOWN = _phrases()
PHRASES: Mapping[str, Branch] = _branches(_KNOWN)
QUALIFIERS = frozenset(tags["qualifier"] for tags in _KNOWN.values() if "qualifier" in tags)
