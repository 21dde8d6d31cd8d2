"""What a criterion asks of a patient, whatever its words: criteria of one demand come out alike for everybody."""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from service.criteria.envelope import REGISTRY_CONDITION
from service.criteria.kinds import KINDS
from service.criteria.tree import children, is_leaf, mapped
from service.schemas.criterion import Criterion
from service.schemas.envelope import Outline
from service.schemas.expression import Attestation, ConditionIs, Expression, Leaf, TreatmentIs, Unparsed
from service.schemas.trial import number_of

_KEYS = {kind.leaf: kind.keys for kind in KINDS}
_encoded = msgspec.msgpack.Encoder().encode


def demand_id(criterion: Criterion) -> int:
    """The same for criteria that ask the same: 64 bits, signed, of a digest of all but the words.

    Among the five million demands of a whole registry two share an id by chance in one registry of a million.
    """
    asked = (criterion.id == REGISTRY_CONDITION, criterion.polarity, mapped(criterion.expression, wordless))
    return int.from_bytes(blake2b(_encoded(asked), digest_size=8).digest(), signed=True)


def outline_of(
    nct_id: str, criteria: Sequence[Criterion], overall_status: str | None = None, phases: Sequence[str] = ()
) -> Outline:
    """What a trial asks, by the ids of its criteria's demands."""
    demands = tuple(map(demand_id, criteria))
    studied = (demand for demand, each in zip(demands, criteria, strict=True) if each.id == REGISTRY_CONDITION)
    return Outline(number_of(nct_id), next(studied, None), demands, overall_status, phases)


def keys_of(expression: Expression) -> frozenset[str]:
    """What a record must have one of to say anything about the sentence that a silent record does not."""
    keys = _KEYS.get(type(expression))
    return keys(expression) if keys is not None else frozenset[str]().union(*map(keys_of, children(expression)))


def placeless(expression: Expression) -> Expression:
    """The tree without the places of its leaves in a text, so that equal ones are equal."""
    return _placeless(expression) if is_leaf(expression) else mapped(expression, _placeless)


def wordless(leaf: Expression) -> Expression:
    """A leaf without its place in the text, and without words that nothing is decided by."""
    if type(leaf) is Unparsed:
        return Unparsed(text="")
    return replace(leaf, span=None, text="") if type(leaf) is Attestation else _placeless(leaf)


def _placeless(leaf: Expression) -> Expression:
    if (type(leaf) is ConditionIs or type(leaf) is TreatmentIs) and leaf.other_than:
        return replace(leaf, span=None, other_than=tuple(map(placeless, leaf.other_than)))
    return replace(leaf, span=None) if isinstance(leaf, Leaf) else leaf
