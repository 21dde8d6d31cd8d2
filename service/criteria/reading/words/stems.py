"""Which rules a text can be a matter of, told by its words: the pattern of another need not be searched for."""

from collections.abc import Iterable, Mapping

_NONE = frozenset[str]()
_REMEMBERED, _LONGEST, _OPENING = 50_000, 40, 2
Keys = frozenset[str]


class Stems(dict[str, Keys]):
    """Each word met, with its punctuation, and the rules one of whose stems stands in it; forgets all when too many.

    A stem is of two small letters or more; a text in which a rule's pattern is found must have one of the rule's stems.
    """

    def __init__(self, stems: Mapping[str, Iterable[str]]) -> None:
        super().__init__()
        self._by_opening: dict[str, list[tuple[str, str]]] = {}
        for key, each in stems.items():
            for stem in each:
                self._by_opening.setdefault(stem[:_OPENING], []).append((stem, key))

    def __missing__(self, word: str) -> Keys:
        if len(self) >= _REMEMBERED:
            self.clear()
        places = [(at, self._by_opening.get(word[at : at + _OPENING], ())) for at in range(len(word) - 1)]
        keys = frozenset(key for at, stems in places for stem, key in stems if word.startswith(stem, at))
        return self.setdefault(word, keys) if len(word) < _LONGEST else keys

    def of(self, folded: str) -> Keys:
        """The rules that normalised text may be a matter of."""
        return _NONE.union(*[keys for word in folded.split() if (keys := self[word])])
