"""The antigen a therapy aims at, wherever the record names it."""

import re
from collections.abc import Iterator, Set
from functools import lru_cache

from service.reference import concepts
from service.reference.concepts import ConceptKind
from service.schemas.criterion import Criterion
from service.schemas.issue import Place
from service.schemas.trial import Trial
from service.validate.issues import Found, field, warning

AIMED = re.compile(r"\bCAR\b|chima?eric|engager|\b(positive|targeted|targeting|directed)\b", re.IGNORECASE)
WORD = re.compile(r"[^\s/,;+&()]+")


def arms_aim_at_the_same(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """An arm names an antigen that nothing else does, where titles and interventions name another."""
    named = [(place, found) for place in _arms(trial) if (found := antigens(place.text or ""))]
    if not named:
        return
    stated = [(antigen, place) for place in _stated(trial) for antigen in antigens(place.text or "")]
    known = {each for each, _ in stated} | antigens(_prose(trial))
    for place, found in named:
        if stated and found.isdisjoint(known):
            antigen, other = stated[0]
            message = f"an arm names {_names(found)}, where the trial is about {_names({antigen})}"
            yield warning("antigens_disagree", message, place, other)


def interventions_aim_at_the_same(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """The titles name an antigen, the interventions name antigens, and none of them is the same."""
    aimed = (place for place in _stated(trial) if AIMED.search(place.text or ""))
    named = [(place, found) for place in aimed if (found := antigens(place.text or ""))]
    titles = [each for each in named if "Title" in (each[0].pointer or "")]
    given = [each for each in named if each not in titles]
    asked, known = _union(titles), _union(given)
    if len(asked) == 1 and known and asked.isdisjoint(known):
        message = f"the title names {_names(asked)}, but what is given names {_names(given[0][1])}"
        yield warning("antigens_disagree", message, titles[0][0], given[0][0])


@lru_cache(maxsize=1 << 8)
def antigens(text: str) -> frozenset[str]:
    """Concept ids of the antigens and genes named without a second reading, on their own or inside `CD7 CAR-T`."""
    found = set[str]()
    for start, end, meant in concepts.mentions(text):
        inner = [[each.id for each in concepts.lookup(word)] for word in WORD.findall(text[start:end])]
        found.update(readings[0] for readings in (list(meant), *inner) if len(readings) == 1)
    return frozenset(each for each in found if concepts.concept(each).kind is ConceptKind.ANTIGEN)


def _arms(trial: Trial) -> Iterator[Place]:
    """What stands in the arms."""
    for index, arm in enumerate(trial.arms):
        yield field(f"/arms/{index}/label", arm.label)
        if arm.description and AIMED.search(arm.description):
            yield field(f"/arms/{index}/description", arm.description)


def _stated(trial: Trial) -> Iterator[Place]:
    """Where a trial says what it is about."""
    yield field("/briefTitle", trial.brief_title or "")
    yield field("/officialTitle", trial.official_title or "")
    for index, each in enumerate(trial.interventions):
        yield field(f"/interventions/{index}/name", each.name)


def _prose(trial: Trial) -> str:
    """Everything else that may explain an antigen."""
    each = [each.description or "" for each in trial.interventions] + [
        name for i in trial.interventions for name in i.other_names
    ]
    criteria = trial.eligibility.criteria if trial.eligibility else None
    return "\n".join(
        [*each, criteria or "", trial.brief_summary or "", trial.detailed_description or "", *trial.keywords]
    )


def _names(antigen_ids: Set[str]) -> str:
    return " and ".join(sorted(concepts.concept(each).name for each in antigen_ids))


def _union(named: list[tuple[Place, frozenset[str]]]) -> set[str]:
    """Every antigen of the places."""
    return {each for _, found in named for each in found}
