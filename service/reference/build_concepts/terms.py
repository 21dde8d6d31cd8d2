"""terms.toml: our corrections and additions, applied to what the terminologies say."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from service.reference.build_concepts.entry import Entries, Entry
from service.reference.build_concepts.names import key_of
from service.schemas.concept import ConceptKind

TERMS = Path(__file__).parents[1]


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One correction. Concepts are named by a name they already have, or by id; `new` makes one."""

    name: str
    new: ConceptKind | None = None
    id: str | None = None
    kind: ConceptKind | None = None
    also: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    not_is_a: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    not_members: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    title: str | None = None
    icd10: tuple[str, ...] = ()


class Stem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The classes that an ending of nonproprietary names stands for."""

    ending: str
    is_a: tuple[str, ...]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of the terms."""

    term: tuple[Term, ...]
    stem: tuple[Stem, ...] = ()
    quiet: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    any_case: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    weak_qualifiers: tuple[str, ...] = ()
    ordinary: str = ""
    same: dict[str, str] = {}
    snomed: dict[str, str] = {}
    rxnorm: dict[str, str] = {}


@dataclass
class Terms:
    """What was read, and the names it gave to each concept."""

    file: File
    names_of: dict[str, set[str]] = field(default_factory=dict)
    cut: set[tuple[str, str]] = field(default_factory=set)
    edges: set[tuple[str, str]] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    headings: set[str] = field(default_factory=set)

    @property
    def blocked(self) -> tuple[str, ...]:
        """Names that mean nothing by themselves."""
        return self.file.blocked

    @property
    def quiet(self) -> tuple[str, ...]:
        """Names found by lookup only."""
        return self.file.quiet

    @property
    def any_case(self) -> tuple[str, ...]:
        """Abbreviations that are no words of the language in lower case."""
        return self.file.any_case


def read(folder: Path = TERMS) -> File:
    """Every terms*.toml, checked, as one."""
    files = [tomllib.loads(path.read_text()) for path in sorted(folder.glob("terms*.toml"))]
    keys = {key for file in files for key in file}
    whole: dict[str, object] = {key: [row for file in files for row in file.get(key, ())] for key in keys}
    for table in ("same", "snomed", "rxnorm"):
        whole[table] = {key: value for file in files for key, value in file.get(table, {}).items()}
    whole["ordinary"] = " ".join(file.get("ordinary", "") for file in files)
    return msgspec.convert(whole, File)


class Finder:
    """Concepts by id or by a name, trusted names first; remembers what it did not find."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.problems: list[str] = []
        self._by_key: dict[str, dict[str, int]] = {}
        self._merged = {code: entry for entry in entries.values() for system, code in entry.codes if system == "MONDO"}
        for entry in entries.values():
            self.learn(entry)

    def learn(self, entry: Entry) -> None:
        """Index an entry's names."""
        for name, trust in entry.names.items():
            claims = self._by_key.setdefault(key_of(name), {})
            claims[entry.id] = min(trust, claims.get(entry.id, 9))

    def find(self, name: str) -> list[Entry]:
        """The concepts with the best claim to the name."""
        if known := self.entries.get(name) or self._merged.get(name):
            return [known]
        claims = self._by_key.get(key_of(name), {})
        best = [self.entries[id_] for id_, trust in sorted(claims.items()) if trust == min(claims.values())]
        return [entry for entry in best if entry.kind is not ConceptKind.OTHER] or best

    def get(self, name: str) -> list[Entry]:
        """The one concept of that name, or none and a problem noted."""
        found = self.find(name)
        if len(found) == 1:
            return found
        said = ", ".join(f"{entry.id} {entry.name}" for entry in found) or "nothing"
        self.problems.append(f"`{name}` could be {said}")
        return []


def apply(file: File, entries: Entries) -> Terms:
    """Add new concepts and names, then the edges between them. Raises ValueError with every unknown name."""
    terms, finder = Terms(file), Finder(entries)
    chosen = [(term, entry) for term in file.term for entry in _entry(term, finder)]
    for term, entry in chosen:
        _name(term, entry)
        finder.learn(entry)
        terms.names_of.setdefault(entry.id, set()).update(term.also, {term.name} if term.new else ())
        finder.problems += [f"`{code}` has two meanings" for code in term.icd10 if code in terms.codes]
        terms.codes |= dict.fromkeys(term.icd10, entry.id)
    for term, entry in chosen:
        terms.edges |= {(entry.id, above.id) for name in term.is_a for above in finder.get(name)}
        terms.edges |= {(below.id, entry.id) for name in term.members for below in finder.get(name)}
        entry.targets |= {antigen.id for name in term.targets for antigen in finder.get(name)}
        terms.cut |= {(entry.id, above.id) for name in term.not_is_a for above in finder.get(name)}
        terms.cut |= {(below.id, entry.id) for name in term.not_members for below in finder.get(name)}
    for system, cited in (("SNOMED", file.snomed), ("RXNORM", file.rxnorm)):
        for code, name in cited.items():
            for entry in finder.get(name):
                entry.codes.add((system, code))
    terms.headings |= {heading.id for name in file.headings for heading in finder.get(name)}
    terms.edges |= set(_by_stem(file, entries, finder))
    if finder.problems:
        raise ValueError("terms.toml:\n" + "\n".join(finder.problems))
    return terms


def _entry(term: Term, finder: Finder) -> list[Entry]:
    if term.new is None:
        return finder.get(term.name)
    entry = Entry(term.id or "ELIGO:" + term.name.lower().replace(" ", "-"), term.name, term.new)
    finder.entries[entry.id] = entry
    finder.learn(entry)
    return [entry]


def _name(term: Term, entry: Entry) -> None:
    dropped = {key_of(name) for name in term.drop}
    entry.names = {name: trust for name, trust in entry.names.items() if key_of(name) not in dropped}
    entry.name = term.title or entry.name
    for name in (*([term.title] if term.title else ()), *term.also):
        entry.call(name, 0)
    entry.kind = term.kind or entry.kind


def _by_stem(file: File, entries: Entries, finder: Finder) -> Iterator[tuple[str, str]]:
    """The longest ending decides: `tofacitinib` is a -citinib, not a -tinib."""
    classes = {s.ending: [above.id for name in s.is_a for above in finder.get(name)] for s in file.stem}
    for entry in entries.values():
        if entry.kind is ConceptKind.DRUG:
            first = re.split("[ -]", entry.name.lower())[0]
            endings = [ending for ending in classes if first.endswith(ending)]
            yield from ((entry.id, above) for ending in sorted(endings, key=len)[-1:] for above in classes[ending])
