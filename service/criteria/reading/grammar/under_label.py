"""A limit that only its heading names: `At least 2 months` under `Life expectancy`, `18 and over` under `Age`."""

import re
from collections.abc import Callable
from functools import lru_cache

from msgspec.structs import replace

from service.criteria.reading.tokens.lex import lex
from service.criteria.reading.words.normal import normal
from service.criteria.tree import leaves, mapped
from service.schemas.criterion import Polarity
from service.schemas.expression import Age, Expression, Leaf, Measurement, ScaleScore, Survival
from service.schemas.text import Span

_TABLES: dict[str, type[Leaf]] = {"survival": Survival, "age": Age, "scale": ScaleScore, "analyte": Measurement}
_BEGINS = re.compile(
    r"\W*(?:(?:must\s+be|is)\s+)?(?:[<>≤≥=]|\d|at\s+(?:least|most)|no\s+(?:more|less|older|younger|fewer)|not\s+(?:more|less)|more|less|greater|lower|older|younger"
    r"|over|under|above|below|up\s+to|between|from|minimum|maximum)"
)
_SHORT = 40


def under_label(
    words: str, heading: str, polarity: Polarity, read: Callable[[str, Polarity], Expression]
) -> Expression | None:
    """The words read behind their heading, where it names what they limit and they say nothing else; else None."""
    kind = _named(heading) if len(heading) <= _SHORT else None
    if kind is None or not _BEGINS.match(normal(words[:_SHORT])):
        return None
    label = f"{heading}: "
    told = read(label + words, polarity)
    if {type(leaf) for leaf in leaves(told)} != {kind}:
        return None
    return mapped(told, lambda leaf: _behind(leaf, len(label)))


@lru_cache(maxsize=1 << 12)
def _named(heading: str) -> type[Leaf] | None:
    """What a heading names, if it does nothing else."""
    named = [token for token in lex(heading) if "filler" not in token.tags]
    if len(named) != 1:
        return None
    return next((kind for table, kind in _TABLES.items() if table in named[0].tags), None)


def _behind(leaf: Expression, label: int) -> Expression:
    """The leaf with its span counted without the label, which is none of the requirement's words."""
    assert isinstance(leaf, Leaf)
    if leaf.span is None:
        return leaf
    return replace(leaf, span=Span(max(0, leaf.span.start - label), leaf.span.end - label))
