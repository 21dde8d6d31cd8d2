"""What criteria ask, remembered from match to match. It is the registry's: nothing of any patient is in it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from service.criteria.demand import Demand, demand_of, keys_of
from service.criteria.finding import Finding
from service.criteria.patient.facts import Facts, Silence
from service.match.evaluate import answered
from service.match.outcome import Outcome
from service.schemas.criterion import Criterion
from service.schemas.envelope import Outline
from service.schemas.expression import Expression

MOST = 100_000
"""Demands that are remembered at a time: what 10,000 trials ask, in some 300 MB."""

Told = tuple[Outline, Sequence[Criterion]]
"""What a trial asks, in brief and in full."""


class UnknownDemand(LookupError):
    """It was never learnt here, or is forgotten."""


class Silent(NamedTuple):
    """How demands and leaves come out for records that are silent in one way; `findings` are of trials once shown."""

    outcomes: dict[int, Outcome]
    findings: dict[int, Finding]
    leaves: "SilentLeaves"


class SilentLeaves(dict[Expression, Finding]):
    """Worked out when they are asked for."""

    def __init__(self, silent: Facts) -> None:
        super().__init__()
        self._silent = silent

    def __missing__(self, leaf: Expression) -> Finding:
        self[leaf] = finding = answered(self._silent, leaf)
        return finding


class Demands:
    """By their ids, and what comes of them where a record is silent."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: dict[int, Demand] = {}
        self._keys: dict[Expression, frozenset[str]] = {}
        self._silent: dict[Silence, Silent] = {}

    def __getitem__(self, demand: int) -> Demand:
        """Raises UnknownDemand."""
        found = self._known.get(demand)
        if found is None:
            raise UnknownDemand
        return found

    def keys(self, leaf: Expression) -> frozenset[str]:
        """What a record must have one of to say anything about a leaf."""
        keys = self._keys.get(leaf)
        if keys is None:
            self._keys[leaf] = keys = keys_of(leaf)
        return keys

    def silent(self, facts: Facts) -> Silent:
        """For records as silent as this one."""
        if facts.silence not in self._silent:
            self._silent[facts.silence] = Silent({}, {}, SilentLeaves(facts.silent()))
        return self._silent[facts.silence]

    def learn(self, told: Iterable[Told]) -> None:
        """What trials ask. Forgets everything before it would hold too much."""
        new = {
            demand: criterion
            for outline, criteria in told
            for demand, criterion in zip(outline.demands, criteria, strict=True)
            if demand not in self._known
        }
        if len(self._known) + len(new) > self._most:
            for memory in (self._known, self._keys, self._silent):
                memory.clear()
        self._known.update((demand, demand_of(criterion)) for demand, criterion in new.items())
