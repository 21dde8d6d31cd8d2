"""The antigen a therapy aims at, wherever the record names it."""

import re
from collections.abc import Iterator

from service.reference import concepts
from service.reference.concepts import ConceptKind
from service.schemas.criterion import Criterion
from service.schemas.trial import Trial
from service.validate.issues import Found, field, warning

WORD = re.compile(r"[^\s/,;+&()]+")


def arms_aim_at_the_same(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """An arm is labelled with an antigen that nothing else names, where titles and interventions name another."""
    labelled = [(index, named) for index, arm in enumerate(trial.arms) if (named := antigens(arm.label))]
    if not labelled:
        return
    stated = [(antigen, field(pointer, text)) for pointer, text in _stated(trial) for antigen in antigens(text)]
    if not stated:
        return
    antigen, place = stated[0]
    known = {each for each, _ in stated} | antigens(_prose(trial))
    for index, named in labelled:
        if named.isdisjoint(known):
            message = f"an arm is labelled {_names(named)}, where the trial is about {_names({antigen})}"
            label = field(f"/arms/{index}/label", trial.arms[index].label)
            yield warning("antigens_disagree", message, label, place)


def antigens(text: str) -> set[str]:
    """Concept ids of the antigens and genes named without a second reading, on their own or inside `CD7 CAR-T`."""
    found = set[str]()
    for start, end, meant in concepts.mentions(text):
        inner = [[each.id for each in concepts.lookup(word)] for word in WORD.findall(text[start:end])]
        found.update(readings[0] for readings in (list(meant), *inner) if len(readings) == 1)
    return {each for each in found if concepts.concept(each).kind is ConceptKind.ANTIGEN}


def _stated(trial: Trial) -> Iterator[tuple[str, str]]:
    """Where a trial says what it is about."""
    yield "/briefTitle", trial.brief_title or ""
    yield "/officialTitle", trial.official_title or ""
    for index, each in enumerate(trial.interventions):
        yield f"/interventions/{index}/name", each.name


def _prose(trial: Trial) -> str:
    """Everything else that may explain an antigen."""
    each = [each.description or "" for each in trial.interventions] + [
        name for i in trial.interventions for name in i.other_names
    ]
    criteria = trial.eligibility.criteria if trial.eligibility else None
    return "\n".join(
        [*each, criteria or "", trial.brief_summary or "", trial.detailed_description or "", *trial.keywords]
    )


def _names(antigen_ids: set[str]) -> str:
    return " and ".join(sorted(concepts.concept(each).name for each in antigen_ids))
