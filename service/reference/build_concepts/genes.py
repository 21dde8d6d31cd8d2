"""HGNC genes: antigens, receptors and mutated genes, under their symbols and usual names."""

import re

from service.reference.build_concepts.entry import Entries, Entry
from service.reference.concepts_index import ConceptKind

_FAMILIAR = re.compile(r"[A-Za-z][A-Za-z-]+\d+[A-Z]?|\d*[A-Z][A-Za-z]{3,}|[A-Z]+-\d+[A-Z]?")
_LOCI = {"gene with protein product", "immunoglobulin gene", "T cell receptor gene"}


def read(table: str) -> Entries:
    """Approved protein-coding genes. Aliases that several genes claim are left out, as are those without a digit."""
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    rows = [row for row in rows if row[3] == "Approved" and row[11] in _LOCI]
    claims: dict[str, int] = {}
    for row in rows:
        for alias in {row[1], *_aliases(row)}:
            claims[alias.upper()] = claims.get(alias.upper(), 0) + 1
    entries: Entries = {}
    for row in rows:
        entry = Entry(row[0], row[1], ConceptKind.ANTIGEN)
        entry.call(row[2])
        for alias in _aliases(row):
            if claims[alias.upper()] == 1 and any(map(str.isdigit, alias)) and _FAMILIAR.fullmatch(alias):
                entry.call(alias, 2)
        entries[row[0]] = entry
    return entries


def _aliases(row: list[str]) -> list[str]:
    return [alias.strip() for alias in f"{row[4]}, {row[9]}".split(",") if alias.strip()]
