"""Small tree → tree rules, in order; none changes when a sentence is true for a patient whose facts are known."""

from collections.abc import Callable

import msgspec

from service.criteria.tree import conjunction, disjunction, is_leaf
from service.schemas.expression import AllOf, AnyOf, AtLeast, Expression, If, Not, Pregnancy, SexIs
from service.schemas.patient import Sex


def simplify(node: Expression) -> Expression:
    """The tree, its parts first, after every rule. No rule changes a leaf."""
    if is_leaf(node):
        return node
    node = _inside(node)
    for rule in RULES:
        node = rule(node)
    return node


def _inside(node: Expression) -> Expression:
    match node:
        case AllOf() | AnyOf() | AtLeast():
            return msgspec.structs.replace(node, of=tuple(simplify(part) for part in node.of))
        case Not():
            return Not(of=simplify(node.of))
        case If():
            otherwise = None if node.otherwise is None else simplify(node.otherwise)
            return If(when=simplify(node.when), then=simplify(node.then), otherwise=otherwise)
        case _:
            return node


def flat(node: Expression) -> Expression:
    """All of all, any of any: one list; a list of one: that one; twice not: nothing."""
    match node:
        case AllOf():
            return conjunction(node.of)
        case AnyOf():
            return disjunction(node.of)
        case Not(of=Not(of=inner)):
            return inner
        case _:
            return node


def distinct(node: Expression) -> Expression:
    """The same part twice in a list: once."""
    if type(node) is not AllOf and type(node) is not AnyOf:
        return node
    kept = tuple(dict.fromkeys(node.of))
    return kept[0] if len(kept) == 1 else msgspec.structs.replace(node, of=kept)


def either_sex(node: Expression) -> Expression:
    """`Male or female` asks nothing of anybody."""
    if type(node) is AnyOf and node.of and all(type(part) is SexIs for part in node.of):
        sexes = {part.sex for part in node.of if isinstance(part, SexIs)}
        if sexes == {Sex.MALE, Sex.FEMALE}:
            return AllOf(of=())
    return node


def cohorts(node: Expression) -> Expression:
    """`A for the one, or B for the other` asks each of its own: both conditionals hold."""
    if type(node) is AnyOf and node.of and all(type(part) is If and part.otherwise is None for part in node.of):
        return AllOf(of=node.of)
    return node


def women(node: Expression) -> Expression:
    """`Pregnant women`: being pregnant says it."""
    if type(node) is AllOf and any(type(part) is Pregnancy for part in node.of):
        kept = [part for part in node.of if not (isinstance(part, SexIs) and part.sex is Sex.FEMALE)]
        return conjunction(kept) if kept else node
    return node


RULES: tuple[Callable[[Expression], Expression], ...] = (flat, distinct, either_sex, cohorts, women, flat)
