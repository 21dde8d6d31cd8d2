"""What the trial says it is about, against what it gives and whom it asks for."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from service.reference import concepts
from service.reference.concepts import ConceptKind
from service.schemas.criterion import Criterion, Polarity
from service.schemas.trial import Trial
from service.validate.issues import Found, field, information, warning, words
from service.validate.spelling import key

GIVEN = frozenset({ConceptKind.DRUG, ConceptKind.DRUG_CLASS, ConceptKind.PROCEDURE})


class Family(NamedTuple):
    """Diseases under one concept; `stem` begins a word of every name that cannot be mistaken for a common one."""

    concept: str
    stem: str


FAMILIES = {
    "leukemia": Family("MESH:D007938", r"leuk"),
    "lymphoma": Family("MESH:D008223", r"lymphom"),
    "myeloma": Family("MESH:D009101", r"myelom"),
    "breast cancer": Family("MESH:D001943", r"breast|mamma"),
    "lung cancer": Family("MESH:D008175", r"lung|bronch"),
    "prostate cancer": Family("MESH:D011471", r"prostat"),
    "colorectal cancer": Family("MESH:D015179", r"colo|rect"),
    "stomach cancer": Family("MESH:D013274", r"gastr|stomach"),
    "liver cancer": Family("MESH:D008113", r"hepat|liver"),
    "pancreatic cancer": Family("MESH:D010190", r"pancrea"),
    "ovarian cancer": Family("MESH:D010051", r"ovar"),
    "cervical cancer": Family("MESH:D002583", r"cervi"),
    "bladder cancer": Family("MESH:D001749", r"bladder|uroth"),
    "kidney cancer": Family("MESH:D007680", r"kidney|renal"),
    "melanoma": Family("MESH:D008545", r"melanom"),
}
TUMOR = re.compile(r"cancer|carcinom|tumou?r|neoplas|leuk|lymphom|myelom|melanom", re.IGNORECASE)
SET_ASIDE = re.compile(
    r"\b(no|not|non|without|free of|except\w*|exclu\w+|other|another|prior|previous\w*|histor\w+|family"
    r"|relatives?|unless|than|resected|successfully|adequately|cured|in situ"
    r"|secondary|concurrent|similar|risk of|control)\b[^.;]*$",
    re.IGNORECASE,
)
NOT_THE_DISEASE = re.compile(
    r"\W*(kinase|receptor|antigen|gene|score|risk|screening|staging|society|network|associat\w+)\b", re.IGNORECASE
)


def conditions_are_diseases(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """An intervention of the trial, or another drug or procedure, listed among the conditions."""
    for index, condition in enumerate(trial.conditions):
        place = field(f"/conditions/{index}", condition)
        kinds = _kinds(condition)
        given = next(_given(trial, condition), None)
        if given is None:
            if kinds and kinds <= GIVEN and ";" not in condition:
                yield information(
                    "condition_not_a_disease", f"`{condition}` is listed as a condition, but is no disease", place
                )
            continue
        number, name = given
        places = (place, field(f"/interventions/{number}/name", name))
        if ConceptKind.DISEASE in kinds:
            yield warning(
                "condition_listed_as_intervention",
                f"`{name}` is listed as an intervention, but is the disease",
                *places,
            )
        else:
            yield warning(
                "intervention_listed_as_condition",
                f"`{condition}` is listed as a condition, but is what is given",
                *places,
            )


def criteria_ask_for_the_same(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """An inclusion speaks of another family of disease than every condition and title of the trial does."""
    if not trial.conditions or not all(families(condition) for condition in trial.conditions):
        return
    titles = (trial.brief_title or "", trial.official_title or "")
    own = set[str]().union(*map(families, (*trial.conditions, *titles, *trial.keywords)))
    for criterion in criteria:
        if criterion.polarity is not Polarity.INCLUSION or criterion.span is None:
            continue
        other = sorted(spelled_families(criterion.text) - own)
        if other:
            message = (
                f"the trial is about {' and '.join(sorted(own))}, but an inclusion speaks of {' and '.join(other)}"
            )
            conditions = field("/conditions", "; ".join(trial.conditions))
            yield warning("criterion_of_other_disease", message, words(criterion), conditions)


@lru_cache(maxsize=1 << 10)
def _kinds(name: str) -> frozenset[ConceptKind]:
    """Of whatever the name means."""
    return frozenset(each.kind for each in concepts.lookup(name))


@lru_cache(maxsize=1 << 10)
def families(text: str) -> frozenset[str]:
    """The families of what is named: by the words, and where they say nothing, by what they mean in any reading."""
    named = {each for mention in concepts.mentions(text) for each in mention.concepts}
    meant = {name for name, family in FAMILIES.items() if any(concepts.is_a(each, family.concept) for each in named)}
    spelled = {name for name in meant if re.search(rf"\b(?:{FAMILIES[name].stem})", text, re.IGNORECASE)}
    return frozenset(spelled or meant)


def spelled_families(text: str) -> set[str]:
    """The families asked for by their full name: no abbreviation is taken at its word, nothing that is set aside."""
    tumors = [
        (text[start:end], meant[0])
        for start, end, meant in concepts.mentions(text)
        if len(meant) == 1
        and TUMOR.search(text[start:end])
        and not SET_ASIDE.search(text[:start])
        and not NOT_THE_DISEASE.match(text[end:])
    ]
    return {name for name, family in FAMILIES.items() for spelled, meant in tumors if _is_of(family, spelled, meant)}


def _is_of(family: Family, spelled: str, meant: str) -> bool:
    """Whether both the words and what they mean are of the family."""
    in_words = re.search(rf"\b(?:{family.stem})", spelled, re.IGNORECASE)
    return in_words is not None and concepts.is_a(meant, family.concept)


def _given(trial: Trial, condition: str) -> Iterator[tuple[int, str]]:
    """Interventions of that very name."""
    for index, each in enumerate(trial.interventions):
        if key(condition) in {key(name) for name in (each.name, *each.other_names)}:
            yield index, each.name
