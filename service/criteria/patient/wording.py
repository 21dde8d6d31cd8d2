"""Numbers, ranges and spans of time in a clinician's words, and the words that names are compared by."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from service.schemas.expression import Window
from service.schemas.quantity import Quantity, Range, exact
from service.schemas.truth import Truth

UNIT_NAMES = {
    "a": "year", "mo": "month", "wk": "week", "d": "day", "h": "hour", "min": "minute", "%": "%", "1": "",
}  # fmt: skip
_PLURAL = re.compile(
    r"(?:agent|antagonist|antibod(?=ies)|disease|disorder|drug|hormone|infection|inhibitor|malignanc(?=ies)|neoplasm|steroid"
    r"|syndrome|tumor)(?:ies|s)$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:[+'][^\W_]+)*")
_SMALL = frozenset(
    """
    a an and any by for from in its known of on or other patient patients subject subjects the their to with
    """.split()  # noqa: SIM905 – a list of words reads better as words
)


def plain(number: float | Decimal) -> str:
    """Without exponent or idle zeros."""
    if isinstance(number, float) and "e" not in (written := repr(number)):
        return written.removesuffix(".0")
    text = f"{exact(number) if isinstance(number, float | int) else number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(number: float | Decimal, unit: str | None) -> str:
    """A number with its unit: `7 years`, `1 month`, `45%`, `80 10*9/L`."""
    name = UNIT_NAMES.get(unit or "1")
    if name is None:
        return f"{plain(number)} {unit}"
    if name in {"", "%"}:
        return plain(number) + name
    return f"{plain(number)} {name}{'' if number == 1 else 's'}"


@lru_cache(maxsize=4096)
def ranged(range_: Range, unit: str | None = None) -> str:
    """A range as a phrase after "is": `at least 18 years`, `3 to 18 years`, `between 25 and 90 umol/L`."""
    unit = unit or range_.unit
    if range_.low is not None and range_.high is not None:
        return _both(range_, range_.low, range_.high, unit)
    if range_.low is not None:
        return f"{'at least' if range_.low_inclusive else 'above'} {counted(range_.low, unit)}"
    if range_.high is not None:
        return f"{'at most' if range_.high_inclusive else 'below'} {counted(range_.high, unit)}"
    return "any value"


def _both(range_: Range, low: float, high: float, unit: str | None) -> str:
    if low == high:
        return counted(low, unit)
    if range_.low_inclusive and range_.high_inclusive:
        return f"{plain(low)} to {counted(high, unit)}"
    if not (range_.low_inclusive or range_.high_inclusive):
        return f"between {plain(low)} and {counted(high, unit)}"
    first = f"{'at least' if range_.low_inclusive else 'above'} {plain(low)}"
    return f"{first} and {'at most' if range_.high_inclusive else 'below'} {counted(high, unit)}"


def compared(truth: Truth, range_: Range, unit: str | None = None, of: str = "") -> str:
    """How a number stands to a range, after "is": `at least 18 years`, or `below 18 years` where it fails.

    `of` names what a multiple is of: `above 2.5 × ULN`.
    """
    if truth is not Truth.FALSE:
        from_to = range_.low_inclusive and range_.high_inclusive and range_.low != range_.high
        inside = range_.low is not None and range_.high is not None and from_to
        return ("within " if inside else "") + ranged(range_, unit) + of
    if range_.low is None or range_.high is None:
        opposite = Range(
            low=range_.high,
            low_inclusive=not range_.high_inclusive,
            high=range_.low,
            high_inclusive=not range_.low_inclusive,
            unit=range_.unit,
        )
        return ranged(opposite, unit) + of
    return f"{_beyond(range_, range_.low == range_.high)} {ranged(range_, unit)}{of}"


def _beyond(range_: Range, is_one_number: bool) -> str:
    """How to deny a range with two ends."""
    if is_one_number or not (range_.low_inclusive or range_.high_inclusive):
        return "not"
    return "outside" if range_.low_inclusive and range_.high_inclusive else "not both"


@lru_cache(maxsize=1024)
def spanned(window: Window) -> str:
    """A window as a phrase: `within the last 4 weeks`, `at least 6 months ago`."""
    parts = []
    if window.within is not None:
        parts.append(f"within the last {_span(window.within)}")
    if window.at_least is not None:
        parts.append(f"at least {_span(window.at_least)} ago")
    return " and ".join(parts) or "at that time"


def timed(window: Window | None) -> str:
    """The same with a space before it, to follow other words; empty where no span is stated."""
    return f" {spanned(window)}" if window is not None and (window.within or window.at_least) else ""


def _span(span: Quantity) -> str:
    return counted(span.value, span.unit)


def listed(parts: Iterable[str], joint: str = "; ", most: int = 4) -> str:
    """The parts, each once, the first few spelled out."""
    once = list(dict.fromkeys(part for part in parts if part))
    tail = f"{joint}and {len(once) - most} more" if len(once) > most else ""
    return joint.join(once[:most]) + tail


def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning, lower case, English plurals folded; letters and digits alone carry none."""
    return frozenset(_singular(word) for word in _WORD.findall(text.lower()) if len(word) > 1 and word not in _SMALL)


def _singular(word: str) -> str:
    if len(word) < 5 or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def upright(name: str) -> str:
    """A heading of a thesaurus in natural order: `Leukemia, Myeloid, Acute` is acute myeloid leukemia."""
    return " ".join(reversed(name.split(", ")))


def a_or_an(name: str) -> str:
    """With its article; a heading in the plural names a class: `one of the Hematologic Neoplasms`."""
    if _PLURAL.search(name):
        return f"one of the {name}"
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"
