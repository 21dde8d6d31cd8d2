"""Necessary conditions of a sentence, coarse enough for an index: which patients it can hold for at all."""

from typing import NamedTuple

from service.schemas.envelope import NO_AGE_LIMIT
from service.schemas.patient import Sex

SEXES = frozenset({Sex.MALE, Sex.FEMALE})


class Bounds(NamedTuple):
    """Ages in days, both ends inclusive; the sexes it can hold for; keys one of which is needed, None if none is."""

    age_min_days: int = 0
    age_max_days: int = NO_AGE_LIMIT
    sexes: frozenset[Sex] = SEXES
    keys: frozenset[str] | None = None

    def both(self, other: "Bounds") -> "Bounds":
        """Where both sentences must hold; of two sets of keys either alone is necessary, so the first is kept."""
        return Bounds(
            max(self.age_min_days, other.age_min_days),
            min(self.age_max_days, other.age_max_days),
            self.sexes & other.sexes,
            other.keys if self.keys is None else self.keys,
        )

    def either(self, other: "Bounds") -> "Bounds":
        """Where one of the sentences must hold."""
        return Bounds(
            min(self.age_min_days, other.age_min_days),
            max(self.age_max_days, other.age_max_days),
            self.sexes | other.sexes,
            None if self.keys is None or other.keys is None else self.keys | other.keys,
        )


NO_BOUNDS = Bounds()
