"""The vocabulary: diseases, drugs, procedures, organisms and antigens, by name, by code, and in running text."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from service.reference import concepts_index, concepts_suggest, concepts_text
from service.reference.concepts_names import Names
from service.schemas.coding import ICD10CM, MESH, RXNORM, SNOMED_CT
from service.schemas.concept import ConceptKind

__all__ = [
    "Concept", "ConceptKind", "Mention", "Resolved",
    "ancestors", "by_code", "concept", "descendants", "is_a", "lookup", "mentions", "path", "resolve", "suggest",
    "targets",
]  # fmt: skip

MONDO = "http://purl.obolibrary.org/obo/mondo.owl"
SYSTEMS = {ICD10CM: "ICD10CM", MESH: "MESH", SNOMED_CT: "SNOMED", RXNORM: "RXNORM", MONDO: "MONDO"}

INDEX = concepts_index.load()
_WORDS = concepts_text.Coder(INDEX)
_NAMES = Names(INDEX, _WORDS)


class Concept(Struct, frozen=True):
    """`id` carries its source: `MESH:D054198`, `MONDO:0004963`, `HGNC:1695`, `ELIGO:car-t`."""

    id: str
    name: str
    kind: ConceptKind


class Mention(NamedTuple):
    """`text[start:end]` names the concepts; several are several readings, all kept."""

    start: int
    end: int
    concepts: tuple[str, ...]


class Resolved(NamedTuple):
    """`rest` narrows the concepts: `Stage IV Breast Cancer` is breast cancer, and `Stage IV`."""

    concepts: tuple[Concept, ...]
    rest: tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def _concept(number: int) -> Concept:
    return Concept(INDEX.ids.restore_key(number), INDEX.name(number), INDEX.kind(number))


@lru_cache(maxsize=1 << 14)
def _meant(meaning: int) -> tuple[str, ...]:
    return tuple(INDEX.ids.restore_key(number) for number in INDEX.concepts(meaning))


@lru_cache(maxsize=1 << 14)
def concept(id: str) -> Concept:  # noqa: A002 – the field's own word
    """The concept of that id. Raises KeyError when there is none."""
    return _concept(INDEX.ids[id])


def lookup(text: str) -> tuple[Concept, ...]:
    """What a whole phrase means; several are several readings; empty when the vocabulary does not know it."""
    return tuple(map(_concept, _NAMES.exact(text)))


def resolve(text: str) -> Resolved:
    """As lookup, but words that only qualify the concept may stand around it; they are handed back as `rest`."""
    numbers, rest = _NAMES.resolve(text)
    return Resolved(tuple(map(_concept, numbers)), rest)


def suggest(typed: str, limit: int = 10) -> tuple[Concept, ...]:
    """What someone who has typed this far may mean, the likeliest first; quick enough for every key pressed."""
    return tuple(map(_concept, concepts_suggest.suggest(INDEX, _WORDS, typed)[:limit]))


def mentions(text: str) -> tuple[Mention, ...]:
    """Every phrase of the vocabulary in the text: longest first, left to right, none overlapping."""
    found = (Mention(start, end, _meant(m)) for start, end, m in concepts_text.scan(INDEX, _WORDS, text))
    return tuple(mention for mention in found if mention.concepts)


def by_code(system: str, code: str) -> tuple[Concept, ...]:
    """What a code means, ICD-10-CM with or without its dot; empty for unknown, retired and unmapped codes."""
    name, plain = SYSTEMS.get(system, ""), code.strip().upper()
    if name == "ICD10CM":
        plain = plain[:3] + plain[3:].removeprefix(".")
    elif name:
        plain = plain.removeprefix(f"{name}:").removeprefix(f"{name}_")
    for spelling in (plain, plain.replace("D000", "D", 1)):
        if f"{name}:{spelling}" in INDEX.ids:
            return (concept(f"{name}:{spelling}"),)
        number = INDEX.codes.get(f"{name} {spelling}")
        if number is not None:
            return tuple(_concept(n) for n in INDEX.concepts(INDEX.code_meanings[number]))
    return ()


@lru_cache(maxsize=1 << 14)
def ancestors(id: str) -> frozenset[str]:  # noqa: A002 – as above
    """Every broader concept, without itself. Raises KeyError for an unknown id."""
    return _closure(INDEX.ids[id], INDEX.parents)


@lru_cache(maxsize=1 << 8)
def descendants(id: str) -> frozenset[str]:  # noqa: A002 – as above
    """Every narrower concept, without itself. Raises KeyError for an unknown id."""
    return _closure(INDEX.ids[id], INDEX.children)


def _closure(start: int, step: Callable[[int], Iterable[int]]) -> frozenset[str]:
    seen: set[int] = set()
    stack = [start]
    while stack:
        fresh = set(step(stack.pop())) - seen
        seen |= fresh
        stack += fresh
    return frozenset(map(INDEX.ids.restore_key, seen))


def targets(id: str) -> tuple[str, ...]:  # noqa: A002 – as above
    """Ids of the antigens that a therapy aims at: CD19 for a CD19 CAR-T."""
    return tuple(INDEX.ids.restore_key(number) for number in INDEX.targets(INDEX.ids[id]))


def is_a(narrow: str, broad: str) -> bool:
    """Whether everything that is `narrow` is `broad`; true of a concept and itself."""
    return narrow == broad or broad in ancestors(narrow)


def path(narrow: str, broad: str) -> tuple[Concept, ...]:
    """A shortest chain of ever broader concepts, both ends included; empty when `narrow` is not a `broad`."""
    goal = INDEX.ids.get(broad)
    came_from = {INDEX.ids[narrow]: -1}
    level = list(came_from)
    while level and goal not in came_from:
        above: list[int] = []
        for number in level:
            for parent in INDEX.parents(number):
                if parent not in came_from:
                    came_from[parent] = number
                    above.append(parent)
        level = above
    if goal is None or goal not in came_from:
        return ()
    chain = [goal]
    while (below := came_from[chain[-1]]) >= 0:
        chain.append(below)
    return tuple(map(_concept, reversed(chain)))
