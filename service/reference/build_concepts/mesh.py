"""MeSH descriptors: names, tree and kind. The tree number's letters say what a descriptor is about."""

from collections.abc import Iterator

from service.reference.build_concepts.entry import Entries, Entry
from service.schemas.concept import ConceptKind

# the first prefix that fits any of a descriptor's tree numbers decides; None leaves the descriptor out
KINDS: tuple[tuple[str, ConceptKind | None], ...] = (
    *((f"C{chapter:02}", ConceptKind.DISEASE) for chapter in (*range(1, 22), 24, 25, 26)),
    ("C22", None),
    ("C23", ConceptKind.FINDING),
    ("F03", ConceptKind.DISEASE),
    ("E02", ConceptKind.PROCEDURE),
    ("E04", ConceptKind.PROCEDURE),
    ("E03", ConceptKind.PROCEDURE),
    ("E01", ConceptKind.OTHER),
    ("D27", ConceptKind.DRUG_CLASS),
    ("D", ConceptKind.OTHER),
    ("B03", ConceptKind.ORGANISM),
    ("B04", ConceptKind.ORGANISM),
    ("B01.300", ConceptKind.ORGANISM),
    ("B01.043", ConceptKind.ORGANISM),
    ("B01.046", ConceptKind.ORGANISM),
    ("B01.050.500.500", ConceptKind.ORGANISM),
    ("F", ConceptKind.OTHER),
    ("G", ConceptKind.OTHER),
    ("E", ConceptKind.OTHER),
    ("I", ConceptKind.OTHER),
    ("N", ConceptKind.OTHER),
    ("M", ConceptKind.OTHER),
)


def kind_of(trees: list[str]) -> ConceptKind | None:
    """Kind by tree numbers; None where the descriptor has no place in this vocabulary."""
    for prefix, kind in KINDS:
        if any(tree.startswith(prefix) for tree in trees):
            return kind
    return None


def _rows(table: str) -> Iterator[tuple[str, str, list[str], list[str]]]:
    for line in table.splitlines():
        id_, name, synonyms, trees = [*line.split("\t"), "", "", ""][:4]
        yield f"MESH:{id_}", name, [s for s in synonyms.split("|") if s], [t for t in trees.split("|") if t]


def uninvert(name: str) -> str | None:
    """`Leukemia, Lymphoblastic, Acute` → `Acute Lymphoblastic Leukemia`."""
    parts = name.split(", ")
    if len(parts) < 2 or any(" and " in part or part.startswith("and ") for part in parts):
        return None
    return " ".join(reversed(parts))


def anatomy(table: str) -> set[str]:
    """Names of body parts: `lung` names no disease, though terminologies list it as a synonym of lung cancer."""
    rows = (row for row in _rows(table) if any(tree.startswith("A") for tree in row[3]))
    return {name for _, preferred, synonyms, _ in rows for name in (preferred, *synonyms)}


def read(table: str) -> Entries:
    """Every descriptor of a kind we keep, with the parents its tree numbers give it."""
    rows = list(_rows(table))
    of_tree = {tree: id_ for id_, _, _, trees in rows for tree in trees}
    entries: Entries = {}
    for id_, name, synonyms, trees in rows:
        kind = kind_of(trees)
        if kind is None:
            continue
        entry = Entry(id_, name, kind)
        for synonym in synonyms:
            entry.call(synonym)
        for known in list(entry.names):
            if turned := uninvert(known):
                entry.call(turned, max(1, entry.names[known]))
                entry.call(known.replace(", ", " "), max(1, entry.names[known]))
        entry.parents = {of_tree[tree.rpartition(".")[0]] for tree in trees if tree.rpartition(".")[0] in of_tree}
        entry.parents.discard(id_)
        entries[id_] = entry
    for entry in entries.values():
        entry.parents &= entries.keys()
    return entries
