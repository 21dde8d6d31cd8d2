"""`A except B`, `A unless B`: what an exception takes away, which depends on whether A lets in or keeps out."""

from collections.abc import Callable

from service.criteria.reading.grammar.cases import alike
from service.criteria.reading.tokens.clause import NUMERIC, Clause, has_item, held_open, is_small
from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.tree import conjunction, disjunction, leaves, with_exceptions
from service.schemas.criterion import Polarity
from service.schemas.expression import AllOf, AnyOf, ConditionIs, Expression, If, Not, TreatmentIs

Read = Callable[[list[Token], Clause], Expression]


def unless(main: Expression, exceptions: Expression, polarity: Polarity) -> Expression:
    """In an inclusion either will do; in an exclusion the second undoes the first."""
    if polarity is Polarity.INCLUSION:
        return disjunction([main, exceptions])
    return conjunction([main, Not(of=exceptions)])


def in_which_case(main: Expression, tokens: list[Token], clause: Clause, read: Read) -> Expression | None:
    """`≤ 3 × ULN unless metastases are present, in which case ≤ 5 × ULN`: another limit of the same."""
    limit = tokens[-1].reading
    case = [token for token in tokens[:-1] if sign_of(token) != ","]
    if clause.polarity is Polarity.EXCLUSION or limit is None or not case or not alike(main, limit):
        return None
    if not all(token.reading is not None or is_small(token) for token in case) or not has_item(case):
        return None
    return If(when=read(case, clause), then=limit, otherwise=main)


def excepting(main: Expression, exceptions: Expression, tokens: list[Token], clause: Clause) -> Expression:
    """The exceptions given to the diseases and therapies of `main`; a bound has them as a case of their own."""
    if can_have(main):
        return with_exceptions(main, exceptions)
    if not all(isinstance(leaf, NUMERIC) for leaf in leaves(main)):
        return held_open(tokens, clause)
    if clause.polarity is Polarity.EXCLUSION:
        return conjunction([main, Not(of=exceptions)])
    parts = exceptions.of if isinstance(exceptions, AllOf) else (exceptions,)
    bounds = [part for part in parts if isinstance(part, NUMERIC)]
    when = [part for part in parts if not isinstance(part, NUMERIC)]
    if bounds and when:
        return If(when=conjunction(when), then=conjunction(bounds), otherwise=main)
    return held_open(tokens, clause) if bounds else disjunction([main, exceptions])


def can_have(node: Expression) -> bool:
    """Whether the leaf that an exception follows can hold it."""
    match node:
        case ConditionIs() | TreatmentIs():
            return True
        case Not():
            return can_have(node.of)
        case AnyOf(of=parts):
            return all(can_have(part) for part in parts)
        case AllOf(of=(*_, last)):
            return isinstance(last, ConditionIs | TreatmentIs)
        case _:
            return False
