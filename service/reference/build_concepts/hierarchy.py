"""One acyclic hierarchy out of several: ours first, then MONDO and the drug roles, then the MeSH tree."""

from collections.abc import Iterable

from service.reference.build_concepts.entry import Edges, Entries

CANCER = "MONDO:0004992"


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


def build(entries: Entries, sources: Iterable[Edges], cut: Edges, benign: set[str], headings: set[str]) -> None:
    """Set every entry's parents. An edge that would close a circle loses to the ones before it.

    Nothing benign is placed below something malignant.
    """
    kinds = entries.keys() - headings
    tree = {(entry.id, parent) for entry in entries.values() for parent in entry.parents}
    for entry in entries.values():
        entry.parents = set()
    for edges in (*sources, tree):
        for narrow, broad in sorted(edges - cut):
            if narrow in benign and reaches(entries, broad, CANCER):
                continue
            if narrow != broad and broad in kinds and not reaches(entries, broad, narrow):
                entries[narrow].parents.add(broad)
