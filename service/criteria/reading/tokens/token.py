"""A piece of a requirement's text and what it may mean."""

from msgspec import Struct

from service.schemas.expression import Expression, Window

Value = str | float | tuple[str, ...] | Window


class Token(Struct, frozen=True, gc=False):
    """Characters `start` up to `end` and what they may mean: table → key, e.g. `analyte` → `platelets`.

    `reading` is the expression that a pass has read from them; such a token is an item. Equal words share their tags:
    nobody may change them.
    """

    start: int
    end: int
    tags: dict[str, Value]
    reading: Expression | None = None

    def text(self, source: str) -> str:
        """The characters."""
        return source[self.start : self.end]


def sign_of(token: Token) -> str | None:
    """The punctuation mark, if the token is one."""
    sign: str | None = token.tags.get("sign")  # type: ignore[assignment]  # that table holds nothing else
    return sign


def name_of(token: Token, source: str) -> str:
    """The words that name what the token means, completed where the text shortened them."""
    name = token.tags.get("name")
    return name if isinstance(name, str) else token.text(source)


_TELLING = frozenset(
    {"window", "when", "recent", "num", "comparator", "timing", "qualifier", "result", "sex", "outcome", "normal"}
    | {"negation", "person", "age", "pregnancy", "tobacco"}
)
"""What in brackets says more of the name before them: `(active)`, `(within 6 months)`, `(positive)`."""


def past_synonym(tokens: list[Token], i: int) -> int:
    """Past `(HBsAg)`."""
    if (
        i + 2 < len(tokens)
        and sign_of(tokens[i]) == "("
        and sign_of(tokens[i + 2]) == ")"
        and not tokens[i + 1].reading
        and _TELLING.isdisjoint(tokens[i + 1].tags)
    ):
        return i + 3
    return i


def ids_of(token: Token) -> tuple[str, ...]:
    """The concepts it may mean; none once it is read."""
    found = token.tags.get("concept")
    return found if isinstance(found, tuple) and token.reading is None else ()


def single(known: tuple[str, ...]) -> str | None:
    """Ambiguity is kept out of the tree: the name then speaks for itself."""
    return known[0] if len(known) == 1 else None
