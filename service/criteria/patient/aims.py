"""What a trial studies, seen in one patient's record: the diseases that its criteria cannot mean to keep out."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from service.criteria.patient.meaning import ancestry
from service.criteria.patient.record import Entries, Entry
from service.schemas.expression import ConditionIs
from service.schemas.patient import PatientCondition

_STUDIED = re.compile(
    r"\b(?:stud(?:y|ied)|trial|index|target|investigat\w+|current|present|primary|this|disease under|indication)\b",
    re.IGNORECASE,
)


class Aims(NamedTuple):
    """Concepts of the trial's conditions that the record implies; pointers of entries that are one or may be.

    `is_known` where any condition of the trial is a concept. Before trials of equal aims a patient is judged alike.
    """

    is_known: bool = False
    concepts: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()


NO_AIMS = Aims()


def aims_of(diseases: Iterable[ConditionIs], conditions: Entries[PatientCondition]) -> Aims:
    """From the trial's own conditions."""
    listed = tuple(diseases)
    related = [conditions.related(each.concept, each.name) for each in listed]
    concepts = [each.concept for each in listed if each.concept is not None]
    return Aims(
        bool(concepts),
        frozenset([concept for concept in concepts if concept in conditions.implied]),
        frozenset([entry.pointer for each in related for entry in each.same]),
        frozenset([entry.pointer for each in related for entry in each.near]),
    )


def joined(several: Iterable[Aims]) -> Aims:
    """Of trials that aim at all of it."""
    known, concepts, same, near = zip(NO_AIMS, *several, strict=True)
    return Aims(any(known), frozenset().union(*concepts), frozenset().union(*same), frozenset().union(*near))


def covers_all_studied(leaf: ConditionIs, entry: Entry[PatientCondition], aims: Aims) -> bool:
    """Whether a sentence that an entry of the studied disease fulfils would be fulfilled by whoever has that disease.

    Then keeping such patients out cannot be meant: "lung disease" in a trial of asthma. A qualifier may mean it.
    """
    if leaf.concept is None or entry.pointer not in aims.same:
        return False
    mine = [concept for concept in aims.concepts if concept in entry.meaning.implied]
    if leaf.concept in mine:
        return not leaf.qualifiers and leaf.window is None
    return any(leaf.concept in ancestry(concept) for concept in mine)


def is_studied_disease(words: str) -> bool:
    """Whether the words of an exception mean the disease that the trial studies: "other than the study disease"."""
    return bool(_STUDIED.search(words))
