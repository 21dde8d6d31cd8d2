"""All that the vocabulary knows of one concept, read backwards out of its tables."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache

from service.api.spelled import spelled
from service.errors import ConceptNotFound
from service.reference import concepts_words as words
from service.reference.concepts import INDEX, SYSTEMS
from service.reference.concepts_index import QUIET
from service.schemas.coding import ICD10CM, Coding
from service.schemas.concept import ConceptBrief, ConceptRecord

URIS = {name: uri for uri, name in SYSTEMS.items()}
CODES = 200


@lru_cache(maxsize=256)
def known(id: str) -> ConceptRecord:  # noqa: A002 – the field's own word
    """Without a count of trials. Raises ConceptNotFound."""
    if id not in INDEX.ids:
        raise ConceptNotFound
    number = INDEX.ids[id]
    return ConceptRecord(
        id=id,
        name=INDEX.name(number),
        kind=INDEX.kind(number),
        synonyms=_synonyms(number),
        codes=_codes(number),
        parents=tuple(map(_brief, INDEX.parents(number))),
        ancestors=tuple(map(_brief, _above(number))),
        trials=0,
    )


def _brief(number: int) -> ConceptBrief:
    return ConceptBrief(id=INDEX.ids.restore_key(number), name=INDEX.name(number), kind=INDEX.kind(number))


def _above(number: int) -> Iterator[int]:
    """Every broader concept once, the nearest first."""
    seen, level = {number}, [number]
    while level:
        level = list(dict.fromkeys(parent for each in level for parent in INDEX.parents(each) if parent not in seen))
        seen.update(level)
        yield from level


def _synonyms(number: int) -> tuple[str, ...]:
    """One name for each set of words, in the order of words that most of its spellings share."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place in _places(INDEX.meanings, number):
        phrase = INDEX.phrases.restore_key(place)
        spellings[words.bag(phrase)][spelled(phrase)] += 1
    found = {names.most_common(1)[0][0] for names in spellings.values()}
    return tuple(sorted(found - {INDEX.name(number)}, key=lambda name: (len(name), name)))


def _codes(number: int) -> tuple[Coding, ...]:
    own = INDEX.ids.restore_key(number).partition(":")
    found = {(own[0], own[2])} if own[0] in URIS else set()
    for place in _places(INDEX.code_meanings, number):
        name, _, code = INDEX.codes.restore_key(place).partition(" ")
        found.add((name, code))
    shortest = sorted(found, key=lambda each: (list(URIS).index(each[0]), len(each[1]), each[1]))
    return tuple(Coding(URIS[name], _dotted(URIS[name], code)) for name, code in shortest[:CODES])


def _dotted(system: str, code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if system == ICD10CM and len(code) > 3 else code


def _places(meanings: array[int], number: int) -> Iterator[int]:
    """Where a table of meanings means the concept, alone or among others."""
    raw = meanings.tobytes()
    for meaning in (number, *_shared().get(number, ())):
        for wanted in (meaning, meaning | QUIET):
            pattern = array("I", [wanted]).tobytes()
            at = raw.find(pattern)
            while at >= 0:
                if at % meanings.itemsize == 0:
                    yield at // meanings.itemsize
                at = raw.find(pattern, at + 1)


@cache
def _shared() -> dict[int, list[int]]:
    """Of every concept that shares a name or code with others, those meanings."""
    several = {meaning & ~QUIET for table in (INDEX.meanings, INDEX.code_meanings) for meaning in table}
    found: defaultdict[int, list[int]] = defaultdict(list)
    for meaning in several - set(range(len(INDEX.kinds))):
        for member in INDEX.concepts(meaning):
            found[member].append(meaning)
    return dict(found)
