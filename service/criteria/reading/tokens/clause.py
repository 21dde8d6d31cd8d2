"""What the grammar of clauses knows of a stretch of tokens: its words, its brackets, whether it says anything."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from service.criteria.reading.tokens.lex import Token, Value, sign_of
from service.criteria.tree import leaves
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Age,
    AllOf,
    AnyOf,
    Biomarker,
    Expression,
    Measurement,
    ScaleScore,
    SexIs,
    Survival,
    Unparsed,
)
from service.schemas.patient import Sex
from service.schemas.quantity import Range
from service.schemas.text import Span

OPEN, CLOSE = ("(", "["), (")", "]")
NUMERIC = (Age, Measurement, ScaleScore, Survival, Biomarker)
SILENT = frozenset({"confirmed", "history"})
_SIGNS = frozenset(",.:-*()[]\"'…")
_MUTE = frozenset({"sign", "filler", "connective"})
_LEADING, _TRAILING = frozenset(",.:-*"), frozenset(",.:-;")
_NOTHING, _TAGS, _READING = frozenset[str](), attrgetter("tags"), attrgetter("reading")


class Clause(NamedTuple):
    """What reading a stretch of tokens needs to know besides them.

    `attests`: somewhere the text speaks of what only the site can attest. Among `alternatives`, `and` joins as `or`.
    What is `lacked` (`no …`, `without …`) is named by the words behind, whatever they are. `marked`: the tables and
    the punctuation marks of the text's tokens; rules that ask for another need not look for it.
    """

    text: str
    polarity: Polarity
    attests: bool
    marked: frozenset[str]
    alternatives: bool = False
    lacked: bool = False

    def words(self, tokens: list[Token]) -> str:
        """The characters from the first token to the last."""
        return self.span(tokens).of(self.text)

    def span(self, tokens: list[Token]) -> Span:
        """From the first token to the last, the bracket that closes behind it included."""
        start, end = tokens[0].start, tokens[-1].end
        if self.text[end : end + 1] == ")" and self.text.count("(", start, end) > self.text.count(")", start, end):
            end += 1
        return Span(start, end)


def marked(tokens: list[Token]) -> frozenset[str]:
    """The tables and the punctuation marks of the tokens."""
    tables = _NOTHING.union(*map(_TAGS, tokens))
    return (
        tables.union(sign for token in tokens if (sign := sign_of(token)) is not None) if "sign" in tables else tables
    )


def speaks(tokens: list[Token]) -> bool:
    """Whether anything but punctuation and small words stands there."""
    return any(map(_speaks, tokens))


def _speaks(token: Token) -> bool:
    return token.reading is not None or _MUTE.isdisjoint(token.tags)


def is_small(token: Token) -> bool:
    """A word or sign that adds nothing by itself."""
    tags = token.tags
    if "filler" in tags or tags.get("sign") in _SIGNS:
        return True
    return tags.get("word") == "present" or tags.get("qualifier") in SILENT


def has_item(tokens: list[Token]) -> bool:
    """Whether anything was read among them."""
    return any(map(_READING, tokens))


def is_bound(token: Token) -> bool:
    """Whether the token is an item of bounds only."""
    return token.reading is not None and all(type(leaf) in NUMERIC for leaf in leaves(token.reading))


def has_limit(token: Token) -> bool:
    """Whether the token is an item that holds a bound."""
    return token.reading is not None and any(type(leaf) in NUMERIC for leaf in leaves(token.reading))


def marks(tokens: list[Token], table: str, clause: Clause) -> list[int]:
    """Where words of a table stand outside brackets, themselves not read."""
    if table not in clause.marked:
        return []
    places = [i for i, token in enumerate(tokens) if table in token.tags and token.reading is None]
    inside = depths(tokens) if places else ()
    return [i for i in places if inside[i] == 0]


def is_everybody(node: Expression) -> bool:
    """`male or female`."""
    sexes = {part.sex for part in node.of if isinstance(part, SexIs)} if isinstance(node, AnyOf) else set()
    return sexes == {Sex.MALE, Sex.FEMALE} and isinstance(node, AnyOf) and len(node.of) == len(sexes)


def depths(tokens: list[Token]) -> list[int]:
    """How many brackets are open before each token."""
    found, open_now = [], 0
    for token in tokens:
        found.append(open_now)
        if "sign" in token.tags:
            open_now += (sign_of(token) in OPEN) - (sign_of(token) in CLOSE)
    return found


def closing(tokens: list[Token], i: int) -> int | None:
    """The bracket that closes what token `i` opens."""
    open_now = 0
    for place in range(i, len(tokens)):
        if "sign" in tokens[place].tags:
            open_now += (sign_of(tokens[place]) in OPEN) - (sign_of(tokens[place]) in CLOSE)
            if open_now == 0:
                return place
    return None


def trimmed(tokens: list[Token]) -> list[Token]:
    """Without punctuation and connectives at either end."""
    first, behind = 0, len(tokens)
    while first < behind and tokens[first].reading is None and _is_edge(tokens[first].tags, _LEADING):
        first += 1
    while behind > first and tokens[behind - 1].reading is None and _is_edge(tokens[behind - 1].tags, _TRAILING):
        behind -= 1
    return tokens if behind - first == len(tokens) else tokens[first:behind]


def _is_edge(tags: dict[str, Value], signs: frozenset[str]) -> bool:
    return "connective" in tags or tags.get("sign") in signs


def unparsed(tokens: list[Token], clause: Clause) -> Unparsed:
    """The words themselves, as nothing could be made of them."""
    return Unparsed(text=clause.words(tokens), span=clause.span(tokens))


def held_open(tokens: list[Token], clause: Clause) -> Expression:
    """Words whose structure is not told: the limits that they name are shown, and decide nothing."""
    unread = unparsed(tokens, clause)
    limits = [t.reading for t in tokens if t.reading is not None and any(type(x) in NUMERIC for x in leaves(t.reading))]
    return AllOf(of=(AnyOf(of=(*limits, unread)), unread)) if limits else unread


def apart(stated: Sequence[Expression]) -> bool:
    """`age < 5 years > 18 years`: nobody is both."""
    if len(stated) != 2 or any(not isinstance(one, Age | Measurement | ScaleScore) for one in stated):
        return False
    low, high = (one.range for one in stated if isinstance(one, Age | Measurement | ScaleScore))
    same = type(stated[0]) is type(stated[1]) and _subject(stated[0]) == _subject(stated[1]) and low.unit == high.unit
    return same and low.low is None and high.high is None and low.high is not None and low.high < (high.low or 0)


def of_classes_apart(stated: Sequence[Expression]) -> bool:
    """`stage III and stage IV`: nobody is in both."""
    if len(stated) != 2 or any(not isinstance(one, ScaleScore) for one in stated):
        return False
    one, other = (part for part in stated if isinstance(part, ScaleScore))
    if one.scale != other.scale or one.of != other.of:
        return False
    return _ends_below(one.range, other.range) or _ends_below(other.range, one.range)


def _ends_below(one: Range, other: Range) -> bool:
    return one.high is not None and other.low is not None and one.high < other.low


def _subject(bound: Expression) -> str | None:
    return getattr(bound, "analyte", None) or getattr(bound, "scale", None)
