"""terms.toml: our corrections and additions, applied to what the terminologies say."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from service.reference.build_concepts.entry import Entries, Entry
from service.reference.build_concepts.names import key_of
from service.reference.concepts_index import ConceptKind

TERMS = Path(__file__).parents[1] / "terms.toml"


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One correction. Concepts are named by a name they already have, or by id."""

    name: str
    new: ConceptKind | None = None
    id: str | None = None
    kind: ConceptKind | None = None
    also: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    not_is_a: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    snomed: tuple[str, ...] = ()


class Stem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The class that an ending of nonproprietary names stands for."""

    ending: str
    is_a: str


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    term: tuple[Term, ...]
    stem: tuple[Stem, ...] = ()
    quiet: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    case_words: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()


@dataclass
class Terms:
    """What was read, and the names it gave to each concept."""

    file: File
    names_of: dict[str, set[str]] = field(default_factory=dict)
    cut: set[tuple[str, str]] = field(default_factory=set)
    edges: set[tuple[str, str]] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def blocked(self) -> tuple[str, ...]:
        """Names that mean nothing by themselves."""
        return self.file.blocked

    @property
    def quiet(self) -> tuple[str, ...]:
        """Names found by lookup only."""
        return self.file.quiet

    @property
    def case_words(self) -> tuple[str, ...]:
        """Abbreviations that are words of the language in lower case."""
        return self.file.case_words


def read(path: Path = TERMS) -> File:
    """The file, checked."""
    return msgspec.convert(tomllib.loads(path.read_text()), File)


class Finder:
    """Concepts by id or by a name; trusted names first."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self._by_key: dict[str, dict[str, int]] = {}
        for entry in entries.values():
            self.learn(entry)

    def learn(self, entry: Entry) -> None:
        """Index an entry's names."""
        for name, trust in entry.names.items():
            claims = self._by_key.setdefault(key_of(name), {})
            claims[entry.id] = min(trust, claims.get(entry.id, 9))

    def find(self, name: str) -> Entry | None:
        """The concept of that name; None if there is none. Raises ValueError when two have equal claim."""
        if name in self.entries:
            return self.entries[name]
        claims = self._by_key.get(key_of(name), {})
        best = [id_ for id_, trust in sorted(claims.items()) if trust == min(claims.values())]
        if len(best) > 1:
            clinical = [i for i in best if self.entries[i].kind is not ConceptKind.OTHER]
            if len(clinical) != 1:
                raise ValueError(f"terms.toml: `{name}` could be {', '.join(best)}")
            best = clinical
        return self.entries[best[0]] if best else None

    def get(self, name: str) -> Entry:
        """As find, but the concept must exist."""
        entry = self.find(name)
        if entry is None:
            raise ValueError(f"terms.toml: no concept is called `{name}`")
        return entry


def apply(file: File, entries: Entries) -> Terms:
    """Add new concepts and names, then the edges between them."""
    terms, finder = Terms(file), Finder(entries)
    chosen = [(term, _entry(term, finder)) for term in file.term]
    for term, entry in chosen:
        for name in term.also:
            entry.call(name, 0)
        for name in term.drop:
            keys = {key_of(name)}
            entry.names = {n: t for n, t in entry.names.items() if key_of(n) not in keys}
        entry.kind = term.kind or entry.kind
        terms.names_of.setdefault(entry.id, set()).update(term.also, {term.name} if term.new else ())
        terms.codes |= dict.fromkeys(term.icd10, entry.id)
        entry.codes |= {("SNOMED", code) for code in term.snomed}
        finder.learn(entry)
    for term, entry in chosen:
        terms.edges |= {(entry.id, finder.get(name).id) for name in term.is_a}
        terms.edges |= {(finder.get(name).id, entry.id) for name in term.members}
        terms.cut |= {(entry.id, finder.get(name).id) for name in term.not_is_a}
    for entry in list(entries.values()):
        if entry.kind is ConceptKind.DRUG:
            for stem in file.stem:
                if entry.name.lower().split(" ")[0].split("-")[0].endswith(stem.ending):
                    terms.edges.add((entry.id, finder.get(stem.is_a).id))
    return terms


def _entry(term: Term, finder: Finder) -> Entry:
    if term.new is None:
        return finder.get(term.id or term.name)
    entry = Entry(term.id or "ELIGO:" + term.name.lower().replace(" ", "-"), term.name, term.new)
    finder.entries[entry.id] = entry
    finder.learn(entry)
    return entry
