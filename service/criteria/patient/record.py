"""A section of the patient's record, found again by concept: what it asserts, and what it merely may mean."""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, Generic, TypeVar

from msgspec import Struct

from service.criteria.patient.meaning import (
    ANYTHING,
    Meaning,
    ancestry,
    broader,
    kind_of,
    meaning_of,
    named,
    telling,
    telling_words,
)
from service.criteria.patient.wording import content_words
from service.reference import assays
from service.reference import concepts as vocabulary
from service.schemas.coding import LOINC, Coding
from service.schemas.patient import Observation, PatientAllergy, PatientCondition, PatientTreatment, TreatmentStatus
from service.schemas.report import Evidence

_place = attrgetter("place")
F = TypeVar("F", bound=PatientCondition | PatientTreatment | PatientAllergy | Observation)

_PAST = re.compile(
    r"^\s*(?:past |previous |prior )?(?:history of|h/o|hx of|status post|s/p|prior|previous|past)\s+", re.IGNORECASE
)
_FAMILY = re.compile(r"^\s*(?:family history|father|mother|brother|sister|sibling|parent|relative)", re.IGNORECASE)


class Entry(Struct, Generic[F], frozen=True):
    """One entry of the record; `names` are its words and those of its concepts.

    `place` is where it stands in its section. `past` where its words say "history of", `family` where they speak of a
    relative.
    """

    place: int
    pointer: str
    name: str
    fact: F
    meaning: Meaning
    words: frozenset[str]
    names: frozenset[str]
    past: bool
    family: bool

    @property
    def evidence(self) -> Evidence:
        """The entry as the sender named it."""
        return Evidence(pointer=self.pointer, value=self.name)


class Related(Struct, Generic[F], frozen=True):
    """Entries by how they stand to a concept: they are it or narrower, they are broader, they may be it.

    Of `same`, those in `exact` are the concept itself, not a narrower one.
    """

    same: tuple[Entry[F], ...] = ()
    exact: tuple[Entry[F], ...] = ()
    broader: tuple[Entry[F], ...] = ()
    perhaps: tuple[Entry[F], ...] = ()

    @property
    def near(self) -> tuple[Entry[F], ...]:
        """What may turn out to be it."""
        return (*self.broader, *self.perhaps)


NOTHING: Related[Any] = Related()


def entry(section: str, place: int, fact: F) -> Entry[F]:
    """One entry, understood; the kind of a treatment given ("chemotherapy") is as true of it as its name.

    Of a treatment never given the kind says nothing: other treatments of the kind may have been.
    """
    text = fact.text or ""
    past = _PAST.match(text)
    meaning = meaning_of(text[past.end() :] if past else fact.text, fact.code)
    if isinstance(fact, PatientTreatment) and fact.kind and fact.status is not TreatmentStatus.NEVER:
        meaning |= kind_of(fact.kind)
    name = text or _title(fact.code, meaning)
    words = content_words(name) if text or fact.code else frozenset[str]()
    names = words.union(*map(_words_of, meaning.stated | meaning.hinted))
    pointer = f"/{section}/{place}"
    return Entry(place, pointer, name, fact, meaning, words, names, bool(past), bool(_FAMILY.match(text)))


@lru_cache(maxsize=1 << 12)
def _words_of(concept: str) -> frozenset[str]:
    return content_words(named(concept, ""))


def entries(section: str, facts: Iterable[F]) -> "Entries[F]":
    """A section of the record, understood."""
    return Entries(entry(section, place, fact) for place, fact in enumerate(facts))


def _title(code: Coding | None, meaning: Meaning) -> str:
    """What to call an entry that has only a code."""
    if code is None:
        return "an entry without a name"
    known = named(min(meaning.stated), code.code) if meaning.stated else ""
    tested = assays.by_loinc(code.code) if code.system == LOINC else None
    return code.display or tested or (f"{known} ({code.code})" if known else code.code)


