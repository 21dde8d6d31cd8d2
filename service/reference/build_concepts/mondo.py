"""MONDO diseases, and what the Disease Ontology adds to them; joined to MeSH where both mean the same disease."""

import re
from collections import defaultdict
from typing import Any

import msgspec

from service.reference.build_concepts.entry import Entries, Entry
from service.reference.build_concepts.names import key_of
from service.reference.concepts_index import ConceptKind

CANCER, BENIGN = "MONDO:0004992", "MONDO:0005165"
LEFT_OUT = ("MONDO:0005583", "MONDO:0042489")  # diseases of animals; susceptibilities, which are no diseases
_DISEASE = re.compile(r" \((disease|disorder)\)|, (NOS|somatic|disease)\b|^obsolete ")

Terms = dict[str, dict[str, Any]]
Edges = set[tuple[str, str]]


def decode(raw: bytes, prefix: str) -> Terms:
    """Terms by id, `prefix:number`."""
    terms: list[dict[str, Any]] = msgspec.json.decode(raw)
    return {_full(term["id"], prefix): term for term in terms}


def _full(id_: str, prefix: str) -> str:
    return id_ if ":" in id_ else f"{prefix}:{id_}"


def is_a(term: dict[str, Any], prefix: str) -> list[str]:
    """Ids of the directly broader terms."""
    return [_full(parent, prefix) for parent in term.get("relations", {}).get("is_a", [])]


def descendants(terms: Terms, roots: tuple[str, ...], prefix: str = "MONDO") -> set[str]:
    """The roots and everything below them."""
    below = defaultdict(list)
    for id_, term in terms.items():
        for parent in is_a(term, prefix):
            below[parent].append(id_)
    found: set[str] = set()
    stack = list(roots)
    while stack:
        id_ = stack.pop()
        if id_ not in found:
            found.add(id_)
            stack += below[id_]
    return found


def _xrefs(term: dict[str, Any], namespace: str) -> list[str]:
    return [xref["id"] for xref in term.get("xrefs", []) if xref["namespace"] == namespace]


def same_as_mesh(terms: Terms, mesh: Entries) -> dict[str, str]:
    """MONDO id → MeSH id of the same disease: by cross-reference if only one claims it, else by name."""
    of_key: dict[str, str] = {}
    for trust in (1, 0):
        of_key |= {key_of(n): e.id for e in mesh.values() for n, t in e.names.items() if t == trust}
    claims = defaultdict(list)
    for id_, term in terms.items():
        for xref in _xrefs(term, "MESH"):
            if f"MESH:{xref}" in mesh:
                claims[f"MESH:{xref}"].append(id_)
    same: dict[str, str] = {}
    for mesh_id, ids in claims.items():
        named = [i for i in ids if of_key.get(key_of(terms[i]["name"])) == mesh_id]
        for id_ in named[:1] or (ids if len(ids) == 1 else []):
            same[id_] = mesh_id
    taken = set(same.values())
    for id_, term in terms.items():
        mesh_id = of_key.get(key_of(term["name"]), "")
        if id_ not in same and mesh_id and mesh_id not in taken and not _xrefs(term, "MESH"):
            same[id_] = mesh_id
            taken.add(mesh_id)
    return same


def _add(entry: Entry, term: dict[str, Any], trust: int) -> None:
    for name in (term["name"], *term.get("synonyms", ())):
        entry.call(_DISEASE.sub("", name), trust)


def join(mesh: Entries, mondo: Terms, doid: Terms) -> tuple[Edges, set[str], set[str]]:
    """Add MONDO to the entries; its is-a edges, and which concepts it calls malignant and benign."""
    out = descendants(mondo, LEFT_OUT)
    terms = {id_: term for id_, term in mondo.items() if id_ not in out}
    same = same_as_mesh(terms, mesh)
    edges: Edges = set()
    for id_, term in terms.items():
        here = same.get(id_, id_)
        if here not in mesh:
            mesh[here] = Entry(here, _DISEASE.sub("", term["name"]), ConceptKind.DISEASE)
        entry = mesh[here]
        if here != id_:
            entry.codes.add(("MONDO", id_))
            if entry.kind is ConceptKind.OTHER:
                entry.kind = ConceptKind.DISEASE
        _add(entry, term, 1)
        entry.codes |= {("MESH", x) for x in _xrefs(term, "MESH") if f"MESH:{x}" not in mesh}
        entry.codes |= {("SNOMED", x) for x in _xrefs(term, "SCTID")}
        entry.codes |= {("ICD10CM", x) for x in _xrefs(term, "ICD10CM")}
        for other in _xrefs(term, "DOID"):
            if (more := doid.get(_full(other, "DOID"))) is not None:
                _add(entry, more, 2)
                entry.codes |= {("ICD10CM", x) for x in _xrefs(more, "ICD10CM")}
        edges |= {(here, same.get(parent, parent)) for parent in is_a(term, "MONDO") if parent in terms}
    malignant = {same.get(i, i) for i in descendants(terms, (CANCER,))}
    benign = {same.get(i, i) for i in descendants(terms, (BENIGN,))} - malignant
    return {(a, b) for a, b in edges if a != b}, malignant, benign
