"""Whether a sentence holds, and what its answer lacks: all that is needed of trials that are not shown.

The same as `evaluate` in all but reason and evidence, in less time; a property test holds the two together.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from service.criteria.finding import Finding
from service.match.evaluate import Answers
from service.schemas.criterion import Polarity
from service.schemas.expression import AllOf, AnyOf, AtLeast, Expression, If, Not
from service.schemas.truth import Truth, at_least, negate

_Weigh = Callable[[Any, Answers, Truth], Finding]
_SETTLED = {truth: Finding(truth, "") for truth in (Truth.TRUE, Truth.FALSE)}


def weighed(expression: Expression, answers: Answers, polarity: Polarity) -> Finding:
    """A finding without its words; where it is settled, without anything but its truth."""
    return _weighed(expression, answers, Truth.of(polarity is Polarity.INCLUSION))


def _weighed(expression: Expression, answers: Answers, idle: Truth) -> Finding:
    weigh = _CONNECTIVES.get(type(expression))
    if weigh is None:
        return (answers.to_hold if idle is Truth.TRUE else answers.to_fail)(expression)
    return weigh(expression, answers, idle)


def _all(expression: AllOf, answers: Answers, idle: Truth) -> Finding:
    return _until(Truth.FALSE, expression.of, answers, idle)


def _any(expression: AnyOf, answers: Answers, idle: Truth) -> Finding:
    return _until(Truth.TRUE, expression.of, answers, idle)


def _until(decisive: Truth, parts: Sequence[Expression], answers: Answers, idle: Truth) -> Finding:
    """One part that comes out so decides; the parts behind it need not be looked at."""
    unknown = []
    for part in parts:
        found = _weighed(part, answers, idle)
        if found.truth is decisive:
            return _SETTLED[decisive]
        if found.truth is Truth.UNKNOWN:
            unknown.append(found)
    return _open(unknown) if unknown else _SETTLED[negate(decisive)]


def _at_least(expression: AtLeast, answers: Answers, idle: Truth) -> Finding:
    parts = [_weighed(part, answers, idle) for part in expression.of]
    truth = at_least(expression.n, [part.truth for part in parts])
    return _open([part for part in parts if part.truth is truth]) if truth is Truth.UNKNOWN else _SETTLED[truth]


def _not(expression: Not, answers: Answers, idle: Truth) -> Finding:
    inner = _weighed(expression.of, answers, negate(idle))
    return inner if inner.truth is Truth.UNKNOWN else _SETTLED[negate(inner.truth)]


def _if(expression: If, answers: Answers, idle: Truth) -> Finding:
    """Where the condition is open, the sentence is settled only if both ways come out the same."""
    when = _weighed(expression.when, answers, Truth.TRUE)
    if when.truth is Truth.TRUE:
        return _weighed(expression.then, answers, idle)
    other = _SETTLED[idle] if expression.otherwise is None else _weighed(expression.otherwise, answers, idle)
    if when.truth is Truth.FALSE:
        return other
    then = _weighed(expression.then, answers, idle)
    if then.truth is other.truth is not Truth.UNKNOWN:
        return other
    return _open([part for part in (when, then, other) if part.truth is Truth.UNKNOWN])


def _open(unknown: Sequence[Finding]) -> Finding:
    """What several parts that are open lack."""
    if len(unknown) == 1:
        return unknown[0]
    return Finding(
        Truth.UNKNOWN,
        "",
        missing=tuple(dict.fromkeys(chain.from_iterable(part.missing for part in unknown))),
        attest=any(part.attest for part in unknown),
        unread=any(part.unread for part in unknown),
    )


_CONNECTIVES: dict[type, _Weigh] = {AllOf: _all, AnyOf: _any, AtLeast: _at_least, Not: _not, If: _if}
