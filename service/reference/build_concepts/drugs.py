"""Drugs: which MeSH substances are medicines, what classes they belong to.

MeSH gives names and chemical families, DrugBank's open name list says which substances are medicines,
ChEBI's roles and the endings of international nonproprietary names give pharmacological classes.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from service.reference.build_concepts.entry import Entries, Entry
from service.reference.build_concepts.names import key_of
from service.schemas.concept import ConceptKind

_MEDICINE = re.compile(
    r"[a-z]{3,}(mab|nib|ciclib|parib|leucel|autotemcel|cept|glutide|vir|lisib|degib|rafenib|metinib|sartan|gliptin"
    r"|gliflozin|grastim|xaban|platin|rubicin|taxel|relix|relin|stat|clax|mustine|tide|fusp|ermin|parvovec)"
)
_SALT = re.compile(
    r" (mesylate|hydrochloride|dihydrochloride|citrate|acetate|sodium|disodium|phosphate|sulfate|maleate|tartrate"
    r"|fumarate|succinate|besylate|tosylate|bromide|hydrobromide|chloride|calcium|potassium|magnesium|medoxomil|mofetil|hydrate"
    r"|dipropionate|propionate|furoate|valerate|pamoate|malate|lactate|nitrate|mononitrate)$",
    re.IGNORECASE,
)
_CHEMICAL = re.compile(r"[\[\]{}]|\d[,'(]|\(\w+\)-|-\d|yl\)|\w{25}")


def medicines(drugbank: str) -> set[str]:
    """The names DrugBank knows, in lower case."""
    rows = (line.split("\t") for line in drugbank.splitlines())
    return {row[2].lower() for row in rows if row[1] == "NAME"}


def supplementary(table: str, known: set[str], mesh: Entries) -> Iterator[Entry]:
    """Medicines among MeSH's supplementary records, below the descriptor each is mapped to."""
    for line in table.splitlines():
        id_, name, synonyms, mapped = [*line.split("\t"), "", ""][:4]
        if not (_MEDICINE.fullmatch(name.split(" ")[0].split("-")[0]) or name.lower() in known):
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
    for entry in mesh.values():
        if entry.kind is ConceptKind.OTHER and any(_SALT.sub("", name).lower() in known for name in entry.names):
            entry.kind = ConceptKind.DRUG
            entry.call(_SALT.sub("", entry.name))
    families = {entry.id: {*_families(entry, mesh)} for entry in mesh.values()}
    for entry in mesh.values():
        entry.parents = families[entry.id]
    for family in {id_ for entry in mesh.values() if entry.kind is ConceptKind.DRUG for id_ in entry.parents}:
        if mesh[family].kind is ConceptKind.OTHER:
            mesh[family].kind = ConceptKind.DRUG_CLASS


def _families(entry: Entry, mesh: Entries) -> Iterator[str]:
    """What is above the entry, except drugs that it is no form of.

    MeSH puts codeine below morphine, and ethanolamines below ethanol, for their structure.
    """
    form = set(entry.name.lower().split())
    for id_ in entry.parents:
        if mesh[id_].kind is not ConceptKind.DRUG or set(mesh[id_].name.lower().split()) < form:
            yield id_
        else:
            yield from _families(mesh[id_], mesh)


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
