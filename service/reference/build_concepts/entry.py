"""A concept while the vocabulary is being made."""

from dataclasses import dataclass, field

from service.schemas.concept import ConceptKind


@dataclass
class Entry:
    """`names` maps each name to its trust: 0 the preferred name, 1 a synonym, 2 a looser one."""

    id: str
    name: str
    kind: ConceptKind
    names: dict[str, int] = field(default_factory=dict)
    parents: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    codes: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.call(self.name, 0)

    def call(self, name: str, trust: int = 1) -> None:
        """Add a name; the better trust wins."""
        name = name.strip()
        if name:
            self.names[name] = min(trust, self.names.get(name, trust))


Entries = dict[str, Entry]
Edges = set[tuple[str, str]]
