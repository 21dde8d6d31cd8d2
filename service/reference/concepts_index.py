"""The packed vocabulary: its layout on disk, and reading it.

One zstd frame of one MessagePack map. Tries hold the strings; a key's number in its trie is the number of the
word, phrase or concept everywhere else, so the rest are flat arrays of 32-bit numbers. Nothing is a Python object
until it is asked for: loading is a decompression, and the memory is about the size of the tables.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import NamedTuple

import marisa_trie
import msgspec
import zstandard

from service.schemas.concept import ConceptKind

PACK = Path(__file__).with_name("concepts.zst")
QUIET = 1 << 31  # set in the meaning of a phrase that running text may use without meaning the concept
KINDS = tuple(ConceptKind)  # by their packed number


Table = tuple[bytes, bytes]


class Pack(msgspec.Struct, frozen=True):
    """The tables as stored.

    ids, names, kinds: trie of concept ids; preferred names, a line each; a byte each.
    parents, children, targets: rows of concepts end to end, and where each concept's row begins.
    words: a trie of words, and the word that each stands for.
    phrases: a trie of phrase codes, and their meanings. A meaning is a concept, or from the number of concepts up
    a place in `shared`, where a count and that many concepts stand (none: text is passed over).
    bags: the same for phrases in any word order; codes: for `SYSTEM code`, every known code.
    alone, openings: codes of the words that are phrases by themselves, and the first three tokens of each longer
    phrase; where text has neither, no phrase begins.
    qualifiers, weak_qualifiers: words that leave the concept of a whole phrase as it is.
    ordinary: words of the language that spell an abbreviation.
    """

    ids: bytes
    names: str
    kinds: bytes
    parents: Table
    children: Table
    targets: Table
    words: Table
    phrases: Table
    bags: Table
    codes: Table
    shared: bytes
    alone: str
    openings: str
    qualifiers: tuple[str, ...]
    weak_qualifiers: tuple[str, ...]
    ordinary: tuple[str, ...]


def _numbers(raw: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(raw)
    return numbers


def _trie(raw: bytes) -> marisa_trie.Trie:
    return marisa_trie.Trie().frombytes(raw)


class Rows(NamedTuple):
    """A table of rows of different length, laid end to end."""

    flat: array[int]
    at: array[int]

    def row(self, number: int) -> array[int]:
        """One row."""
        return self.flat[self.at[number] : self.at[number + 1]]


def _rows(table: Table) -> Rows:
    return Rows(*map(_numbers, table))


class Index:
    """The tables, ready to be asked by number."""

    def __init__(self, pack: Pack) -> None:
        self.ids, self.kinds = _trie(pack.ids), pack.kinds
        self.words, self.same_word = _trie(pack.words[0]), _numbers(pack.words[1])
        self.phrases, self.meanings = _trie(pack.phrases[0]), _numbers(pack.phrases[1])
        self.bags, self.bag_meanings = _trie(pack.bags[0]), _numbers(pack.bags[1])
        self.codes, self.code_meanings = _trie(pack.codes[0]), _numbers(pack.codes[1])
        self.alone = {word: self.meanings[self.phrases[word]] for word in pack.alone}
        self.openings = frozenset(map("".join, zip(*[iter(pack.openings)] * 3, strict=True)))
        self.first = frozenset(pack.alone).union(opening[0] for opening in self.openings)
        self.qualifiers, self.weak_qualifiers = pack.qualifiers, pack.weak_qualifiers
        self.ordinary = frozenset(pack.ordinary)
        self._names = pack.names.split("\n")
        self._parents, self._children, self._targets = map(_rows, (pack.parents, pack.children, pack.targets))
        self._shared = _numbers(pack.shared)

    def name(self, number: int) -> str:
        """Preferred name."""
        return self._names[number]

    def kind(self, number: int) -> ConceptKind:
        """What it is."""
        return KINDS[self.kinds[number]]

    def parents(self, number: int) -> array[int]:
        """The directly broader concepts."""
        return self._parents.row(number)

    def children(self, number: int) -> array[int]:
        """The directly narrower concepts."""
        return self._children.row(number)

    def targets(self, number: int) -> array[int]:
        """The antigens it aims at."""
        return self._targets.row(number)

    def concepts(self, meaning: int) -> tuple[int, ...]:
        """A meaning's concepts."""
        if meaning < len(self.kinds):
            return (meaning,)
        at = meaning - len(self.kinds)
        return tuple(self._shared[at + 1 : at + 1 + self._shared[at]])


def load(path: Path = PACK) -> Index:
    """Read the packed vocabulary."""
    return Index(msgspec.msgpack.decode(zstandard.decompress(path.read_bytes()), type=Pack))
