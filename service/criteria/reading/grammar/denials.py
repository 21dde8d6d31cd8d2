"""Exceptions and denials, outermost first: `A except B`, `A unless B`, `no A, B or C`."""

from msgspec.structs import replace

from service.criteria.reading.grammar.coordination import coordinated
from service.criteria.reading.grammar.excepting import excepting, in_which_case, unless
from service.criteria.reading.grammar.negation import (
    behind_item,
    claims_something,
    denied_by,
    denies,
    is_listed_loosely,
    opens_with_denial,
    restates,
    scope_end,
)
from service.criteria.reading.tokens.clause import Clause, held_open, marks, speaks, trimmed
from service.criteria.reading.tokens.lex import Token
from service.criteria.tree import with_window
from service.schemas.criterion import Polarity
from service.schemas.expression import Expression, Not, Window


def excepted(tokens: list[Token], clause: Clause) -> Expression:
    """`A except B`: the exceptions go to the leaves of A; `A unless B`: A, and not B."""
    for i in marks(tokens, "exception", clause):
        kind = tokens[i].tags["exception"]
        if not speaks(tokens[:i]):
            continue
        if tokens[i].tags.get("word") == "excluding" and not speaks(tokens[i + 1 :]):
            continue
        main, rest = negated(tokens[:i], clause), tokens[i + 1 :]
        if kind != "unless" and rest and isinstance(window := rest[-1].tags.get("window"), Window):
            main, rest = with_window(main, window), rest[:-1]
        if not speaks(rest):
            return main
        if kind == "unless":
            other = in_which_case(main, rest, clause, negated)
            asked = clause._replace(polarity=Polarity.INCLUSION)  # what lets somebody in after all: `and` is `and`
            return other if other is not None else unless(main, negated(rest, asked), clause.polarity)
        exceptions = coordinated(rest, clause._replace(polarity=Polarity.EXCLUSION, alternatives=True), negated)
        return excepting(main, exceptions, tokens, clause)
    return negated(tokens, clause)


def _left_open(tokens: list[Token], start: int, end: int, clause: Clause) -> list[Token]:
    """What stands behind a denial; the first limit decides nothing where it may be denied too."""
    first = next((k for k in range(end, len(tokens)) if tokens[k].reading is not None), None)
    if first is None or not is_listed_loosely(tokens, start, first):
        return tokens[end:]
    return [
        *tokens[end:first],
        replace(tokens[first], reading=held_open([tokens[first]], clause)),
        *tokens[first + 1 :],
    ]


def negated(tokens: list[Token], clause: Clause) -> Expression:
    """A negation reaches over the list behind it, up to `but` or a bound of another kind."""
    tokens = trimmed(tokens)
    for i in marks(tokens, "negation", clause):
        if not denies(tokens, i):
            continue
        if restates(tokens, i, clause):
            return negated([*tokens[:i], *tokens[i + 1 :]], clause)
        end = scope_end(tokens, i + 1) if tokens[i].tags.get("word") != "non" else behind_item(tokens, i + 1)
        inner = tokens[i + 1 : end]
        if not speaks(inner):
            continue
        denied: Expression = Not(of=coordinated(inner, denied_by(tokens[i], clause), negated))
        if opens_with_denial(tokens[i], clause) and claims_something(denied):
            denied = held_open([tokens[i], *inner], clause)
        joined = Token(tokens[i].start, inner[-1].end, {}, denied)
        return negated([*tokens[:i], joined, *_left_open(tokens, i + 1, end, clause)], clause)
    return coordinated(tokens, clause, negated)
