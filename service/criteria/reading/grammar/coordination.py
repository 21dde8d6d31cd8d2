"""Chunks between connectives and commas → one expression; where the connectives' reach is not told, none."""

from itertools import pairwise

import msgspec

from service.criteria.reading.attested.attestations import attested
from service.criteria.reading.grammar.brackets import Read, unbracketed
from service.criteria.reading.grammar.cases import alternatives, paired
from service.criteria.reading.grammar.chunk import chunk_expression
from service.criteria.reading.grammar.continuing import alongside, both_tailed, led_by_adjective, with_tails
from service.criteria.reading.grammar.lists import (
    chunks,
    is_list,
    joined,
    of_both_sexes,
    settled,
)
from service.criteria.reading.grammar.scope import (
    goes_on,
    governs,
    is_cut_short,
    is_judged,
    is_related,
    is_subordinate,
    of_persons,
    trails,
)
from service.criteria.reading.grammar.sharing import allergies, not_other, postposed, shared, windowed
from service.criteria.reading.names.stages import stages_shared
from service.criteria.reading.tokens.clause import NUMERIC, Clause, held_open, trimmed, unparsed
from service.criteria.reading.tokens.lex import Token
from service.criteria.tree import conjunction, disjunction, leaves
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    AllOf,
    AnyOf,
    ConditionIs,
    Expression,
    Pregnancy,
    PregnancyState,
    SexIs,
    Timing,
    TreatmentIs,
    Unparsed,
)

_POTENTIAL = PregnancyState.CHILDBEARING_POTENTIAL
Kept = list[tuple[Expression, str]]


def coordinated(tokens: list[Token], clause: Clause, read: Read) -> Expression:
    """What the tokens state; `read` reads what stands in brackets."""
    tokens = trimmed(unbracketed(tokens, clause, read))
    parts, joints = chunks(tokens, clause)
    if not parts:
        return unparsed(tokens, clause)
    parts, joints = with_tails(parts, joints)
    if len(parts) == 1:
        alone = chunk_expression(parts[0], clause)
        return unparsed(tokens, clause) if alone is None else _alone(alone, parts, clause)
    tied = next((i for i, part in enumerate(parts[:-1]) if is_related(part, clause)), None)
    if tied is not None:
        led = _led(parts, joints, clause) if tied == 0 else None
        return led if led is not None else _up_to(tied, parts, joints, clause)
    if any(is_judged(part, clause) for part in parts):
        return _judged(tokens, clause)
    if any(goes_on(part, before, clause) for before, part in pairwise(parts)):
        return held_open(_all(parts), clause)
    read_alone = [
        unparsed(part, clause) if behind and is_cut_short(part, read_part) else read_part
        for part, behind in zip(parts, [*parts[1:], []], strict=True)
        for read_part in (chunk_expression(part, clause),)
    ]
    turned = next((i for i in range(len(parts) - 1) if governs(parts[i], read_alone[i], parts[i + 1])), None)
    if turned is not None:
        return _up_to(turned, parts, joints, clause)
    told = _items(parts, postposed(parts, alongside(parts, read_alone, joints, clause)), clause)
    return _listed(tokens, told, parts, joints, clause)


def _listed(
    tokens: list[Token], told: list[Expression | None], parts: list[list[Token]], joints: list[str], clause: Clause
) -> Expression:
    """The items together, each with what its neighbours tell of it."""
    kept = [(one, joint) for one, joint in zip(told, [*joints, ""], strict=True) if one is not None]
    if not kept:
        return unparsed(tokens, clause)
    if any(joint == "," and is_subordinate(part, clause) for part, joint in zip(parts[1:], joints, strict=True)):
        return _narrowed(parts, [one for one, _ in kept], clause)
    expressions = windowed([one for one, _ in kept], parts, joints, clause)
    expressions = stages_shared(allergies(expressions, clause.text))
    expressions = shared([expressions[0], *map(not_other, expressions[1:])], parts, joints, clause)
    expressions = led_by_adjective(both_tailed(parts, expressions, joints, clause), parts)
    if clause.polarity is Polarity.INCLUSION:
        kept = paired(list(zip(expressions, [joint for _, joint in kept], strict=True)))
        expressions = [one for one, _ in kept]
    together = alternatives(_persons_first(expressions, kept, parts, clause))
    return _with_tail(together, expressions, parts, clause)


def _with_tail(told: Expression, items: list[Expression], parts: list[list[Token]], clause: Clause) -> Expression:
    """`stroke or bleeds of the brain that nobody could read`: without any of them false, else the tail decides."""
    last = items[-1]
    if clause.polarity is Polarity.INCLUSION or not isinstance(told, AnyOf) or not trails(parts[-1], last, clause):
        return told
    return conjunction([told, last]) if any(map(_is_untimed, items[:-1])) else told


