"""What leaves ask, remembered from match to match. It is the registry's: nothing of any patient is in it."""

import msgspec
import numpy as np

from service.criteria.demand import keys_of, wordless
from service.match.arrays import Growing, Ints, Mask, Ragged
from service.schemas.expression import ConditionIs, Expression

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Expression).decode

NO_LEAF = 0
"""Number of what is always true."""


def literal(leaf: int, *, to_hold: bool) -> int:
    """A leaf by its number, in a sentence that is to hold for the patient to pass, or in one that is not."""
    return 2 * leaf + (not to_hold)


class Leaves:
    """By their numbers; equal leaves have one.

    Kept packed: as objects a million of them would take some gigabytes, and most are never looked at again.
    """

    def __init__(self) -> None:
        self.key_numbers: dict[str, int] = {}
        self._numbers: dict[bytes, int] = {b"": NO_LEAF}
        self._packed = [b""]
        self._keys = Ragged()
        self._keys.put(NO_LEAF, ())
        self._are_diseases, self._name_concepts = Growing(np.bool_), Growing(np.bool_)
        self._note(None)

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, number: int) -> Expression:
        leaf: Expression = _decode(self._packed[number])
        return leaf

    def number(self, leaf: Expression) -> int:
        """Of a leaf, which is taken in where it is new."""
        bare = wordless(leaf)
        packed = _encode(bare)
        number = self._numbers.setdefault(packed, len(self._packed))
        if number == len(self._packed):
            self._packed.append(packed)
            self._keys.put(number, [self.key_numbers.setdefault(key, len(self.key_numbers)) for key in keys_of(bare)])
            self._note(bare)
        return number

    def _note(self, leaf: Expression | None) -> None:
        self._are_diseases.extend([isinstance(leaf, ConditionIs)])
        self._name_concepts.extend([isinstance(leaf, ConditionIs) and leaf.concept is not None])

    def are_diseases(self, numbers: Ints) -> Mask:
        """Of which of them it matters what the trial studies."""
        return self._are_diseases.values[numbers]

    def name_concepts(self, numbers: Ints) -> Mask:
        """Which of them are diseases that the vocabulary knows."""
        return self._name_concepts.values[numbers]

    def have(self, keys: Mask, numbers: Ints) -> Mask:
        """Which of them have one of some keys at least, those being told by their numbers."""
        rows = self._keys.of(numbers)
        return np.bincount(rows.owners[keys[rows.values]], minlength=len(numbers)) > 0
