"""Words that the compiler could not read."""

from service.criteria.finding import Finding, unread
from service.criteria.kind import Kind
from service.criteria.patient.bearing import NOTHING
from service.criteria.patient.facts import Facts
from service.schemas.expression import Unparsed


def evaluate(leaf: Unparsed, _facts: Facts) -> Finding:
    """Never decided; the words are shown."""
    return unread(f"not read by machine: {leaf.text}")


def keys(_leaf: Unparsed) -> frozenset[str]:
    """No record says anything about words that nobody has read."""
    return NOTHING


KIND = Kind(Unparsed, evaluate, keys=keys)
