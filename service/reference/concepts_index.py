"""The packed vocabulary: its layout on disk, and reading it.

One zstd frame of one MessagePack map. Tries hold the strings; a key's number in its trie is the number of the
word, phrase or concept everywhere else, so the rest are flat arrays of 32-bit numbers. Nothing is a Python object
until it is asked for: loading is a decompression, and the memory is about the size of the tables.
"""

from __future__ import annotations

from array import array
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import marisa_trie
import msgspec
import zstandard

PACK = Path(__file__).with_name("concepts.zst")
QUIET = 1 << 31  # set in the meaning of a phrase that running text may use without meaning the concept


class ConceptKind(Enum):
    """What a concept is; the order is the packed number."""

    DISEASE = "disease"
    FINDING = "finding"
    DRUG = "drug"
    DRUG_CLASS = "drug_class"
    PROCEDURE = "procedure"
    ORGANISM = "organism"
    ANTIGEN = "antigen"
    OTHER = "other"


KINDS = tuple(ConceptKind)


class Pack(msgspec.Struct, frozen=True):
    """The tables as stored.

    ids, names, kinds: trie of concept ids; preferred names, a line each; a byte each.
    parents, parent_at: concept c has `parents[parent_at[c]:parent_at[c + 1]]`; so for children and targets.
    words, same_word: trie of words; the word that each stands for.
    phrases, meanings: trie of phrase codes. A meaning is a concept, or from the number of concepts up a place in
    `shared`, where a count and that many concepts stand (none: text is passed over).
    bags, bag_meanings: the same for phrases in any word order.
    alone, openings: codes of the words that are phrases by themselves, and the first three tokens of each longer
    phrase; where text has neither, no phrase begins.
    codes, code_meanings: trie of `SYSTEM code` for every known code, and what it means.
    qualifiers, weak_qualifiers: words that leave the concept of a whole phrase as it is.
    ordinary: words of the language that spell an abbreviation.
    """

    ids: bytes
    kinds: bytes
    names: bytes
    parents: bytes
    parent_at: bytes
    children: bytes
    child_at: bytes
    targets: bytes
    target_at: bytes
    words: bytes
    same_word: bytes
    alone: str
    openings: str
    phrases: bytes
    meanings: bytes
    bags: bytes
    bag_meanings: bytes
    codes: bytes
    code_meanings: bytes
    shared: bytes
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


class Index:
    """The tables, ready to be asked by number."""

    def __init__(self, pack: Pack) -> None:
        self.ids = _trie(pack.ids)
        self.words = _trie(pack.words)
        self.phrases = _trie(pack.phrases)
        self.bags = _trie(pack.bags)
        self.codes = _trie(pack.codes)
        self.kinds = pack.kinds
        self.alone = frozenset(pack.alone)
        self.openings = frozenset(map("".join, zip(*[iter(pack.openings)] * 3, strict=True)))
        self.same_word = _numbers(pack.same_word)
        self.meanings = _numbers(pack.meanings)
        self.bag_meanings = _numbers(pack.bag_meanings)
        self.code_meanings = _numbers(pack.code_meanings)
        self.qualifiers = pack.qualifiers
        self.weak_qualifiers = pack.weak_qualifiers
        self.ordinary = frozenset(pack.ordinary)
        self._names = pack.names.decode().split("\n")
        self._parents = Rows(_numbers(pack.parents), _numbers(pack.parent_at))
        self._children = Rows(_numbers(pack.children), _numbers(pack.child_at))
        self._targets = Rows(_numbers(pack.targets), _numbers(pack.target_at))
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
