"""What laboratories and bedsides measure: one row of analytes.toml an analyte, checked as it is read."""

import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from service.reference.names import find, index, variants
from service.reference.ucum import unit
from service.reference.units import Substance, commensurable
from service.schemas.quantity import Range


class Window(NamedTuple):
    """A number without a unit is in `unit` when it lies between these."""

    unit: str
    low: float
    high: float


class Analyte(Substance, frozen=True, kw_only=True, forbid_unknown_fields=True, cache_hash=True):
    """`unit` is the canonical one; `plausible` is in it and wide: beyond it lies a mistyped unit, not a sick patient.

    `symbols` are abbreviations that are also words (`K`, `PT`): only in this case, only next to a number.
    `bare` tells the unit of a number without one, where only one can be meant. `siblings` measure the same thing in
    units that do not convert (absolute count, percentage). `broader` is the row that this one also answers.
    `comparable` rows are stand-ins that a clinician may accept (eGFR for creatinine clearance), never equal.
    """

    key: str
    name: str
    names: tuple[str, ...]
    symbols: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()
    plausible: Range
    bare: tuple[Window, ...]
    siblings: tuple[str, ...] = ()
    broader: str | None = None
    comparable: tuple[str, ...] = ()


def by_name(text: str) -> Analyte | None:
    """The analyte a text names, as a report or a criterion would: letter case, asides and `serum` do not matter."""
    found = find(text, NAMES, SYMBOLS)
    return ANALYTES[found] if found else None


def by_loinc(code: str) -> Analyte | None:
    """The analyte a LOINC code measures."""
    return _BY_LOINC.get(code.strip())


def assumed(analyte: Analyte | None, *numbers: float | None) -> str | None:
    """The unit that numbers without one must be in; None where two can be meant, or none fits all of them.

    Zero fits every unit: alone, it tells only where there is one.
    """
    stated = [number for number in numbers if number]
    windows = analyte.bare if analyte else ()
    fitting = [window.unit for window in windows if all(window.low <= number <= window.high for number in stated)]
    return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=4096)
def in_unit(analyte: Analyte, code: str) -> Analyte | None:
    """The analyte itself or the sibling that is measured in such a unit: neutrophils in % are their share."""
    family = (analyte, *(ANALYTES[key] for key in analyte.siblings))
    fitting = [each for each in family if commensurable(code, each.unit, each)]
    return next((each for each in fitting if each.unit == code), fitting[0] if fitting else None)


def answers(analyte: Analyte, code: str | None) -> tuple[str, ...]:
    """Keys of the rows that a result by this name and unit answers: its own or a sibling's, then the broader one's."""
    measured = (in_unit(analyte, code) if code else None) or analyte
    return (measured.key, measured.broader) if measured.broader else (measured.key,)


def _split(line: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in line.split(" | "))


_LISTS = ("names", "symbols", "siblings", "comparable")


def _analyte(key: str, row: dict[str, Any]) -> Analyte:
    low, high = row["plausible"]
    lists = {name: _split(row[name]) for name in _LISTS if name in row}
    plausible = Range(low=float(low), high=float(high), unit=row["unit"])
    unit_of_all = row.pop("assumed", None)
    everywhere = (Window(unit_of_all, float(low), float(high)),) if unit_of_all else ()
    bare = tuple(map(_window, _split(row["bare"]))) if "bare" in row else everywhere
    rest = {"key": key, "loinc": tuple(row.get("loinc", "").split()), "plausible": plausible, "bare": bare}
    return msgspec.convert({**row, **lists, **rest}, Analyte)


def _window(line: str) -> Window:
    """`10*9/L 5..1500`."""
    code, _, limits = line.partition(" ")
    low, high = map(float, limits.split(".."))
    return Window(code, low, high)


def _checked(analytes: dict[str, Analyte]) -> dict[str, Analyte]:
    """The table, or an error that names the bad row: a unit of another kind, a relative that is not there."""
    for analyte in analytes.values():
        unit(analyte.unit)
        strange = [window.unit for window in analyte.bare if not commensurable(window.unit, analyte.unit, analyte)]
        if strange:
            raise ValueError(f"analytes.toml: `{analyte.key}` assumes `{strange[0]}`, not a kind of its unit")
        relatives = (*analyte.siblings, *analyte.comparable, *((analyte.broader,) if analyte.broader else ()))
        missing = [key for key in relatives if key not in analytes]
        if missing:
            raise ValueError(f"analytes.toml: `{analyte.key}` names `{missing[0]}`, which is no row")
    return analytes


def _groups(rows: list[dict[str, str]]) -> dict[str, tuple[str, ...]]:
    spelled = ((spelling, row) for row in rows for name in _split(row["names"]) for spelling in variants(name))
    return {spelling: _split(row["of"]) for spelling, row in spelled}


_TABLE: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("analytes.toml").read_text(encoding="utf-8"), parse_float=Decimal
)
ANALYTES: dict[str, Analyte] = _checked({key: _analyte(key, row) for key, row in _TABLE["analyte"].items()})
NAMES: dict[str, str] = index(ANALYTES.values(), "analytes.toml")
SYMBOLS: dict[str, str] = {symbol: analyte.key for analyte in ANALYTES.values() for symbol in analyte.symbols}
GROUPS: dict[str, tuple[str, ...]] = _groups(_TABLE["group"])
_BY_LOINC = {code: analyte for analyte in ANALYTES.values() for code in analyte.loinc}
