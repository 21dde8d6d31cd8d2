"""Which concepts a searcher means: those that the words or the code name, and every narrower one."""

from collections.abc import Iterable

from service.criteria.narrower import narrower
from service.criteria.patient.meaning import meaning_of
from service.reference import concepts


def keys_meant(names: Iterable[str]) -> frozenset[str]:
    """Ids of the concepts that any of the names means, and of all their kinds."""
    meant: frozenset[str] = frozenset().union(*map(_named, names))
    return meant.union(*map(narrower, meant))


def _named(name: str) -> frozenset[str]:
    """What a name means: as a whole, else as a code of a classification (`C91.0`), else by what it mentions."""
    coded = (concepts.by_code(system, name) for system in concepts.SYSTEMS)
    found = concepts.lookup(name) or next(filter(None, coded), ())
    return frozenset(each.id for each in found) or meaning_of(name, None).stated
