"""Drugs: which MeSH substances are medicines, what classes they belong to.

MeSH gives names and chemical families, DrugBank's open name list says which substances are medicines,
ChEBI's roles and the endings of international nonproprietary names give pharmacological classes.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from service.reference.build_concepts.entry import Entries, Entry
from service.reference.build_concepts.names import key_of
from service.reference.concepts_index import ConceptKind

_MEDICINE = re.compile(
    r"[a-z]{3,}(mab|nib|ciclib|parib|leucel|autotemcel|cept|glutide|vir|lisib|degib|rafenib|metinib|sartan|gliptin"
    r"|gliflozin|grastim|xaban|platin|rubicin|taxel|relix|relin|stat|clax|mustine|tide|fusp|ermin|parvovec)"
)
_CHEMICAL = re.compile(r"[\[\]{}]|\d[,'(]|\(\w+\)-|-\d|yl\)|\w{25}")


def medicines(drugbank: str) -> set[str]:
    """Keys of the names DrugBank knows."""
    rows = (line.split("\t") for line in drugbank.splitlines())
    return {key_of(row[2]) for row in rows if row[1] == "NAME"}


def supplementary(table: str, known: set[str], mesh: Entries) -> Iterator[Entry]:
    """Medicines among MeSH's supplementary records, below the descriptor each is mapped to."""
    for line in table.splitlines():
        id_, name, synonyms, mapped = [*line.split("\t"), "", ""][:4]
        if not (_MEDICINE.fullmatch(name.split(" ")[0].split("-")[0]) or key_of(name) in known):
            continue
        if "protein" in name or ", human" in name or len(name) > 60:
            continue
        entry = Entry(f"MESH:{id_}", name, ConceptKind.DRUG)
        for synonym in synonyms.split("|"):
            if not _CHEMICAL.search(synonym) and len(synonym) < 50:
                entry.call(synonym)
        entry.parents = {f"MESH:{m}" for m in re.findall(r"D\d+", mapped) if f"MESH:{m}" in mesh}
        yield entry


def mark(mesh: Entries, known: set[str]) -> None:
    """Turn descriptors that are medicines into drugs, and families of medicines into drug classes."""
    above: set[str] = set()
    for entry in list(mesh.values()):
        if entry.kind is ConceptKind.OTHER and key_of(entry.name) in known:
            entry.kind = ConceptKind.DRUG
        if entry.kind is ConceptKind.DRUG:
            above |= entry.parents
    for id_ in above:
        if mesh[id_].kind is ConceptKind.OTHER:
            mesh[id_].kind = ConceptKind.DRUG_CLASS


def roles(chebi: bytes, mappings: str, mesh: Entries) -> set[tuple[str, str]]:
    """(drug, pharmacological class) by ChEBI's roles, both found in MeSH."""
    terms = {term["id"]: term for term in msgspec.json.decode(chebi)}
    classes = {key_of(n): e.id for e in mesh.values() if e.kind is ConceptKind.DRUG_CLASS for n in e.names}
    drugs = {key_of(n): e.id for e in mesh.values() if e.kind is ConceptKind.DRUG for n, t in e.names.items() if t < 2}
    rows = (line.split("\t") for line in mappings.splitlines())
    of_chebi = {row[4]: f"MESH:{row[1]}" for row in rows if row[3] == "CHEBI"}
    edges = set()
    for id_, term in terms.items():
        drug = of_chebi.get(id_) or drugs.get(key_of(term["name"]))
        if drug not in mesh or mesh[drug].kind is not ConceptKind.DRUG:
            continue
        for role in _above(terms, term.get("relations", {}).get("has_role", [])):
            name = terms[role]["name"].replace(" drug", " agent")
            target = classes.get(key_of(terms[role]["name"])) or classes.get(key_of(name))
            if target:
                edges.add((drug, target))
    return edges


def _above(terms: dict[str, dict[str, object]], start: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    stack = list(start)
    while stack:
        id_ = stack.pop()
        if id_ not in seen and id_ in terms:
            seen.add(id_)
            relations = terms[id_].get("relations", {})
            stack += relations.get("is_a", []) if isinstance(relations, dict) else []
    return seen
