"""Whole sentences: connectives over leaves, in strong Kleene logic."""

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace

from service.criteria.finding import Finding
from service.criteria.kinds import KINDS
from service.criteria.patient.facts import Facts
from service.criteria.patient.wording import listed
from service.schemas.criterion import Polarity
from service.schemas.expression import AllOf, AnyOf, AtLeast, Expression, If, Not
from service.schemas.truth import TRUE, UNKNOWN, Truth, all_of, any_of, at_least, negate

T = TypeVar("T")
Answer = Callable[[Expression], Finding]

_LEAVES: dict[type, Callable[[Any, Facts], Finding]] = {kind.leaf: kind.evaluate for kind in KINDS}


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
    conclude = _CONNECTIVES.get(type(expression))
    if conclude is not None:
        return conclude(expression, answers, idle)
    return (answers.to_hold if idle is TRUE else answers.to_fail)(expression)


def _all(expression: AllOf, answers: Answers, idle: Truth) -> Finding:
    parts = [_concluded(part, answers, idle) for part in expression.of]
    return _joined(all_of([part.truth for part in parts]), parts)


def _any(expression: AnyOf, answers: Answers, idle: Truth) -> Finding:
    parts = [_concluded(part, answers, idle) for part in expression.of]
    return _joined(any_of([part.truth for part in parts]), parts)


def _at_least(expression: AtLeast, answers: Answers, idle: Truth) -> Finding:
    parts = [_concluded(part, answers, idle) for part in expression.of]
    return _joined(at_least(expression.n, [part.truth for part in parts]), parts)


def _not(expression: Not, answers: Answers, idle: Truth) -> Finding:
    inner = _concluded(expression.of, answers, negate(idle))
    return replace(inner, truth=negate(inner.truth))


def _joined(truth: Truth, parts: list[Finding]) -> Finding:
    """What decided it: the parts that came out as the whole did. Where it is open, the parts that are open."""
    deciding = [part for part in parts if part.truth is truth]
    if len(deciding) == 1:
        return deciding[0]
    told = deciding or parts
    found = Finding(
        truth,
        lambda: listed([part.reason for part in told]) or "nothing is asked",
        _merged([part.evidence for part in told]),
    )
    if truth is not UNKNOWN:
        return found
    return replace(
        found,
        missing=_merged([part.missing for part in deciding]),
        attest=any(part.attest for part in deciding),
        unread=any(part.unread for part in deciding),
    )


def _merged(parts: list[tuple[T, ...]]) -> tuple[T, ...]:
    """Each once, in order."""
    full = [part for part in parts if part]
    return tuple(dict.fromkeys(chain.from_iterable(full))) if len(full) > 1 else full[0] if full else ()


def _conditional(expression: If, answers: Answers, idle: Truth) -> Finding:
    """Where the condition is open, the sentence is settled only if both ways come out the same."""
    when = _concluded(expression.when, answers, TRUE)
    then = _concluded(expression.then, answers, idle)
    other = Finding(idle, "nothing more is asked")
    if expression.otherwise is not None:
        other = _concluded(expression.otherwise, answers, idle)
    if when.truth is UNKNOWN:
        if then.truth is other.truth is not UNKNOWN:
            return _joined(then.truth, [then, other])
        return _joined(UNKNOWN, [when, then, other])
    taken = then if when.truth is TRUE else other
    evidence = _merged([when.evidence, taken.evidence])
    return replace(taken, words=lambda: listed((when.reason, taken.reason)), evidence=evidence)


_CONNECTIVES: dict[type, Callable[[Any, Answers, Truth], Finding]] = {
    AllOf: _all, AnyOf: _any, AtLeast: _at_least, Not: _not, If: _conditional
}  # fmt: skip
