"""What the trial says it is about, against what it gives and whom it asks for."""

import re
from collections.abc import Iterator

from service.reference import concepts
from service.reference.concepts import ConceptKind
from service.schemas.criterion import Criterion, Polarity
from service.schemas.trial import Trial
from service.validate.issues import Found, field, information, quote, warning, words
from service.validate.spelling import key

GIVEN = frozenset({ConceptKind.DRUG, ConceptKind.DRUG_CLASS, ConceptKind.PROCEDURE})
FAMILIES = {
    "leukemia": "MESH:D007938",
    "lymphoma": "MESH:D008223",
    "myeloma": "MESH:D009101",
    "breast cancer": "MESH:D001943",
    "lung cancer": "MESH:D008175",
    "prostate cancer": "MESH:D011471",
    "colorectal cancer": "MESH:D015179",
    "stomach cancer": "MESH:D013274",
    "liver cancer": "MESH:D008113",
    "pancreatic cancer": "MESH:D010190",
    "ovarian cancer": "MESH:D010051",
    "cervical cancer": "MESH:D002583",
    "bladder cancer": "MESH:D001749",
    "kidney cancer": "MESH:D007680",
    "melanoma": "MESH:D008545",
}
SET_ASIDE = re.compile(
    r"\b(no|not|non|without|free|except\w*|exclu\w+|other|another|prior|previous\w*|history|histories|treated|control|family|relatives?"
    r"|unless|than|secondary|concurrent|similar|e\.?g|risk|score|ann arbor|functional assessment)\b",
    re.IGNORECASE,
)


def conditions_are_diseases(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """An intervention of the trial, or another drug or procedure, listed among the conditions."""
    for index, condition in enumerate(trial.conditions):
        place = field(f"/conditions/{index}", condition)
        kinds = {each.kind for each in concepts.lookup(condition)}
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
    own = {family for condition in trial.conditions for family in families(condition)}
    if not own or not all(families(condition) for condition in trial.conditions):
        return
    own |= families(" ; ".join([trial.brief_title or "", trial.official_title or "", *trial.keywords]))
    for criterion in criteria:
        if criterion.polarity is not Polarity.INCLUSION or criterion.span is None or SET_ASIDE.search(criterion.text):
            continue
        other = sorted(families(criterion.text) - own)
        if other:
            message = (
                f"the trial is about {' and '.join(sorted(own))}, but this inclusion speaks of {' and '.join(other)}"
            )
            conditions = field("/conditions", quote("; ".join(trial.conditions)))
            yield warning("criterion_of_other_disease", message, words(criterion), conditions)


def families(text: str) -> set[str]:
    """The families of disease that are named without a second reading."""
    named = {mention.concepts[0] for mention in concepts.mentions(text) if len(mention.concepts) == 1}
    return {family for family, broad in FAMILIES.items() if any(concepts.is_a(each, broad) for each in named)}


def _given(trial: Trial, condition: str) -> Iterator[tuple[int, str]]:
    """Interventions of that very name."""
    for index, each in enumerate(trial.interventions):
        if key(condition) in {key(name) for name in (each.name, *each.other_names)}:
            yield index, each.name
