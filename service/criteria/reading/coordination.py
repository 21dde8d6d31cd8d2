"""Chunks between connectives and commas → one expression; where the connectives' reach is not told, none."""

from service.criteria.reading.attestations import attested
from service.criteria.reading.brackets import Read, unbracketed
from service.criteria.reading.chunk import chunk_expression
from service.criteria.reading.clause import NUMERIC, Clause, trimmed, unparsed
from service.criteria.reading.lex import Token
from service.criteria.reading.lists import (
    allergies,
    chunks,
    is_list,
    joined,
    not_other,
    postposed,
    settled,
    shared,
    windowed,
)
from service.criteria.reading.scope import is_judged, is_related, is_subordinate, of_persons
from service.criteria.tree import conjunction, disjunction, leaves
from service.schemas.criterion import Polarity
from service.schemas.expression import Expression

Kept = list[tuple[Expression, str]]


def coordinated(tokens: list[Token], clause: Clause, read: Read) -> Expression:
    """What the tokens state; `read` reads what stands in brackets."""
    tokens = trimmed(unbracketed(tokens, clause, read))
    parts, joints = chunks(tokens)
    if not parts or any(is_related(part, clause) for part in parts[:-1]):
        return unparsed(tokens, clause)
    if len(parts) > 1 and any(is_judged(part, clause) for part in parts):
        return attested("investigator_judgement", clause.words(tokens), clause.span(tokens))
    told = postposed(parts, [chunk_expression(part, clause) for part in parts])
    kept = [(one, joint) for one, joint in zip(told, [*joints, ""], strict=True) if one is not None]
    if not kept:
        return unparsed(tokens, clause)
    if any(is_subordinate(part, clause) for part in parts[1:]):
        return _narrowed(parts, [one for one, _ in kept], clause)
    expressions = windowed([one for one, _ in kept], parts, joints, clause)
    expressions = shared([expressions[0], *map(not_other, expressions[1:])], parts, commas="," in joints)
    return _persons_first(allergies(expressions), kept, parts, clause)


def _narrowed(parts: list[list[Token]], read: list[Expression], clause: Clause) -> Expression:
    """`A, which …`: A, narrowed by words whose reach is not told; in a list of several it is all unread."""
    if len(parts) > 2 or len(read) > 2:
        return unparsed([token for part in parts for token in part], clause)
    return conjunction([read[0], unparsed(parts[1], clause)])


def _persons_first(expressions: list[Expression], kept: Kept, parts: list[list[Token]], clause: Clause) -> Expression:
    """`Adults with A or B`: adults, and A or B."""
    if (persons := of_persons(expressions)) is not None:
        who, first = persons
        return conjunction([who, _joined([first, *expressions[1:]], kept, parts, clause)])
    return _joined(expressions, kept, parts, clause)


def _joined(expressions: list[Expression], kept: Kept, parts: list[list[Token]], clause: Clause) -> Expression:
    joints = [joint for _, joint in kept[:-1]]
    if clause.polarity is Polarity.INCLUSION and any("example" in part[0].tags for part in parts[1:]):
        tokens = [token for part in parts for token in part]
        return disjunction(expressions) if is_list([*expressions, *expressions]) else unparsed(tokens, clause)
    if clause.alternatives and not any(isinstance(leaf, NUMERIC) for one in expressions for leaf in leaves(one)):
        return disjunction(expressions)
    if clause.polarity is Polarity.EXCLUSION and "," in joints and is_list(expressions):
        return disjunction(expressions)
    return joined(expressions, settled(joints), clause)
