"""Entries → the packed index: numbers for ids, words and phrases, and the flat tables between them."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import marisa_trie
import msgspec
import zstandard

from service.reference import concepts_words as words
from service.reference.build_concepts.entry import Entries, Entry
from service.reference.build_concepts.meanings import Meanings
from service.reference.build_concepts.terms import File
from service.reference.concepts_index import KINDS, QUIET, Pack

Key = tuple[str, ...]


def _raw(numbers: Iterable[int]) -> bytes:
    return array("I", numbers).tobytes()


class Packer:
    """Concept numbers, and the pool where several concepts share a meaning."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.ids = marisa_trie.Trie(sorted(entries))
        self.in_order = [entries[self.ids.restore_key(n)] for n in range(len(self.ids))]
        self.shared = array("I")
        self._place: dict[tuple[int, ...], int] = {}

    def meaning(self, ids: Iterable[str]) -> int:
        """The number of one concept, or of the place where several stand."""
        numbers = tuple(sorted(self.ids[id_] for id_ in ids))
        if len(numbers) == 1:
            return int(numbers[0])
        if numbers not in self._place:
            self._place[numbers] = len(self.ids) + len(self.shared)
            self.shared.extend((len(numbers), *numbers))
        return self._place[numbers]

    def table(self, meanings: Mapping[str, Iterable[str]], quiet: Iterable[str] = ()) -> tuple[bytes, bytes]:
        """A trie of the keys, and each key's meaning in the trie's order."""
        trie = marisa_trie.Trie(sorted(meanings))
        hushed = frozenset(quiet)
        numbers = [0] * len(trie)
        for key, ids in sorted(meanings.items()):
            numbers[trie[key]] = self.meaning(ids) | (QUIET if key in hushed else 0)
        return trie.tobytes(), _raw(numbers)

    def rows(self, of: Callable[[Entry], Iterable[str]]) -> tuple[bytes, bytes]:
        """What each concept is related to, and where each concept's row begins."""
        flat, at = array("I"), array("I", [0])
        for entry in self.in_order:
            flat.extend(sorted(self.ids[other] for other in of(entry)))
            at.append(len(flat))
        return flat.tobytes(), at.tobytes()

    def children(self) -> dict[str, list[str]]:
        """Narrower concepts."""
        below: dict[str, list[str]] = defaultdict(list)
        for entry in self.in_order:
            for parent in entry.parents:
                below[parent].append(entry.id)
        return below


class WordTable:
    """Words and their numbers; lower-case spellings of abbreviations stand for the abbreviation."""

    def __init__(self, keys: Iterable[Key], any_case: frozenset[str]) -> None:
        used = {token for key in keys for token in key[::2]}
        self.aliases = {low: low.upper() for low in any_case if low.upper() in used}
        self.trie = marisa_trie.Trie(sorted(used | self.aliases.keys()))

    def code(self, key: Key) -> str:
        """The key's phrase code."""
        return "".join(token if at % 2 else words.letter(self.trie[token]) for at, token in enumerate(key))

    def same_word(self) -> bytes:
        """For each word, the word it stands for."""
        numbers = list(range(len(self.trie)))
        for low, word in self.aliases.items():
            numbers[self.trie[low]] = self.trie[word]
        return _raw(numbers)


def pack(entries: Entries, meanings: Meanings, codes: Mapping[str, Iterable[str]], file: File) -> bytes:
    """The whole vocabulary as one compressed frame; equal input gives equal bytes."""
    packer, words_ = Packer(entries), WordTable(meanings.phrases, meanings.any_case)
    phrases = {words_.code(key): ids for key, ids in meanings.phrases.items()}
    quiet = {words_.code(key) for key in meanings.quiet}
    spoken, below = phrases.keys() - quiet, packer.children()
    whole = Pack(
        ids=packer.ids.tobytes(),
        names="\n".join(entry.name for entry in packer.in_order),
        kinds=bytes(KINDS.index(entry.kind) for entry in packer.in_order),
        parents=packer.rows(lambda entry: entry.parents),
        children=packer.rows(lambda entry: below.get(entry.id, ())),
        targets=packer.rows(lambda entry: entry.targets),
        words=(words_.trie.tobytes(), words_.same_word()),
        phrases=packer.table(phrases, quiet),
        bags=packer.table({words.JOIN.join(words.bag(words_.code(k))): ids for k, ids in meanings.bags.items()}),
        codes=packer.table(codes),
        shared=packer.shared.tobytes(),
        alone="".join(sorted(code for code in spoken if len(code) == 1)),
        openings="".join(sorted({code[:3] for code in spoken if len(code) > 1})),
        qualifiers=file.qualifiers,
        weak_qualifiers=file.weak_qualifiers,
        ordinary=tuple(sorted(file.ordinary.split())),
    )
    return zstandard.ZstdCompressor(level=19).compress(msgspec.msgpack.encode(whole))


def write(path: Path, packed: bytes) -> None:
    """Replace the committed index in one step."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(packed)
    fresh.replace(path)
