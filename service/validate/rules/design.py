"""Arms, interventions, phase and numbers that do not fit one another."""

from collections import Counter
from collections.abc import Iterator

from service.schemas.criterion import Criterion
from service.schemas.trial import Arm, ArmType, OverallStatus, Phase, StudyType, Trial
from service.validate.issues import Found, field, information, warning
from service.validate.spelling import key

RECRUITED = frozenset(
    {
        OverallStatus.RECRUITING,
        OverallStatus.ACTIVE_NOT_RECRUITING,
        OverallStatus.COMPLETED,
        OverallStatus.ENROLLING_BY_INVITATION,
    }
)


def enrollment_fits_status(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """Nobody to be enrolled in a trial that enrols, or somebody enrolled in one withdrawn before it began."""
    if trial.enrollment is None or trial.overall_status is None:
        return
    count, status = trial.enrollment.count, trial.overall_status
    places = (field("/overallStatus", status.value), field("/enrollment/count", count))
    if count == 0 and status in RECRUITED:
        yield warning("enrollment_zero", f"the trial is {status.value}, but its enrollment is 0", *places)
    if count > 0 and status is OverallStatus.WITHDRAWN and trial.enrollment.type == "ACTUAL":
        yield warning(
            "enrollment_of_withdrawn", f"the trial was withdrawn before it began, but {count} took part", *places
        )


def phase_fits_study_type(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """Only interventional studies have phases."""
    phases = [phase.value for phase in trial.phases if phase is not Phase.NA]
    if trial.study_type is StudyType.OBSERVATIONAL and phases:
        message = f"an observational study has no phase, but {' and '.join(phases)} is registered"
        yield warning(
            "phase_of_observational", message, field("/studyType", "OBSERVATIONAL"), field("/phases", ", ".join(phases))
        )


def arms_are_distinct(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """Two arms with the same label and the same content."""
    seen: dict[object, int] = {}
    for index, arm in enumerate(trial.arms):
        first = seen.setdefault(_likeness(arm), index)
        if first != index:
            places = (field(f"/arms/{first}", arm.label), field(f"/arms/{index}", arm.label))
            yield warning("arm_repeated", f"arm `{arm.label}` is listed twice", *places)


def arms_fit_design(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """Randomization needs two arms; a placebo needs somebody who does not know."""
    if trial.design is None or not trial.arms:
        return
    if trial.design.allocation == "RANDOMIZED" and len(trial.arms) == 1:
        places = (field("/design/allocation", "RANDOMIZED"), field("/arms/0/label", trial.arms[0].label))
        yield warning("randomized_to_one_arm", "participants are randomized, but there is one arm only", *places)
    if trial.design.masking == "NONE":
        for index, arm in enumerate(trial.arms):
            if arm.type is ArmType.PLACEBO_COMPARATOR:
                places = (field("/design/masking", "NONE"), field(f"/arms/{index}/type", arm.type.value))
                yield information(
                    "placebo_unmasked", f"nobody is masked, but arm `{arm.label}` is a placebo comparator", *places
                )


def interventions_are_listed(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """An arm names an intervention that the trial does not list."""
    if not trial.interventions:
        return
    listed = {key(each.name) for each in trial.interventions}
    for index, arm in enumerate(trial.arms):
        for place, name in enumerate(arm.intervention_names):
            if listed.isdisjoint(_spellings(name)):
                pointer = f"/arms/{index}/interventionNames/{place}"
                message = f"arm `{arm.label}` names `{name}`, which is not among the interventions"
                yield warning(
                    "intervention_not_listed", message, field(pointer, name), field("/interventions", _names(trial))
                )


def interventions_are_used(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """A listed intervention that no arm receives, where arms do name theirs."""
    named = {spelling for arm in trial.arms for name in arm.intervention_names for spelling in _spellings(name)}
    if not named or len(trial.interventions) != len({key(each.name) for each in trial.interventions}):
        return
    for index, each in enumerate(trial.interventions):
        if key(each.name) not in named:
            message = f"no arm receives `{each.name}`"
            yield information("intervention_without_arm", message, field(f"/interventions/{index}/name", each.name))


def names_are_distinct(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """The same condition listed twice."""
    counts = Counter(key(condition) for condition in trial.conditions)
    for index, condition in enumerate(trial.conditions):
        first = [key(each) for each in trial.conditions].index(key(condition))
        if counts[key(condition)] > 1 and index != first:
            places = (field(f"/conditions/{first}", trial.conditions[first]), field(f"/conditions/{index}", condition))
            yield information("condition_repeated", f"condition `{condition}` is listed twice", *places)


def _likeness(arm: Arm) -> object:
    """What makes two arms the same to a reader."""
    return key(arm.label), key(arm.description or ""), tuple(sorted(map(key, arm.intervention_names)))


def _spellings(name: str) -> Iterator[str]:
    """`Drug: Fludarabine` as it stands and without its type."""
    yield key(name)
    _, colon, rest = name.partition(": ")
    if colon:
        yield key(rest)


def _names(trial: Trial) -> str:
    return ", ".join(each.name for each in trial.interventions)
