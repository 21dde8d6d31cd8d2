"""Clinical scales: one row of scales.toml a scale, checked as it is read."""

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct, convert

from service.reference.names import find, index

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_BETTER: dict[str, bool | None] = {"high": True, "low": False, "none": None}
_ROMAN_RANGE = re.compile(r"I\.\.([IVX]+)")


class Covered(NamedTuple):
    """The scores of a class: `low` up to `high`, or short of it where `below`."""

    low: float
    high: float
    below: bool


class Scale(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`step` is the distance between two scores, 0 where any number may be scored; `classes` gives labels a score.

    `higher_is_better` is None where neither end is the better one (skin type, Tanner stage). `symbols` are
    abbreviations that are also words: only in this letter case.
    """

    key: str
    name: str
    names: tuple[str, ...]
    symbols: tuple[str, ...] = ()
    low: float
    high: float
    step: float = 1
    higher_is_better: bool | None
    classes: dict[str, float] = {}
    loinc: tuple[str, ...] = ()

    def score(self, label: str) -> float | None:
        """The score of a class label; a plain number is its own score if the scale has it."""
        plain = label.strip()
        for each in (plain, plain.upper(), plain.lower()):
            if each in self.classes:
                return self.classes[each]
        folded = {known.casefold(): score for known, score in self.classes.items()}
        score = folded.get(plain.casefold(), _number(plain))
        return score if score is not None and self.low <= score <= self.high else None

    def covers(self, label: str) -> Covered | None:
        """Every score of a class: stage II also covers IIA to IIC, stage IIB only itself."""
        low = self.score(label)
        if low is None:
            return None
        if low.is_integer() and any(low < score < low + 1 for score in self.classes.values()):
            return Covered(low, low + 1, below=True)
        return Covered(low, low, below=False)


def by_name(text: str) -> Scale | None:
    """The scale a text names."""
    found = find(text, NAMES, SYMBOLS)
    return SCALES[found] if found else None


def by_loinc(code: str) -> Scale | None:
    """The scale whose score a code stands for; blanks around it do not matter."""
    return _BY_LOINC.get(code.strip())


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else None


def _classes(line: str) -> dict[str, float]:
    """`I..IV, IIa=2.1`: a run of roman numerals, then labels with their scores."""
    classes: dict[str, float] = {}
    for part in filter(None, line.split(", ")):
        if run := _ROMAN_RANGE.fullmatch(part):
            last = ROMAN.index(run[1])
            classes |= {label: float(place) for place, label in enumerate(ROMAN[: last + 1], start=1)}
        else:
            label, score = part.rsplit("=", 1)
            classes[label] = float(score)
    return classes


def _scale(key: str, row: dict[str, Any]) -> Scale:
    low, high = row.pop("range")
    lists: dict[str, Any] = {name: tuple(row[name].split(" | ")) for name in ("names", "symbols") if name in row}
    read: dict[str, Any] = {
        "key": key,
        "low": low,
        "high": high,
        "higher_is_better": _BETTER[row.pop("better")],
        "classes": _classes(row.pop("classes", "")),
        "loinc": tuple(row.pop("loinc", "").split()),
    }
    scale = convert({**row, **lists, **read}, Scale)
    outside = [label for label, score in scale.classes.items() if not scale.low <= score <= scale.high]
    if scale.low >= scale.high or outside:
        raise ValueError(f"scales.toml: `{key}` runs from {low} to {high}, without {outside}")
    return scale


_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("scales.toml").read_text(encoding="utf-8"))
SCALES: dict[str, Scale] = {key: _scale(key, row) for key, row in _TABLE["scale"].items()}
NAMES: dict[str, str] = index(SCALES.values(), "scales.toml")
SYMBOLS: dict[str, str] = {symbol: scale.key for scale in SCALES.values() for symbol in scale.symbols}
_BY_LOINC = {code: scale for scale in SCALES.values() for code in scale.loinc}
