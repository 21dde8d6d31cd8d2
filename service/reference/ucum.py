"""UCUM unit codes, read by their grammar into a factor and dimensions (ucum.org, version 2.1).

Departures, as clinical laboratories use them: a mole, an equivalent and a microscope's field are dimensions of their
own, `[IU]` and `U` are one unit of activity (1 kat = 6e7 U); what an annotation in braces says does not matter.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct, convert

Dimensions = frozenset[tuple[str, int]]
LONGEST_CODE = 60


class UnknownUnitError(ValueError):
    """The text is not a UCUM code that this service knows."""


class Unit(NamedTuple):
    """`(number + offset) * factor` of the base units; an offset only on plain temperatures."""

    factor: Fraction
    dimensions: Dimensions
    offset: Fraction = Fraction(0)


class Atom(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of units.toml; without `of` it is a base unit, its code the name of its dimension."""

    size: str = "1"
    of: str | None = None
    metric: bool = False
    offset: str = "0"


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """units.toml as it stands."""

    prefix: dict[str, str]
    atom: dict[str, Atom]
    spelling: dict[str, str]
    counted: dict[str, str]
    composed: dict[str, str]
    exact: dict[str, str]
    alone: dict[str, str]


def _read(path: Path) -> Tables:
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return convert(raw, Tables)


TABLES = _read(Path(__file__).with_name("units.toml"))
ATOMS = TABLES.atom
_PREFIXES = {prefix: Fraction(size) for prefix, size in TABLES.prefix.items()}
_ONE = Unit(Fraction(1), frozenset())
_TOKEN = re.compile(
    r"(?P<mark>[./()])|\{[^{}]*\}"
    r"|(?P<symbol>10[*^]|(?:[A-Za-z%]|\[[^\[\]\s]+\])+)(?P<exponent>[+-]?\d{1,2})?|(?P<number>[1-9]\d{0,5})(?!\.\d)"
)


@lru_cache(maxsize=4096)
def unit(code: str) -> Unit:
    """The unit a code stands for. Raises UnknownUnitError."""
    if not code or len(code) > LONGEST_CODE:
        raise UnknownUnitError(f"`{code[:LONGEST_CODE]}` is not a UCUM unit")
    if code.count("(") != code.count(")"):
        raise UnknownUnitError(f"`{code}` has a bracket without its pair")
    tokens = _tokens(code)
    found = _term(tokens, code)
    if next(tokens, None) is not None:
        raise UnknownUnitError(f"`{code}` closes a bracket before it opens it")
    return found


def is_unit(code: str) -> bool:
    """Whether the text is a UCUM code known here."""
    try:
        unit(code)
    except UnknownUnitError:
        return False
    return True


def _tokens(code: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(code):
        token = _TOKEN.match(code, at)
        if token is None:
            raise UnknownUnitError(f"`{code}` is not a UCUM unit: `{code[at:]}` cannot be read")
        yield token
        at = token.end()


def _term(tokens: Iterator[re.Match[str]], code: str) -> Unit:
    """Left to right, as UCUM asks: `a/b.c` is `(a/b).c`. An annotation may follow its unit without a mark."""
    product, sign, before = _ONE, 1, ""
    for token in tokens:
        mark = token["mark"] or ""
        if mark == ")":
            break
        if mark in ("/", "."):
            if before in ("/", ".") or before + mark == ".":
                raise UnknownUnitError(f"`{code}` lacks a unit before `{mark}`")
            sign = 1 if mark == "." else -1
        else:
            if before not in ("", "/", ".") and token[0][0] != "{":
                raise UnknownUnitError(f"`{code}` lacks a `.` or `/` before `{token[0]}`")
            product = _multiply(product, _term(tokens, code) if mark else _component(token), sign, code)
            sign = 1
        before = token[0]
    if before in ("", "/", "."):
        raise UnknownUnitError(f"`{code}` ends where a unit should follow")
    return product


def _multiply(product: Unit, by: Unit, exponent: int, code: str) -> Unit:
    if by.offset and (product != _ONE or exponent != 1):
        raise UnknownUnitError(f"`{code}` puts a temperature with its own zero into a product")
    if product.offset and by != _ONE:
        raise UnknownUnitError(f"`{code}` puts a temperature with its own zero into a product")
    powers = Counter(dict(product.dimensions))
    for base, power in by.dimensions:
        powers[base] += power * exponent
    dimensions = frozenset((base, power) for base, power in powers.items() if power)
    return Unit(product.factor * by.factor**exponent, dimensions, product.offset + by.offset)


def _component(token: re.Match[str]) -> Unit:
    if token["number"]:
        return Unit(Fraction(int(token["number"])), frozenset())
    if not token["symbol"]:
        return _ONE
    found = _symbol(token["symbol"])
    exponent = int(token["exponent"] or 1)
    if exponent == 1:
        return found
    return _multiply(_ONE, found, exponent, token[0])


@lru_cache(maxsize=1024)
def _symbol(symbol: str) -> Unit:
    """An atom, or a metric atom behind a prefix."""
    if symbol in ATOMS:
        return _atom(symbol)
    rest = symbol[1:]
    if symbol[0] in _PREFIXES and rest in ATOMS and ATOMS[rest].metric:
        atom = _atom(rest)
        return atom._replace(factor=atom.factor * _PREFIXES[symbol[0]])
    raise UnknownUnitError(f"`{symbol}` is not a UCUM unit known here")


def _atom(code: str) -> Unit:
    atom = ATOMS[code]
    if atom.of is None:
        return Unit(Fraction(1), frozenset({(code, 1)}))
    defined = unit(atom.of)
    return Unit(defined.factor * Fraction(atom.size), defined.dimensions, Fraction(atom.offset))
