"""What trials are made of, and how often: the frequencies of registry.toml, the words of areas.toml and shapes.toml."""

from bisect import bisect
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta, Struct

from service.reference import concepts
from service.reference.concepts import ConceptKind
from service.synth.grammar import Table

T = TypeVar("T")
ANY_DISEASE = "MESH:D004194"
RARE = "rare"
Share = Annotated[float, Meta(ge=0, le=1)]


class Draw(Generic[T]):
    """Values by weight."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._values = tuple(weights)
        self._sums = tuple(accumulate(weights.values()))

    def __call__(self, random: Random) -> T:
        """One of them."""
        return self._values[bisect(self._sums, random.random() * self._sums[-1])]


class Area(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A field of medicine. `diseases` are spellings, in per mille of all trials; the shares are of its own trials."""

    diseases: dict[str, float]
    drugs: tuple[str, ...]
    inclusion: tuple[str, ...]
    exclusion: tuple[str, ...]
    outcomes: tuple[str, ...]
    female: Share = 0.04
    male: Share = 0.03
    children: Share = 0.1


class Place(Struct, frozen=True, array_like=True):
    """A city with hospitals; degrees north and east."""

    city: str
    country: str
    lat: float
    lon: float


def _toml(name: str, as_type: type[T]) -> T:
    return msgspec.toml.decode(files("service.synth").joinpath(name).read_bytes(), type=as_type)


@cache
def draws() -> dict[str, Draw[str]]:
    """How often each value stands in a field; the empty value is a field left out."""
    return {field: Draw(weights) for field, weights in _toml("registry.toml", dict[str, dict[str, float]]).items()}


@cache
def places() -> dict[str, tuple[Place, ...]]:
    """Cities by country."""
    found: dict[str, tuple[Place, ...]] = {}
    for place in _toml("places.toml", dict[str, tuple[Place, ...]])["places"]:
        found[place.country] = (*found.get(place.country, ()), place)
    return found


@cache
def areas() -> dict[str, Area]:
    """Fields of medicine by name."""
    return _toml("areas.toml", dict[str, Area])


@cache
def area_draw() -> Draw[str]:
    """Fields by the share of their diseases; what they leave of a thousand is of rare diseases."""
    shares = {name: sum(area.diseases.values()) for name, area in areas().items()}
    return Draw({**shares, RARE: 1000 - sum(shares.values())})


@cache
def disease_draw(area: str) -> Draw[str]:
    """Diseases of a field."""
    return Draw(areas()[area].diseases)


@cache
def shapes() -> Table:
    """Alternatives for every slot that all areas share."""
    return {**_toml("shapes.toml", dict[str, tuple[str, ...]]), "other_disease": rare_diseases()}


@cache
def rare_diseases() -> tuple[str, ...]:
    """Every disease of the vocabulary, in an order that tells nothing."""
    known = map(concepts.concept, concepts.descendants(ANY_DISEASE))
    names = sorted({each.name for each in known if each.kind is ConceptKind.DISEASE})
    return tuple(Random(0).sample(names, len(names)))  # noqa: S311 – no secret
