"""The grammar of clauses: sentences, conditions, exceptions, negation, lists.

What no reading covers stays in the tree as `unparsed` under the connective it stood in.
"""

import re
from collections.abc import Callable

from service.criteria.reading.grammar.cases import alternatives, two_limits
from service.criteria.reading.grammar.claims import claimed
from service.criteria.reading.grammar.denials import excepted, negated
from service.criteria.reading.grammar.discourse import told
from service.criteria.reading.grammar.negation import FORBIDDEN
from service.criteria.reading.grammar.those import of_those
from service.criteria.reading.tokens.clause import (
    CLOSE,
    OPEN,
    Clause,
    has_item,
    has_limit,
    is_bound,
    is_small,
    marks,
    speaks,
    trimmed,
    unparsed,
)
from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.tree import conjunction, disjunction, leaves, spanning
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Age,
    Expression,
    If,
    Pregnancy,
    SexIs,
    Unparsed,
)
from service.schemas.patient import Sex
from service.schemas.text import Span

_COUNTED = re.compile(
    r"\b(?:\d|two|three|four|five)\s+(?:or\s+more\s+)?(?:out\s+)?of\s+(?:the\s+|these\s+)?(?:\d|three|four|five|six|following)\b"
)
_MODALS = frozenset({"must", "should", "shall", "agree", "agrees", "willing", "will", "need", "required", "have"})


def clause_expression(tokens: list[Token], clause: Clause) -> Expression:
    """The expression of a whole requirement."""
    parts = _split_at(tokens, _ends_sentence) if "." in clause.marked else [tokens]
    sentences = [part for part in parts if speaks(part)]
    if not sentences:
        return unparsed(tokens, clause) if tokens else Unparsed(text=clause.text, span=Span(0, len(clause.text)))
    return told(sentences, clause, lambda part, asked: of_those(claimed(_sentence(part, asked), asked), asked))


def _sentence(tokens: list[Token], clause: Clause) -> Expression:
    """Parts between semicolons: all of them in an inclusion, any of them in an exclusion."""
    words = clause.words(tokens).lower()
    if "of" in words and _COUNTED.search(words):
        return unparsed(tokens, clause)
    parts = [part for part in _between_semicolons(tokens, clause) if speaks(part)]
    read = [_conditional(part, clause) for part in parts]
    if clause.polarity is Polarity.EXCLUSION:
        return disjunction(read)
    if len(read) > 1 and any(isinstance(leaf, Unparsed) for one in read for leaf in leaves(one)):
        return unparsed(tokens, clause)
    return conjunction(read)


def _between_semicolons(tokens: list[Token], clause: Clause) -> list[list[Token]]:
    if ";" not in clause.marked:
        return [tokens]
    return _split_at(_semicolons_joined(tokens, clause), lambda token, _following: sign_of(token) == ";")


def _semicolons_joined(tokens: list[Token], clause: Clause) -> list[Token]:
    """A comma for the semicolon before `≤ 5 × ULN …` or `unless …`, which goes on about what stands before it."""
    joined = list(tokens)
    for i, token in enumerate(tokens[:-1]):
        behind = tokens[i + 1]
        goes_on = "exception" in behind.tags or (is_bound(behind) and clause.text[behind.start] in "<>≤≥=")
        if sign_of(token) == ";" and goes_on:
            joined[i] = Token(token.start, token.end, {"sign": ","})
    return joined


def _ends_sentence(token: Token, following: Token | None) -> bool:
    """A full stop with white space behind it."""
    return sign_of(token) == "." and (following is None or following.start > token.end)


def _split_at(tokens: list[Token], ends: Callable[[Token, Token | None], bool]) -> list[list[Token]]:
    """The stretches between separators that stand outside brackets."""
    if not any("sign" in token.tags and ends(token, None) for token in tokens):
        return [tokens]
    parts: list[list[Token]] = [[]]
    depth = 0
    for i, token in enumerate(tokens):
        depth += (sign_of(token) in OPEN) - (sign_of(token) in CLOSE)
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if depth <= 0 and ends(token, following) and not _counts(tokens, i):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _counts(tokens: list[Token], i: int) -> bool:
    """The point of `except for: 1. …`."""
    number = i > 1 and "num" in tokens[i - 1].tags and tokens[i - 1].end == tokens[i].start
    return number and sign_of(tokens[i - 2]) in (":", ";") and sign_of(tokens[i]) == "."


def _conditional(tokens: list[Token], clause: Clause) -> Expression:
    """`X if Y`, `if Y, X`, `for females: X`, `women of childbearing potential must X`."""
    tokens = trimmed(tokens)
    for i in marks(tokens, "condition", clause):
        if tokens[i].tags["condition"] == "if" and (read := _if(tokens, i, clause)) is not None:
            return read
    if (case := _case_first(tokens, clause)) is not None:
        return case
    population = _population(tokens, clause)
    return population if population is not None else excepted(tokens, clause)


