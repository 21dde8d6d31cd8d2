"""Everything that is a kind of a concept."""

from functools import cache

from service.reference import concepts


def narrower(concept: str) -> frozenset[str]:
    """Every narrower concept, without itself; empty for an id that the vocabulary does not know."""
    ids, below = concepts.INDEX.ids, _children()
    seen: set[int] = set()
    stack = [ids[concept]] if concept in ids else []
    while stack:
        fresh = below.get(stack.pop(), set()) - seen
        seen |= fresh
        stack += fresh
    return frozenset(map(ids.restore_key, seen))


@cache
def _children() -> dict[int, set[int]]:
    below: dict[int, set[int]] = {}
    for number in range(len(concepts.INDEX.ids)):
        for parent in concepts.INDEX.parents(number):
            below.setdefault(parent, set()).add(number)
    return below
