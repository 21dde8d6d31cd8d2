"""Conversion between units, exact: through dimensions, and through what one analyte's chemistry makes equal.

Codes are UCUM (`ucum.py`), spellings found in eligibility texts become codes in `spelling.py`.
"""

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from service.reference.spelling import SPELLINGS, UnitMatch, scan, ucum
from service.reference.ucum import ATOMS as UNITS
from service.reference.ucum import Dimensions, UnknownUnitError, is_unit, unit

__all__ = [
    "SPELLINGS", "UNITS", "Equation", "Substance", "UnitMatch", "UnknownUnitError",
    "commensurable", "convert", "is_unit", "scan", "ucum", "unit",
]  # fmt: skip

EXACTLY = Context(prec=50)


class Equation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`number * times + plus` in the canonical unit, for a number in exactly this `unit`."""

    unit: str
    times: Decimal
    plus: Decimal = Decimal(0)


class Substance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, cache_hash=True):
    """What makes units of one analyte convertible that are not so in general.

    `molar_mass` (g/mol) joins mass and moles, `valence` equivalents and moles, `international_unit` (a number and a
    unit, `6 nmol`) activity and mass or moles; `equations` are fixed by agreement (HbA1c of NGSP and IFCC).
    """

    unit: str
    molar_mass: Decimal | None = None
    valence: int | None = None
    international_unit: str | None = None
    equations: tuple[Equation, ...] = ()


class _Line(NamedTuple):
    """`number * slope + shift`."""

    slope: Fraction
    shift: Fraction

    def then(self, after: "_Line") -> "_Line":
        return _Line(self.slope * after.slope, self.shift * after.slope + after.shift)

    def inverse(self) -> "_Line":
        return _Line(1 / self.slope, -self.shift / self.slope)


def convert(value: Decimal, from_unit: str, to_unit: str, analyte: Substance | None = None) -> Decimal | None:
    """The same quantity in `to_unit`; None when a code is unknown or the units do not measure the same thing.

    Exact where the result is a finite decimal, else to 50 digits.
    """
    if from_unit == to_unit:
        return value
    terms = _terms(from_unit, to_unit, analyte)
    if terms is None:
        return None
    times, plus, over = terms
    return EXACTLY.divide(EXACTLY.fma(value, times, plus), over)


def commensurable(one: str, other: str, analyte: Substance | None = None) -> bool:
    """Whether `convert` has an answer."""
    return one == other or _terms(one, other, analyte) is not None


@lru_cache(maxsize=8192)
def _terms(from_unit: str, to_unit: str, analyte: Substance | None) -> tuple[Decimal, Decimal, Decimal] | None:
    """Integers t, p, o with `converted = (value * t + p) / o`."""
    try:
        (there, kind), (back, other_kind) = _to_base(from_unit, analyte), _to_base(to_unit, analyte)
    except UnknownUnitError:
        return None
    if kind != other_kind:
        return None
    slope, shift = there.then(back.inverse())
    over = slope.denominator * shift.denominator
    return Decimal(int(slope * over)), Decimal(int(shift * over)), Decimal(over)


def _to_base(code: str, analyte: Substance | None) -> tuple[_Line, Dimensions]:
    """The line from numbers in a unit to numbers in base units, and which base units."""
    if analyte:
        for equation in analyte.equations:
            if equation.unit == code:
                line, kind = _plain(analyte.unit, analyte)
                return _Line(Fraction(equation.times), Fraction(equation.plus)).then(line), kind
    return _plain(code, analyte)


def _plain(code: str, analyte: Substance | None) -> tuple[_Line, Dimensions]:
    """To base units, with mass, equivalents and activity put as moles where the analyte says how many."""
    read = unit(code)
    factor, powers = read.factor, dict(read.dimensions)
    for base, size, put_as in _bridges(analyte):
        power = powers.pop(base, 0)
        factor *= size**power
        for other, exponent in put_as if power else ():
            powers[other] = powers.get(other, 0) + exponent * power
    dimensions = frozenset((base, power) for base, power in powers.items() if power)
    return _Line(factor, read.offset * factor), dimensions


@lru_cache(maxsize=1024)
def _bridges(analyte: Substance | None) -> tuple[tuple[str, Fraction, Dimensions], ...]:
    """(base unit, how many of the others one of it is, the others), in the order of substitution."""
    if analyte is None:
        return ()
    moles = frozenset({("mol", 1)})
    bridges: list[tuple[str, Fraction, Dimensions]] = []
    if analyte.international_unit:
        number, code = analyte.international_unit.split()
        equal = unit(code)
        bridges.append(("U", Fraction(number) * equal.factor, equal.dimensions))
    if analyte.molar_mass:
        bridges.append(("g", 1 / Fraction(analyte.molar_mass), moles))
    if analyte.valence:
        bridges.append(("eq", Fraction(1, analyte.valence), moles))
    return tuple(bridges)