class Entries(Generic[F]):
    """The entries of one section, by every concept they imply, state or hint at."""

    def __init__(self, entries: Iterable[Entry[F]]) -> None:
        self.entries = tuple(entries)
        self.implied: dict[str, list[Entry[F]]] = {}
        self.stated: dict[str, list[Entry[F]]] = {}
        self.hinted: dict[str, list[Entry[F]]] = {}
        self.mentioned: dict[str, list[Entry[F]]] = {}
        for each in self.entries:
            self._place(each)
        self._spoken = self.stated.keys() | self.mentioned.keys()
        self._related: dict[tuple[str | None, str], Related[F]] = {}
        self._wider: dict[frozenset[str], Related[F]] = {frozenset(): NOTHING}

    def _place(self, each: Entry[F]) -> None:
        if each.family:
            return
        meaning = each.meaning
        for concept in meaning.stated:
            self.stated.setdefault(concept, []).append(each)
        for concept in meaning.implied:
            self.implied.setdefault(concept, []).append(each)
        for concept in meaning.hinted:
            self.mentioned.setdefault(concept, []).append(each)
        for concept in frozenset[str]().union(*map(ancestry, meaning.hinted | meaning.stated)) - meaning.implied:
            self.hinted.setdefault(concept, []).append(each)

    def related(self, concept: str | None, name: str) -> Related[F]:
        """How the record's entries stand to a concept, or to a name that the vocabulary knows several or none of."""
        if concept in ANYTHING:
            return NOTHING
        key = (concept, name)
        if key not in self._related:
            self._related[key] = self._by_words(name) if concept is None else self._by_concept(concept, name)
        return self._related[key]

    def _by_concept(self, concept: str, name: str) -> Related[F]:
        """Entries of one standing in the order of the record."""
        spoken = broader(concept) & self._spoken
        hints = self.hinted.get(concept, ())
        if not hints and concept not in self.implied:
            return self._by_broader(spoken)
        exact = (*self.stated.get(concept, ()), *(each for each in hints if _same_words(concept, name, each)))
        same = _distinct((*self.implied.get(concept, ()), *exact))
        wider = _distinct(_at(spoken, self.stated), same)
        perhaps = _distinct((*hints, *_at(spoken, self.mentioned)), (*same, *wider))
        return Related(same, exact, wider, perhaps)

    def _by_broader(self, spoken: frozenset[str]) -> Related[F]:
        """How the entries stand to any concept that only these, all of them broader, are spoken of."""
        if spoken not in self._wider:
            wider = _distinct(_at(spoken, self.stated))
            self._wider[spoken] = Related((), (), wider, _distinct(_at(spoken, self.mentioned), wider))
        return self._wider[spoken]

    def rule_out(self, concept: str | None, name: str) -> bool:
        """Whether silence can be read at all.

        Of a name that the vocabulary lacks, or that any disease may go by, only an empty section says "no".
        """
        if not self.entries:
            return True
        readings = {known.id for known in vocabulary.lookup(name)} if concept is None else {concept}
        return bool(readings) and readings.isdisjoint(ANYTHING)

    def alike(self, concept: str | None, name: str) -> list[Entry[F]]:
        """Entries that the vocabulary tells apart from a concept, though words say that they might be it.

        Entries of no known concept that share a word with it, and entries whose names hold every word of it.
        """
        words = telling_words(name) or telling_words(named(concept, name))
        return [
            each
            for each in self.entries
            if words
            and not each.family
            and (words <= each.names if each.meaning.implied else not words.isdisjoint(each.words))
        ]

    @cached_property
    def _named(self) -> dict[frozenset[str], list[Entry[F]]]:
        """The entries by the words that tell their names from others."""
        found: dict[frozenset[str], list[Entry[F]]] = {}
        for each in self.entries:
            found.setdefault(telling(each.words), []).append(each)
        return found

    def _by_words(self, name: str) -> Related[F]:
        words = telling_words(name)
        exact = self._named.get(words, []) if words else []
        readings = [self.related(known.id, name) for known in vocabulary.lookup(name)]
        same = _distinct(exact) if not readings else _shared([each.same for each in readings], exact)
        near = [each for reading in readings for each in (*reading.same, *reading.near)]
        shared = [] if readings else [each for each in self.entries if each.words & words]
        return Related(same, tuple(exact), (), _distinct([*near, *shared], same))


def _shared(readings: list[tuple[Entry[F], ...]], exact: Iterable[Entry[F]]) -> tuple[Entry[F], ...]:
    """The entries that are it under every reading, or by name."""
    pointers = frozenset.intersection(*(frozenset(each.pointer for each in reading) for reading in readings))
    return _distinct([*exact, *(each for each in readings[0] if each.pointer in pointers)])


def _same_words(concept: str, name: str, each: Entry[F]) -> bool:
    """Whether the name and the entry use one word of several meanings: then they mean the same."""
    readings = [several for several in each.meaning.readings if concept in several]
    return bool(readings) and frozenset(known.id for known in vocabulary.lookup(name)) in readings


def _at(concepts: Iterable[str], index: dict[str, list[Entry[F]]]) -> list[Entry[F]]:
    found = [each for concept in concepts for each in index.get(concept, ())]
    found.sort(key=_place)
    return found


def _distinct(entries: Iterable[Entry[F]], known: Iterable[Entry[F]] = ()) -> tuple[Entry[F], ...]:
    """Each once, without those already known."""
    once = {each.place: each for each in entries}
    for each in known:
        once.pop(each.place, None)
    return tuple(once.values())
