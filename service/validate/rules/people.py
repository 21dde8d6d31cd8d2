"""Sex and health of those who may take part: what the sentences say against the registry's fields."""

import re

from service.schemas.criterion import Criterion, Polarity
from service.schemas.expression import SexIs
from service.schemas.patient import Sex
from service.schemas.trial import EligibleSex, Trial
from service.validate.demands import demands, of_type
from service.validate.issues import Found, field, warning, words

MEN = re.compile(r"\b(males?|m[ae]n|boys?)\b", re.IGNORECASE)
WOMEN = re.compile(r"\b(females?|wom[ae]n|girls?)\b", re.IGNORECASE)
OF_SOME = re.compile(
    r"contracep|pregnan|child-?\s?bearing|lactat|breast|menopaus|steril|fertil|reproduct|partner|control", re.IGNORECASE
)
OF_ALL = re.compile(r"\W*(\w+\W+){0,3}(males?|females?|m[ae]n|wom[ae]n|boys?|girls?)\b(?!\s*:)", re.IGNORECASE)
A_PART = re.compile(r"\W*(fe)?males? (participants?|subjects?|patients?)\W*", re.IGNORECASE)
HEALTHY = re.compile(
    r"^\W*(normal,? )?healthy,? (\w+ ){0,3}"
    r"(volunteers?|subjects?|participants?|controls?|males?|females?|men|women|adults?)\b",
    re.IGNORECASE,
)


def sex_agrees_with_field(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """A sentence asks for one sex where the registry admits another."""
    if trial.eligibility is None or trial.eligibility.sex is None:
        return
    registered = trial.eligibility.sex
    found = of_type(demands(criteria), SexIs)
    asked = {_asked(leaf.sex, holds): criterion for criterion, leaf, holds in found if _is_for_all(criterion)}
    if len(asked) == 1:
        ((sex, criterion),) = asked.items()
        if sex is not None and sex is not registered:
            message = f"{registered.value} is registered, but a criterion asks for {sex.value}"
            yield warning("sex_text_disagrees", message, field("/eligibility/sex", registered.value), words(criterion))


def volunteers_agree_with_field(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """An inclusion asks for healthy people where the registry says that none are accepted."""
    if trial.eligibility is None or trial.eligibility.healthy_volunteers is not False:
        return
    for criterion in criteria:
        if criterion.span is not None and criterion.polarity is Polarity.INCLUSION and HEALTHY.match(criterion.text):
            place = field("/eligibility/healthyVolunteers", "false")
            message = "healthy volunteers are not accepted, but a criterion asks for healthy people"
            yield warning("volunteers_text_disagrees", message, place, words(criterion))
            return


def _is_for_all(criterion: Criterion) -> bool:
    """Whether the sentence divides everybody into two, and is no rule for one sex about pregnancy."""
    if A_PART.fullmatch(criterion.text) or not OF_ALL.match(criterion.text):
        return False
    said = "\n".join([*criterion.path, criterion.text])
    return bool(MEN.search(said)) is not bool(WOMEN.search(said)) and not OF_SOME.search(said)


def _asked(sex: Sex, holds: bool) -> EligibleSex | None:
    """The only sex that passes."""
    if sex is Sex.MALE:
        return EligibleSex.MALE if holds else EligibleSex.FEMALE
    if sex is Sex.FEMALE:
        return EligibleSex.FEMALE if holds else EligibleSex.MALE
    return None
