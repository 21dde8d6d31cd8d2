"""HGNC genes: antigens, receptors and mutated genes, under their symbols and usual names."""

import re

from service.reference.build_concepts.entry import Entries, Entry
from service.schemas.concept import ConceptKind

_FAMILIAR = re.compile(r"(CD|IL-?|CCR|CXCR|HER|FGFR|VEGFR|TLR|NY-ESO-)\d+[A-Za-z]?")
_LOCI = {"gene with protein product", "immunoglobulin gene", "T cell receptor gene"}


def read(table: str) -> Entries:
    """Approved protein-coding genes, without the aliases that several claim or that hold no digit.

    Short symbols and unfamiliar aliases are abbreviations of too much else to be trusted with their meaning.
    """
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    rows = [row for row in rows if row[3] == "Approved" and row[11] in _LOCI]
    claims: dict[str, int] = {}
    for row in rows:
        for alias in {row[1], *_aliases(row)}:
            claims[alias.upper()] = claims.get(alias.upper(), 0) + 1
    entries: Entries = {}
    for row in rows:
        entry = Entry(row[0], row[1], ConceptKind.ANTIGEN)
        if row[1].isalpha() and len(row[1]) < 6:
            entry.names[row[1]] = 3
        entry.call(row[2])
        for alias in _aliases(row):
            if claims[alias.upper()] == 1 and any(map(str.isdigit, alias)):
                entry.call(alias, 1 if _FAMILIAR.fullmatch(alias) else 3)
        entries[row[0]] = entry
    return entries


def _aliases(row: list[str]) -> list[str]:
    return [alias.strip() for alias in f"{row[4]}, {row[9]}".split(",") if alias.strip()]
