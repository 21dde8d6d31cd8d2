"""`A except B`, `A unless B`: what an exception takes away, which depends on whether A lets in or keeps out."""

from service.criteria.reading.clause import NUMERIC, Clause, held_open
from service.criteria.reading.lex import Token
from service.criteria.tree import conjunction, disjunction, leaves, with_exceptions
from service.schemas.criterion import Polarity
from service.schemas.expression import AllOf, AnyOf, ConditionIs, Expression, If, Not, TreatmentIs


def unless(main: Expression, exceptions: Expression, polarity: Polarity) -> Expression:
    """In an inclusion either will do; in an exclusion the second undoes the first."""
    if polarity is Polarity.INCLUSION:
        return disjunction([main, exceptions])
    return conjunction([main, Not(of=exceptions)])


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
