"""Which concepts a searcher means: those that the words name, and every narrower one."""

from collections.abc import Iterable

from service.criteria.narrower import narrower
from service.reference import concepts


def keys_meant(names: Iterable[str]) -> set[str]:
    """Ids of the concepts that any of the names means, or that are one of those."""
    meant = {concept.id for name in names for concept in named(name)}
    return meant.union(*map(narrower, meant))


def named(name: str) -> tuple[concepts.Concept, ...]:
    """What a name or a code of a classification (`C91.0`) means."""
    return concepts.lookup(name) or next(
        filter(None, (concepts.by_code(system, name) for system in concepts.SYSTEMS)), ()
    )
