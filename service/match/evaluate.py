"""Whole sentences: connectives over leaves, in strong Kleene logic."""

from collections.abc import Callable
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
Evaluate = Callable[[Any, Facts], Finding]

_LEAVES: dict[type, Evaluate] = {kind.leaf: kind.evaluate for kind in KINDS}


def evaluate(expression: Expression, facts: Facts, polarity: Polarity = Polarity.INCLUSION) -> Finding:
    """Whether the sentence holds for the patient.

    `polarity` matters only to an `if` without `otherwise`: where its condition fails nothing is asked, so the
    sentence comes out as whatever lets the patient pass.
    """
    wishes = _Wishes(facts, facts.guarding())
    return _evaluate(expression, wishes, Truth.of(polarity is Polarity.INCLUSION))


class _Wishes(NamedTuple):
    """The patient for sentences that are to hold, and for sentences that are not."""

    to_hold: Facts
    to_fail: Facts


def _evaluate(expression: Expression, patient: _Wishes, idle: Truth) -> Finding:
    """`idle` is the truth that lets the patient pass, and the truth of a sentence that asks nothing."""
    leaf = _LEAVES.get(type(expression))
    if leaf is not None:
        return leaf(expression, patient.to_hold if idle is Truth.TRUE else patient.to_fail)
    if isinstance(expression, AllOf | AnyOf | AtLeast):
        parts = [_evaluate(part, patient, idle) for part in expression.of]
        return _joined(_truth(expression, parts), parts)
    if isinstance(expression, Not):
        inner = _evaluate(expression.of, patient, negate(idle))
        return Finding(negate(inner.truth), inner.reason, inner.evidence, inner.missing, inner.attest, inner.unread)
    assert isinstance(expression, If)
    return _conditional(expression, patient, idle)


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
        listed(part.reason for part in deciding or parts) or "nothing is asked",
        _merged([part.evidence for part in deciding or parts]),
        _merged([part.missing for part in deciding]),
        any(part.attest for part in deciding),
        any(part.unread for part in deciding),
    )


def _merged(parts: list[tuple[T, ...]]) -> tuple[T, ...]:
    """Each once, in order."""
    full = [part for part in parts if part]
    return tuple(dict.fromkeys(chain.from_iterable(full))) if len(full) > 1 else full[0] if full else ()


def _conditional(expression: If, patient: _Wishes, idle: Truth) -> Finding:
    """Where the condition is open, the sentence is settled only if both ways come out the same."""
    when = _evaluate(expression.when, patient, Truth.TRUE)
    then = _evaluate(expression.then, patient, idle)
    other = Finding(idle, "nothing more is asked")
    if expression.otherwise is not None:
        other = _evaluate(expression.otherwise, patient, idle)
    if when.truth is Truth.UNKNOWN:
        if then.truth is other.truth is not Truth.UNKNOWN:
            return _joined(then.truth, [then, other])
        return _joined(Truth.UNKNOWN, [when, then, other])
    taken = then if when.truth is Truth.TRUE else other
    evidence = _merged([when.evidence, taken.evidence])
    reason = listed((when.reason, taken.reason))
    return Finding(taken.truth, reason, evidence, taken.missing, taken.attest, taken.unread)
