"""One acyclic hierarchy out of several: ours first, then MONDO and the drug roles, then the MeSH tree."""

from collections.abc import Iterable

from service.reference.build_concepts.entry import Entries
from service.reference.build_concepts.mondo import Edges


def reaches(entries: Entries, start: str, goal: str) -> bool:
    """Whether `goal` is `start` or broader than it."""
    seen, stack = {start}, [start]
    while stack:
        here = stack.pop()
        if here == goal:
            return True
        fresh = entries[here].parents - seen
        seen |= fresh
        stack += fresh
    return False


def build(entries: Entries, sources: Iterable[Edges], cut: Edges, growth: tuple[set[str], set[str]]) -> None:
    """Set every entry's parents. An edge that would close a circle loses to the ones before it.

    `growth` is what is malignant and what is benign: nothing benign is placed below something malignant.
    """
    malignant, benign = growth
    tree = {(entry.id, parent) for entry in entries.values() for parent in entry.parents}
    for entry in entries.values():
        entry.parents = set()
    for edges in (*sources, tree):
        for narrow, broad in sorted(edges - cut):
            if narrow in benign and broad in malignant:
                continue
            if narrow != broad and broad in entries and not reaches(entries, broad, narrow):
                entries[narrow].parents.add(broad)
