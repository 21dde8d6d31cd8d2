"""Whom alone a sentence asks: `contraception in women of childbearing potential`, `assent (aged 13 to 17 only)`."""

import re

from service.criteria.reading.tokens.clause import Clause, is_everybody
from service.criteria.reading.words.normal import normal
from service.criteria.tree import conjunction, leaves
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Age,
    AllOf,
    ConditionIs,
    Expression,
    If,
    Measurement,
    Pregnancy,
    PregnancyState,
    SexIs,
    TreatmentIs,
    Unparsed,
)
from service.schemas.text import Span

_POTENTIAL = PregnancyState.CHILDBEARING_POTENTIAL
_ELSE = (Age, SexIs, Measurement, ConditionIs, TreatmentIs)
_FOR = re.compile(r"\W*for\b", re.IGNORECASE)
"""`For females of childbearing potential: (a)`: of whom something is asked that stands elsewhere."""

_ONLY = re.compile(r"\([^()]*\bonly\b[^()]*\)")


def of_those(node: Expression, clause: Clause) -> Expression:
    """What an inclusion asks of some persons is asked of nobody else."""
    if clause.polarity is Polarity.EXCLUSION:
        return node
    if _FOR.match(clause.text) and all(type(leaf) in (SexIs, Pregnancy) for leaf in leaves(node)):
        return Unparsed(text=clause.text, span=Span(0, len(clause.text)))
    if not isinstance(node, AllOf):
        return node
    return _of_women(_of_those_only(node, clause))


def _of_those_only(node: AllOf, clause: Clause) -> Expression:
    """Who stands in brackets, with `only`."""
    places = [found.span() for found in _ONLY.finditer(normal(clause.text))] if "only" in clause.text else []
    who = [
        part
        for part in node.of
        if isinstance(part, Age | SexIs | Pregnancy)
        and part.span is not None
        and any(start < part.span.start and part.span.end < end for start, end in places)
    ]
    asked = [part for part in node.of if part not in who]
    return If(when=conjunction(who), then=conjunction(asked)) if who and asked else node


def _of_women(node: Expression) -> Expression:
    """Women of childbearing potential, where nothing but what is asked of them stands beside."""
    if not isinstance(node, AllOf):
        return node
    who = [part for part in node.of if isinstance(part, Pregnancy) and part.state is _POTENTIAL]
    asked = [part for part in node.of if part not in who and not isinstance(part, SexIs) and not is_everybody(part)]
    if not who or not asked or any(isinstance(leaf, _ELSE) for part in asked for leaf in leaves(part)):
        return node
    return If(when=who[0], then=conjunction(asked))
