"""Everything that is a kind of a concept."""

from service.reference.concepts import descendants


def narrower(concept: str) -> frozenset[str]:
    """Every narrower concept, without itself; empty for an id that the vocabulary does not know."""
    try:
        return descendants(concept)
    except KeyError:
        return frozenset()
