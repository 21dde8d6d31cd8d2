"""Which rules a text can be a matter of, told by its words: the pattern of another need not be searched for."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+")
_REMEMBERED, _LONGEST = 50_000, 40
Keys = frozenset[str]


class Stems(dict[str, Keys]):
    """Each word met, and the rules one of whose stems stands in it; forgets all when too many.

    A stem is of small letters only; a text in which a rule's pattern is found must have one of the rule's stems.
    """

    def __init__(self, stems: Mapping[str, Iterable[str]]) -> None:
        super().__init__()
        self._stems = [(stem, key) for key, each in stems.items() for stem in each]

    def __missing__(self, word: str) -> Keys:
        if len(self) >= _REMEMBERED:
            self.clear()
        keys = frozenset([key for stem, key in self._stems if stem in word])
        return self.setdefault(word, keys) if len(word) < _LONGEST else keys

    def of(self, folded: str) -> Keys:
        """The rules that normalised text may be a matter of."""
        return Keys().union(*map(self.__getitem__, _words(folded)))


@lru_cache(maxsize=256)
def _words(folded: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(folded))
