"""What changed between two readings of a trial's criteria: which were added, which removed, which reworded."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.schemas.criterion import Criterion
from service.schemas.version import CriteriaDifference, CriterionChange

SAID = ("polarity", "text", "expression", "coverage")
REWORDED = 0.5  # share of their words that two criteria have in common, from which one is the other reworded


class Pair(NamedTuple):
    """Places of two criteria, and how much alike they are."""

    alike: float
    before: int
    after: int


def difference(before: Sequence[Criterion], after: Sequence[Criterion]) -> CriteriaDifference:
    """Criteria of one id are one criterion; of the rest, those that share most of their words."""
    known = {each.id: each for each in after}
    same = [(each, known[each.id]) for each in before if each.id in known]
    ids = {each.id for each, _ in same}
    removed = [each for each in before if each.id not in ids]
    added = [each for each in after if each.id not in ids]
    pairs = list(_paired(removed, added))
    reworded = [(removed[pair.before], added[pair.after]) for pair in sorted(pairs, key=lambda each: each.before)]
    changes = [CriterionChange(before=old, after=new, changed=_changed(old, new)) for old, new in (*same, *reworded)]
    gone, come = {pair.before for pair in pairs}, {pair.after for pair in pairs}
    return CriteriaDifference(
        added=tuple(each for place, each in enumerate(added) if place not in come),
        removed=tuple(each for place, each in enumerate(removed) if place not in gone),
        changed=tuple(change for change in changes if change.changed),
        unchanged=sum(not change.changed for change in changes),
    )


def _changed(old: Criterion, new: Criterion) -> tuple[str, ...]:
    return tuple(name for name in SAID if getattr(old, name) != getattr(new, name))


def _paired(removed: Sequence[Criterion], added: Sequence[Criterion]) -> Iterator[Pair]:
    """The most alike first, each criterion once."""
    old, new = (tuple(map(_words, each)) for each in (removed, added))
    found = [
        Pair(alike, before, after)
        for before in range(len(removed))
        for after in range(len(added))
        if (alike := _alike(old[before], new[after])) >= REWORDED
        and (alike == 1 or removed[before].polarity is added[after].polarity)
    ]
    free_before, free_after = set(range(len(removed))), set(range(len(added)))
    for pair in sorted(found, key=lambda each: (-each.alike, each.before, each.after)):
        if pair.before in free_before and pair.after in free_after:
            free_before.remove(pair.before)
            free_after.remove(pair.after)
            yield pair


def _words(criterion: Criterion) -> Counter[str]:
    return Counter(criterion.text.lower().split())


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """Shared words over all words, each as often as it stands there; 1 for the same words."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
