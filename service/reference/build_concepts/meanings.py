"""Names → what each phrase means: which concept wins a name, which names stay out of running text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.reference import concepts_words as words
from service.reference.build_concepts.entry import Entries, Entry
from service.reference.build_concepts.hierarchy import reaches
from service.reference.build_concepts.names import tokens
from service.reference.build_concepts.terms import Terms
from service.schemas.concept import ConceptKind

Key = tuple[str, ...]
_SITE = re.compile(r"(?P<site>[\w -]+?) (?P<kind>cancer|neoplasm|carcinoma|tumor)s?", re.IGNORECASE)


# no clinical name begins so, and text is full of them
FUNCTION_WORDS = words.STOP | frozenset(
    ["with", "without", "as", "at", "not", "no", "per", "may", "had", "during", "after", "other"]
)


@dataclass(frozen=True)
class Meanings:
    """`phrases` by token key; those without a concept are passed over.

    `quiet` ones are found by lookup, not in running text; `bags` are phrases by their sorted words.
    """

    phrases: dict[Key, tuple[str, ...]]
    quiet: frozenset[Key]
    bags: dict[Key, tuple[str, ...]]
    any_case: frozenset[str]


def variants(entry: Entry) -> Iterator[tuple[str, int]]:
    """An entry's names, and the ways clinicians turn them."""
    for name, trust in entry.names.items():
        yield name, trust
        if " of the " in name:
            yield name.replace(" of the ", " of "), trust + 1
        if entry.kind is ConceptKind.DISEASE and (site := _SITE.fullmatch(name)):
            yield f"{site['kind']} of {site['site']}", trust + 1
            yield f"{site['kind']} of the {site['site']}", trust + 1


def usable(key: Key, own: bool) -> bool:
    """A key that can be found in text: no break, at most ten words, and not one or two characters unless ours."""
    letters = sum(map(len, key[::2]))
    if not key or words.BREAK in key or len(key) > 19 or letters > 90 or (key[0] in FUNCTION_WORDS and not own):
        return False
    return own or (letters > 2 and not all(token.isdigit() for token in key[::2]))


def _win(claims: dict[str, int], entries: Entries) -> tuple[str, ...]:
    """The concepts that claim a key with the best trust; a general subject loses to a clinical one.

    A name that both a disease and a form of it claim means the disease.
    """
    clinical = {id_: t for id_, t in claims.items() if entries[id_].kind is not ConceptKind.OTHER} or claims
    best = [id_ for id_, trust in sorted(clinical.items()) if trust == min(clinical.values())]
    forms = {a for a in best for b in best if a != b and reaches(entries, a, b)}
    return tuple(id_ for id_ in best if id_ not in forms)


def settle(entries: Entries, terms: Terms, parts_of_the_body: Iterable[str]) -> Meanings:
    """Who owns which phrase."""
    claims: dict[Key, dict[str, int]] = defaultdict(dict)
    capitals = {word.lower(): word for word in terms.any_case}
    for entry in entries.values():
        own = terms.names_of.get(entry.id, set())
        for name, trust in variants(entry):
            key = tuple(capitals.get(token, token) for token in tokens(name))
            if usable(key, name in own):
                claims[key][entry.id] = min(-1 if name in own else trust, claims[key].get(entry.id, 9))
    for name in (*parts_of_the_body, *terms.blocked):
        for spelling in (name, name.lower()):
            claims.pop(tokens(spelling), None)
    phrases = {key: _win(claim, entries) for key, claim in sorted(claims.items())}
    quiet = {key for key, ids in phrases.items() if all(entries[i].kind is ConceptKind.OTHER for i in ids)}
    quiet |= {key for key in phrases if _obscure(key, claims[key])}
    quiet |= {tokens(name) for name in terms.quiet} & phrases.keys()
    phrases |= {tuple(capitals.get(token, token) for token in tokens(name)): () for name in terms.file.silent}
    return Meanings(phrases, frozenset(quiet), _bags(claims, entries), frozenset(capitals))


def _obscure(key: Key, claims: dict[str, int]) -> bool:
    """A gene's alias, or an abbreviation of a rare disease: in a criterion it mostly means something else."""
    trust, short = min(claims.values()), len(key) == 1 and key[0].isupper()
    if trust > 1 and (short or all(id_.startswith("HGNC:") for id_ in claims)):
        return True
    return short and trust > -1 and len(key[0]) < 5 and all(id_.startswith("MONDO:") for id_ in claims)


def _bags(claims: dict[Key, dict[str, int]], entries: Entries) -> dict[Key, tuple[str, ...]]:
    merged: dict[Key, dict[str, int]] = defaultdict(dict)
    for key, claim in claims.items():
        bag = joined(token for token in key[::2] if token not in words.STOP)
        if 3 <= len(bag) <= 13:
            for id_, trust in claim.items():
                merged[bag][id_] = min(trust, merged[bag].get(id_, 9))
    return {bag: _win(claim, entries) for bag, claim in sorted(merged.items())}


def joined(bag: Iterable[str]) -> Key:
    """Words as a key with plain spaces between."""
    return tuple(" ".join(sorted(bag)).replace(" ", "\n \n").split("\n"))
