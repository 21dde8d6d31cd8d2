"""What somebody may mean who has typed the beginning of a name, some words of it, or a code. A few milliseconds."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from functools import cache
from heapq import nsmallest
from itertools import islice
from math import log2
from typing import NamedTuple

from service.api.spelled import plain, preferred_names, spelled
from service.reference import concepts as vocabulary
from service.reference import concepts_words as words
from service.reference.concepts import INDEX
from service.reference.concepts_index import QUIET
from service.reference.concepts_text import Coder
from service.schemas.concept import ConceptHit, ConceptKind

TYPED, NAMED, HOLDS = range(3)
"""How good a hit is: all of a name or a code, the beginning of a name, words of a name."""
WORDS, PHRASES, LINES = 300, 1_500, 700
"""How many words and names are looked at; beyond, what is typed says too little."""
TELLING = 3
"""Letters without which a single word's beginning says too little."""
WORDIEST = " " * 99
RARE = {ConceptKind.ORGANISM: 2.0, ConceptKind.OTHER: 2.0}
"""Kinds that trials name less often than others."""


class Found(NamedTuple):
    """Hits sort by it: how good, how far from what was typed, and the shorter name."""

    grade: int
    distance: float
    length: int
    number: int
    matched: str


def suggest(typed: str, kinds: Iterable[ConceptKind], most: int) -> tuple[ConceptHit, ...]:
    """The best first, every concept once."""
    wanted = frozenset(kinds) or frozenset(ConceptKind)
    best: dict[int, Found] = {}
    for source in (_whole, _beginning, _holding):
        for found in source(typed):
            if INDEX.kind(found.number) in wanted and found <= best.get(found.number, found):
                best[found.number] = found
        if len(best) >= most and source is _beginning:
            break
    return tuple(map(_hit, sorted(best.values())[:most]))


def _hit(found: Found) -> ConceptHit:
    name = INDEX.name(found.number)
    matched = spelled(found.matched) if found.grade == NAMED else found.matched
    shown = matched if matched.lower() not in {"", name.lower()} else None
    return ConceptHit(id=INDEX.ids.restore_key(found.number), name=name, kind=INDEX.kind(found.number), matched=shown)


def _whole(typed: str) -> Iterator[Found]:
    """Everything typed is a name, or a code of one of the systems."""
    coded = (concept for system in vocabulary.SYSTEMS for concept in vocabulary.by_code(system, typed))
    for distance, concepts in enumerate((vocabulary.lookup(typed), coded)):
        for concept in concepts:
            yield Found(TYPED, distance, len(concept.name), INDEX.ids[concept.id], typed.strip())


def _beginning(typed: str) -> Iterator[Found]:
    """Names, synonyms too, that begin with what is typed: the last word may be unfinished."""
    parts = words.split(typed)
    if len(parts) < 3 or (len(parts) == 3 and len(parts[1]) < TELLING):
        return
    *before, last, _ = parts[1:]
    code, begun = _coder().code(before), f" {plain(typed).strip()}"
    phrases = (item for letter in _begun(last) for item in INDEX.phrases.iteritems(code + letter))
    nearest: dict[int, str] = {}
    for phrase, number in islice(phrases, PHRASES):
        for concept in INDEX.concepts(INDEX.meanings[number] & ~QUIET):
            if len(phrase) < len(nearest.get(concept, WORDIEST)):
                nearest[concept] = phrase
    names = preferred_names()
    for concept, phrase in nearest.items():
        preferred = names.text.startswith(begun, names.starts[concept])
        yield _found(NAMED, concept, len(phrase) - 2 * preferred, "" if preferred else phrase)


def _found(grade: int, concept: int, tokens: int, matched: str) -> Found:
    """Long names are far; concepts that have many kinds are near, for they are what people mean."""
    names = preferred_names()
    length = names.starts[concept + 1] - names.starts[concept]
    kinds = 2 * log2(1 + len(INDEX.children(concept)))
    return Found(grade, tokens + length / 5 - kinds + RARE.get(INDEX.kind(concept), 0), length, concept, matched)


def _begun(word: str) -> Iterable[str]:
    """Letters of words that begin so, the shortest first; in American spelling, or an abbreviation."""
    spellings = {word.lower(), words.fold(word), word.upper()}
    begun = {item for spelling in spellings for item in INDEX.words.iteritems(spelling)}
    shortest = nsmallest(WORDS, begun, key=_length)
    return dict.fromkeys(words.letter(INDEX.same_word[number]) for _, number in shortest)


def _length(item: tuple[str, int]) -> tuple[int, str]:
    return len(item[0]), item[0]


@cache
def _coder() -> Coder:
    return Coder(INDEX)


def _holding(typed: str) -> Iterator[Found]:
    """Preferred names that hold a word beginning with each word typed, in any order."""
    asked = sorted(re.findall(r"\w+", plain(typed)), key=len, reverse=True)
    if not asked or len(asked[0]) < TELLING:
        return
    names = preferred_names()
    for number in islice(_lines_with(asked[0]), LINES):
        name = names.text[names.starts[number] : names.starts[number + 1]]
        if all(f" {word}" in name for word in asked[1:]):
            yield _found(HOLDS, number, name.count(" "), "")


def _lines_with(word: str) -> Iterator[int]:
    """Numbers of the concepts in whose name a word begins so."""
    names, begun = preferred_names(), f" {word}"
    at = names.text.find(begun)
    while at >= 0:
        number = bisect(names.starts, at) - 1
        yield number
        at = names.text.find(begun, names.starts[number + 1])
