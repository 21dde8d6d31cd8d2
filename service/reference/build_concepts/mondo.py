"""MONDO diseases, and what the Disease Ontology adds to them; joined to MeSH where both mean the same disease."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from service.reference.build_concepts.entry import Edges, Entries, Entry
from service.reference.build_concepts.hierarchy import CANCER, reaches
from service.reference.build_concepts.names import key_of
from service.schemas.concept import ConceptKind

BENIGN, HEREDITARY = "MONDO:0005165", "MONDO:0003847"
INFECTIONS = "MESH:D007239"
# diseases of animals; susceptibilities and characteristics such as `rare`, which are no diseases
LEFT_OUT = ("MONDO:0005583", "MONDO:0042489", "MONDO:0021125")
_INFECTION = re.compile(r"\binfect(?:ion|ious)\b")
_GENERIC = re.compile(r"(disorder|(infectious )?disease|infection)$")
_DISEASE = re.compile(r" \((disease|disorder)\)|, (NOS|somatic|disease)\b|^obsolete ")

Terms = dict[str, dict[str, Any]]


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


def plain(name: str) -> str:
    """Key under which `X disorder`, `X disease` and `X infectious disease` meet what MeSH calls `X Diseases`."""
    return _GENERIC.sub("disease", key_of(_DISEASE.sub("", name)))


def same_as_mesh(terms: Terms, mesh: Entries, ours: Mapping[str, str]) -> dict[str, str]:
    """MONDO id → MeSH id of the same disease, one to one, the best agreement first.

    `ours` are joined as we say. Otherwise names must agree: a cross-reference alone may be mistaken, or join
    narrower to broader.
    """
    named: dict[str, set[str]] = defaultdict(set)
    preferred: dict[str, set[str]] = defaultdict(set)
    for entry in mesh.values():
        preferred[plain(entry.name)].add(entry.id)
        for name in entry.names:
            named[plain(name)].add(entry.id)
    claims: list[tuple[int, str, str]] = []
    for id_, term in terms.items():
        name, synonyms = plain(term["name"]), {plain(s) for s in term.get("synonyms", ())}
        evidence: Counter[str] = Counter(dict.fromkeys(preferred[name], 4))
        evidence.update(dict.fromkeys(named[name], 2))
        for synonym in synonyms:
            evidence.update(dict.fromkeys(preferred[synonym], 2))
            evidence.update(dict.fromkeys(named[synonym], 1) if " " in synonym else ())
        crossed = {f"MESH:{xref}" for xref in _xrefs(term, "MESH")}
        if crossed:
            evidence.update({i: 2 if i in crossed else -2 for i in evidence})
        agreed = (mesh_id for mesh_id, score in evidence.items() if score > 2 and _as_infectious(term, mesh, mesh_id))
        claims += [(-evidence[mesh_id], id_, mesh_id) for mesh_id in agreed]
    same = dict(ours)
    taken = set(ours.values())
    for _, id_, mesh_id in sorted(claims):
        if id_ not in same and mesh_id not in taken:
            same[id_] = mesh_id
            taken.add(mesh_id)
    return same


def _as_infectious(term: dict[str, Any], mesh: Entries, mesh_id: str) -> bool:
    """`Ear infection` is no name of all Ear Diseases."""
    is_infection = "infect" in mesh[mesh_id].name.lower() or reaches(mesh, mesh_id, INFECTIONS)
    return is_infection or mesh[mesh_id].kind is ConceptKind.OTHER or not _INFECTION.search(term["name"].lower())


def _add(entry: Entry, term: dict[str, Any], trust: int) -> None:
    """A short synonym in lower case is an abbreviation that lost its capitals: `rich`, `fed`, `air`."""
    for name in (term["name"], *term.get("synonyms", ())):
        if len(name) > 5 or not name.islower() or name == term["name"]:
            entry.call(_DISEASE.sub("", name), trust)


def join(mesh: Entries, mondo: Terms, doid: Terms, ours: Mapping[str, str]) -> tuple[Edges, set[str]]:
    """Add MONDO to the entries; its is-a edges, and which concepts it calls benign.

    Its terms are often the inherited form of a disease that MeSH means as a whole: such a term neither takes the
    disease's common names nor makes the whole disease hereditary.
    """
    out = descendants(mondo, LEFT_OUT)
    terms = {id_: term for id_, term in mondo.items() if id_ not in out}
    same = same_as_mesh(terms, mesh, ours)
    hereditary = descendants(terms, (HEREDITARY,))
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
        _add(entry, term, 2 if id_ in hereditary else 1)
        entry.codes |= {("MESH", x) for x in _xrefs(term, "MESH") if f"MESH:{x}" not in mesh}
        entry.codes |= {("ICD10CM", x) for x in _xrefs(term, "ICD10CM")}
        for other in _xrefs(term, "DOID"):
            if (more := doid.get(_full(other, "DOID"))) is not None:
                _add(entry, more, 2)
                entry.codes |= {("ICD10CM", x) for x in _xrefs(more, "ICD10CM")}
        above = {parent for parent in is_a(term, "MONDO") if parent in terms}
        if here != id_ and not reaches(mesh, here, "MESH:D030342"):
            above -= hereditary
        edges |= {(here, same.get(parent, parent)) for parent in above}
    malignant = {same.get(i, i) for i in descendants(terms, (CANCER,))}
    benign = {same.get(i, i) for i in descendants(terms, (BENIGN,))} - malignant
    return {(a, b) for a, b in edges if a != b}, benign