def _if(tokens: list[Token], i: int, clause: Clause) -> Expression | None:
    """The condition and what it asks for, if both can be told apart; of which limits of a list it is, nothing tells."""
    behind = tokens[i + 1 :]
    if (joint := _joint_before(tokens, i)) is not None:
        return _further_if(tokens, i, joint, clause)
    if speaks(tokens[:i]):
        when, then = behind, tokens[:i]
    else:
        comma = next(
            (k for k, t in enumerate(behind) if sign_of(t) in (",", ":") or t.tags.get("word") == "then"), None
        )
        if comma is None:
            return None
        when, then = behind[:comma], behind[comma + 1 :]
    if not (has_item(when) and speaks(then)):
        return None
    if clause.polarity is Polarity.EXCLUSION:
        return conjunction([excepted(when, clause), excepted(then, clause)])
    case = excepted(when, clause)
    if (paired := two_limits(then, case)) is not None:
        return excepted(paired, clause)
    listed = speaks(tokens[:i]) and sum(map(has_limit, then)) > 1
    return If(when=case, then=excepted(then, clause), otherwise=unparsed(then, clause) if listed else None)


def _joint_before(tokens: list[Token], i: int) -> int | None:
    """The `and` or `or` that the condition at `i` stands behind."""
    joint = i - 1 - (i > 1 and sign_of(tokens[i - 1]) == ",")
    joined = joint > 0 and tokens[joint].tags.get("connective") in ("and", "or")
    return joint if joined and speaks(tokens[:joint]) else None


def _further_if(tokens: list[Token], i: int, joint: int, clause: Clause) -> Expression | None:
    """`A, and if B, C`: A of everybody."""
    if (further := _if(tokens[i:], 0, clause)) is None:
        return None
    first = excepted(trimmed(tokens[:joint]), clause)
    adds = tokens[joint].tags["connective"] == "and"
    return conjunction([first, further]) if adds else alternatives(disjunction([first, further]))


def _case_first(tokens: list[Token], clause: Clause) -> Expression | None:
    """`For patients with liver metastases, AST ≤ 5 × ULN`: asked of them only, or keeping out them only."""
    if not tokens or tokens[0].tags.get("word") not in ("for", "in", "among"):
        return None
    comma = next((i for i, token in enumerate(tokens) if sign_of(token) in (",", ":")), None)
    if comma is None or not speaks(tokens[comma + 1 :]):
        return None
    who, then = tokens[1:comma], tokens[comma + 1 :]
    named = [token.reading for token in who if token.reading is not None]
    all_told = all(t.reading is not None or is_small(t) or {"person", "negation"} & t.tags.keys() for t in who)
    limits = [token for token in then if token.reading is not None]
    limited = bool(limits) and all(map(is_bound, limits))
    told = limited or clause.polarity is Polarity.EXCLUSION or any("person" in token.tags for token in who)
    if not named or not all_told or not told:
        return None
    case = negated(who, clause) if any("negation" in token.tags for token in who) else conjunction(named)
    if clause.polarity is Polarity.EXCLUSION:
        return conjunction([case, excepted(then, clause)])
    return If(when=case, then=excepted(then, clause))


def _population(tokens: list[Token], clause: Clause) -> Expression | None:
    """`Females of childbearing potential must …`: asked of them only."""
    if clause.polarity is Polarity.EXCLUSION:
        return None
    i = 0
    while (
        i < len(tokens)
        and (
            tokens[i].tags.get("filler")
            or _is_population(tokens[i])
            or sign_of(tokens[i]) in (*OPEN, *CLOSE)
            or (i > 0 and isinstance(tokens[i].reading, Age))
            or tokens[i].tags.get("word") in ("of", "with", "and", "or")
        )
        and tokens[i].tags.get("word") not in _MODALS
    ):
        i += 1
    if i in (0, len(tokens)) or not _obliges(tokens[i], clause) or not any(_is_population(t) for t in tokens[:i]):
        return None
    return If(when=_asked(tokens[:i]), then=excepted(tokens[i:], clause))


def _obliges(token: Token, clause: Clause) -> bool:
    """`must`, `agree to`, `must not be`."""
    denied = "negation" in token.tags and FORBIDDEN.match(clause.text[token.start : token.end].lower())
    return token.tags.get("word") in _MODALS or bool(denied)


def _asked(tokens: list[Token]) -> Expression:
    """Who is meant: `men and women of childbearing potential` are any of them, not both at once."""
    named = [token.reading for token in tokens if token.reading is not None]
    who = [one for i, one in enumerate(named) if not any(_is_the_same(one, other) for other in named[:i])]
    if len(who) < len(named):
        who[-1] = spanning(who[-1], max(token.end for token in tokens if token.reading is not None))
    if any("connective" in token.tags for token in tokens):
        return disjunction(who)
    men = [one for one in who if isinstance(one, SexIs) and one.sex is Sex.MALE]
    return spanning(men[0], max(t.end for t in tokens if t.reading is not None)) if men else conjunction(who)


def _is_the_same(one: Expression, other: Expression) -> bool:
    """`women of childbearing potential (WOCBP)`: the same persons twice."""
    return isinstance(one, Pregnancy) and isinstance(other, Pregnancy) and one.state is other.state


def _is_population(token: Token) -> bool:
    reading = token.reading
    return isinstance(reading, SexIs) or (
        isinstance(reading, Pregnancy) and reading.state.value == "childbearing_potential"
    )