def _is_untimed(item: Expression) -> bool:
    """A disease or therapy of any time."""
    return any(isinstance(leaf, ConditionIs | TreatmentIs) and leaf.window is None for leaf in leaves(item))


def _items(parts: list[list[Token]], read: list[Expression | None], clause: Clause) -> list[Expression | None]:
    """Both sexes are no item; one alone among what excludes begins something else: `women who are or intend to …`.

    So do women of childbearing potential: `…, and men who use no contraception`.
    """
    told = of_both_sexes(read)
    if clause.polarity is Polarity.INCLUSION:
        return told
    return [unparsed(part, clause) if _is_anybody(one) else one for part, one in zip(parts, told, strict=True)]


def _is_anybody(one: Expression | None) -> bool:
    """Who is meant, and not what keeps them out."""
    return isinstance(one, SexIs) or (isinstance(one, Pregnancy) and one.state is _POTENTIAL)


def _alone(told: Expression, parts: list[list[Token]], clause: Clause) -> Expression:
    """Nothing is joined."""
    return alternatives(disjunction([conjunction(windowed([told], parts, [], clause))]))


def _narrowed(parts: list[list[Token]], read: list[Expression], clause: Clause) -> Expression:
    """`A, which …`: A, narrowed; in a list of several nothing tells how many of them are."""
    if len(parts) > 2 or len(read) > 2:
        return held_open(_all(parts), clause)
    return conjunction(read)


def _led(parts: list[list[Token]], joints: list[str], clause: Clause) -> Expression | None:
    """`asthma requiring steroids or biologics`: a disease, and any of the therapies that it is led to."""
    first, *others = [chunk_expression(part, clause) for part in parts]
    if set(joints) != {"or"} or not isinstance(first, AllOf) or not isinstance(last := first.of[-1], TreatmentIs):
        return None
    if not isinstance(first.of[0], ConditionIs) or last.timing is Timing.ANY or last.window is not None:
        return None
    alike = [
        msgspec.structs.replace(one, timing=last.timing)
        for one in others
        if isinstance(one, TreatmentIs) and one.timing is Timing.ANY and one.window is None
    ]
    return conjunction([*first.of[:-1], disjunction([last, *alike])]) if len(alike) == len(others) else None


def _up_to(place: int, parts: list[list[Token]], joints: list[str], clause: Clause) -> Expression:
    """`A and B due to C or D`: A is told apart; whether D goes with C or with B is not."""
    rest = held_open(_all(parts[place:]), clause)
    before = settled(joints)[:place]
    word = "and" if clause.polarity is Polarity.INCLUSION else "or"
    if not place or not {joint.rstrip("!") for joint in before} <= {word, ","}:
        return held_open(_all(parts), clause)
    told = [one for part in parts[:place] if (one := chunk_expression(part, clause)) is not None]
    return conjunction([*told, rest]) if word == "and" else disjunction([*told, rest])


def _judged(tokens: list[Token], clause: Clause) -> Expression:
    """Left to the investigator as a whole."""
    opened = held_open(tokens, clause)
    if not isinstance(opened, Unparsed):
        return opened
    return attested("investigator_judgement", clause.words(tokens), clause.span(tokens))


def _all(parts: list[list[Token]]) -> list[Token]:
    return [token for part in parts for token in part]


def _persons_first(expressions: list[Expression], kept: Kept, parts: list[list[Token]], clause: Clause) -> Expression:
    """`Adults with A or B`: adults, and A or B."""
    if (persons := of_persons(expressions)) is not None:
        who, first = persons
        return conjunction([who, _joined([first, *expressions[1:]], kept, parts, clause)])
    return _joined(expressions, kept, parts, clause)


def _is_bounds(expression: Expression) -> bool:
    return all(type(leaf) in NUMERIC for leaf in leaves(expression))


def _joined(expressions: list[Expression], kept: Kept, parts: list[list[Token]], clause: Clause) -> Expression:
    joints = [joint for _, joint in kept[:-1]]
    if clause.polarity is Polarity.INCLUSION and any("example" in part[0].tags for part in parts[1:]):
        return disjunction(expressions) if is_list([*expressions, *expressions]) else held_open(_all(parts), clause)
    if clause.alternatives and not any(map(_is_bounds, expressions)):
        return disjunction(expressions)
    if clause.polarity is Polarity.INCLUSION and "," in joints and sum(joint.startswith("or") for joint in joints) > 1:
        return held_open(_all(parts), clause)
    if clause.polarity is Polarity.EXCLUSION and "," in joints and is_list(expressions):
        return disjunction(expressions)
    return joined(expressions, settled(joints), clause)
