"""Whole sentences: connectives over leaves, in strong Kleene logic."""

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from service.criteria.finding import Finding
from service.criteria.kinds import KINDS
from service.criteria.patient.facts import Facts
from service.criteria.patient.wording import listed
from service.schemas.criterion import Polarity
from service.schemas.expression import AllOf, AnyOf, AtLeast, Expression, If, Not
from service.schemas.truth import Truth, at_least, negate

T = TypeVar("T")
Answer = Callable[[Expression], Finding]

_LEAVES: dict[type, Callable[[Any, Facts], Finding]] = {kind.leaf: kind.evaluate for kind in KINDS}


_SEVERAL = (AllOf, AnyOf, AtLeast)


class Answers(NamedTuple):
    """How leaves come out in sentences that are to hold, and in sentences that are not."""

    to_hold: Answer
    to_fail: Answer


def evaluate(expression: Expression, facts: Facts, polarity: Polarity = Polarity.INCLUSION) -> Finding:
    """Whether the sentence holds for the patient."""
    return concluded(expression, Answers(partial(answered, facts), partial(answered, facts.guarding())), polarity)


def answered(facts: Facts, leaf: Expression) -> Finding:
    """What a record says about one leaf."""
    return _LEAVES[type(leaf)](leaf, facts)


def concluded(expression: Expression, answers: Answers, polarity: Polarity) -> Finding:
    """Whether the sentence holds, its leaves being answered.

    `polarity` matters only to an `if` without `otherwise`: where its condition fails nothing is asked, so the
    sentence comes out as whatever lets the patient pass.
    """
    return _concluded(expression, answers, Truth.of(polarity is Polarity.INCLUSION))


def _concluded(expression: Expression, answers: Answers, idle: Truth) -> Finding:
    """`idle` is the truth that lets the patient pass, and the truth of a sentence that asks nothing."""
    if isinstance(expression, _SEVERAL):
        parts = [_concluded(part, answers, idle) for part in expression.of]
        return _joined(_truth(expression, parts), parts)
    if isinstance(expression, Not):
        inner = _concluded(expression.of, answers, negate(idle))
        return Finding(negate(inner.truth), inner.reason, inner.evidence, inner.missing, inner.attest, inner.unread)
    if isinstance(expression, If):
        return _conditional(expression, answers, idle)
    return (answers.to_hold if idle is Truth.TRUE else answers.to_fail)(expression)


def _truth(expression: AllOf | AnyOf | AtLeast, parts: list[Finding]) -> Truth:
    truths = [part.truth for part in parts]
    if isinstance(expression, AtLeast):
        return at_least(expression.n, truths)
    decisive = Truth.FALSE if isinstance(expression, AllOf) else Truth.TRUE
    if decisive in truths:
        return decisive
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else negate(decisive)


def _joined(truth: Truth, parts: list[Finding]) -> Finding:
    """What decided it: the parts that came out as the whole did. Where it is open, the parts that are open."""
    deciding = [part for part in parts if part.truth is truth]
    if len(deciding) == 1:
        return deciding[0]
    return Finding(
        truth,
        listed([part.reason for part in deciding or parts]) or "nothing is asked",
        _merged([part.evidence for part in deciding or parts]),
        _merged([part.missing for part in deciding]),
        any(part.attest for part in deciding),
        any(part.unread for part in deciding),
    )


def _merged(parts: list[tuple[T, ...]]) -> tuple[T, ...]:
    """Each once, in order."""
    full = [part for part in parts if part]
    return tuple(dict.fromkeys(chain.from_iterable(full))) if len(full) > 1 else full[0] if full else ()


def _conditional(expression: If, answers: Answers, idle: Truth) -> Finding:
    """Where the condition is open, the sentence is settled only if both ways come out the same."""
    when = _concluded(expression.when, answers, Truth.TRUE)
    then = _concluded(expression.then, answers, idle)
    other = Finding(idle, "nothing more is asked")
    if expression.otherwise is not None:
        other = _concluded(expression.otherwise, answers, idle)
    if when.truth is Truth.UNKNOWN:
        if then.truth is other.truth is not Truth.UNKNOWN:
            return _joined(then.truth, [then, other])
        return _joined(Truth.UNKNOWN, [when, then, other])
    taken = then if when.truth is Truth.TRUE else other
    evidence = _merged([when.evidence, taken.evidence])
    reason = listed((when.reason, taken.reason))
    return Finding(taken.truth, reason, evidence, taken.missing, taken.attest, taken.unread)
