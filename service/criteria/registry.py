"""The registry's own fields as criteria: age, sex, healthy volunteers, condition."""

from service.criteria.tree import conjunction, coverage, disjunction
from service.reference.concepts import ConceptKind, resolve
from service.schemas.criterion import Criterion, Polarity
from service.schemas.expression import Age, Attestation, ConditionIs, Expression, SexIs
from service.schemas.patient import Sex
from service.schemas.quantity import Range
from service.schemas.trial import Eligibility, EligibleSex, Trial

AGE_UNITS = {"Year": "a", "Month": "mo", "Week": "wk", "Day": "d", "Hour": "h", "Minute": "min"}
_THERAPIES = frozenset({ConceptKind.DRUG, ConceptKind.DRUG_CLASS, ConceptKind.PROCEDURE})


def registry_criteria(trial: Trial) -> tuple[Criterion, ...]:
    """One criterion a field that the source shows; an absent field asks nothing."""
    eligibility = trial.eligibility or Eligibility()
    found = (_age(eligibility), _sex(eligibility), _volunteers(trial), _condition(trial))
    return tuple(criterion for criterion in found if criterion is not None)


def _criterion(name: str, text: str, expression: Expression) -> Criterion:
    return Criterion(
        id=f"registry.{name}",
        polarity=Polarity.INCLUSION,
        text=text,
        expression=expression,
        coverage=coverage(expression),
    )


def _age(eligibility: Eligibility) -> Criterion | None:
    low, high = eligibility.minimum_age, eligibility.maximum_age
    if low is None and high is None:
        return None
    text = f"{low} and older" if high is None else f"up to {high}" if low is None else f"{low} to {high}"
    return _criterion("age", f"Age: {text}", _age_range(low, high))


def _age_range(low: str | None, high: str | None) -> Expression:
    """One range where both ends have the same unit, else a range an end."""
    a, b = _limit(low), _limit(high)
    if a and b and a[1] == b[1]:
        return Age(range=Range(low=a[0], high=b[0], unit=a[1]))
    parts: list[Expression] = []
    if a:
        parts.append(Age(range=Range(low=a[0], unit=a[1])))
    if b:
        parts.append(Age(range=Range(high=b[0], unit=b[1])))
    return parts[0] if len(parts) == 1 else conjunction(parts)


def _limit(text: str | None) -> tuple[float, str] | None:
    """`18 Years` as a number and a UCUM unit."""
    if text is None:
        return None
    number, unit = text.split()
    return float(number), AGE_UNITS[unit.removesuffix("s")]


def _sex(eligibility: Eligibility) -> Criterion | None:
    if eligibility.sex in (None, EligibleSex.ALL):
        return None
    sex = Sex.FEMALE if eligibility.sex is EligibleSex.FEMALE else Sex.MALE
    return _criterion("sex", f"Sex: {sex.value}", SexIs(sex=sex))


def _volunteers(trial: Trial) -> Criterion | None:
    """Not open to healthy volunteers: the patient has one of the trial's conditions. Open to them: nothing is asked."""
    if trial.eligibility is None or trial.eligibility.healthy_volunteers is not False:
        return None
    text = "No healthy volunteers"
    return _criterion("volunteers", text, _diseases(trial) or Attestation(about="not_healthy", text=text))


def _condition(trial: Trial) -> Criterion | None:
    """Any of the trial's conditions."""
    diseases = _diseases(trial)
    return None if diseases is None else _criterion("condition", f"Condition: {'; '.join(trial.conditions)}", diseases)


def _diseases(trial: Trial) -> Expression | None:
    """The conditions as alternatives; a therapy listed among them is no condition of a patient."""
    leaves = [leaf for name in trial.conditions if (leaf := _disease(name)) is not None]
    return disjunction(leaves) if leaves else None


def _disease(name: str) -> ConditionIs | None:
    """`Stage IV Breast Cancer` is breast cancer with a qualifier; None for a therapy."""
    known, rest = resolve(name)
    if known and all(concept.kind in _THERAPIES for concept in known):
        return None
    concept = known[0].id if len(known) == 1 else None
    return ConditionIs(name=name, concept=concept, qualifiers=tuple(map(str.lower, rest)) if concept else ())
