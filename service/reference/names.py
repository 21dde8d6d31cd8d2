"""Names of analytes and scales: which spellings count as one name, and which row a text names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

_BRITISH = (
    ("hem", "haem"), ("leuk", "leuc"), ("tumor", "tumour"), ("estr", "oestr"), ("esoph", "oesoph"), ("pnea", "pnoea"),
)  # fmt: skip
_GREEK = (("alpha", "α"), ("beta", "β"), ("gamma", "γ"))
_PLAIN = str.maketrans("’‘‐‑‒–—−", "''------")
_BEFORE = frozenset(
    {"a", "an", "the", "serum", "plasma", "blood", "baseline", "screening", "current", "measured", "known"}
)
_AFTER = frozenset(
    {"level", "levels", "value", "values", "count", "counts", "concentration", "score", "total", "absolute"}
    | {"in", "or", "of", "serum", "plasma", "blood"}
)
_ELSEWHERE = re.compile(
    r"\b(?:urine|urinary|csf|cerebrospinal|pleural|ascit\w+|saliva\w*|stool|f[ae]+cal|synovial|sweat|ratio|index)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")


class Named(Protocol):
    """A row with a key and names."""

    @property
    def key(self) -> str:
        """The row's stable key."""

    @property
    def names(self) -> tuple[str, ...]:
        """As texts write them, lower case."""


def normal(text: str) -> str:
    """Lower case, compatibility forms resolved, one blank between words, straight quotes and plain hyphens."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return " ".join(plain.lower().split())


def variants(name: str) -> set[str]:
    """A name with and without its hyphens, in American and British spelling, with Greek letters spelled or not."""
    plain = normal(name)
    found = {plain, plain.replace("-", " ")}
    for one, other in (*_BRITISH, *_GREEK):
        if one in plain and other not in plain:
            found |= {each.replace(one, other) for each in found}
    return found


def index(rows: Iterable[Named], table: str) -> dict[str, str]:
    """Every spelling of every name, and the key of its row. Raises ValueError where two rows share one."""
    keys: dict[str, str] = {}
    for row in rows:
        for name in row.names:
            for spelling in variants(name):
                if keys.setdefault(spelling, row.key) != row.key:
                    raise ValueError(f"{table}: `{keys[spelling]}` and `{row.key}` are both named `{spelling}`")
    return keys


def find(text: str, names: Mapping[str, str], symbols: Mapping[str, str]) -> str | None:
    """The key of the row that a text names: a name in any letter case, a symbol only in its own."""
    for candidate in _candidates(text):
        key = symbols.get(candidate) or names.get(normal(candidate))
        if key is not None:
            return key
    return None


def _candidates(text: str) -> Iterator[str]:
    """What the text may be listed as: whole, without asides, without words that name nothing, the aside alone.

    Nothing is dropped from a text that speaks of urine, of another fluid or of a ratio: that is another quantity.
    """
    whole = " ".join(text.split())
    yield whole
    asides = _ASIDE.findall(whole) if "(" in whole or "[" in whole else []
    if any(map(_ELSEWHERE.search, asides)):
        return
    words = [word.strip(".:;,") for word in (_ASIDE.sub(" ", whole) if asides else whole).split()]
    if (without := " ".join(words)) != whole:
        yield without
    if _ELSEWHERE.search(whole):
        return
    while len(words) > 1 and words[-1].lower() in _AFTER:
        words.pop()
        yield " ".join(words)
    while len(words) > 1 and words[0].lower() in _BEFORE:
        words.pop(0)
        yield " ".join(words)
    yield from asides
