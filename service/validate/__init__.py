"""The validator: what is wrong inside a trial, and which two places disagree. It reports; it repairs nothing."""

from itertools import chain

from service.schemas.criterion import Criterion
from service.schemas.issue import Issue
from service.schemas.trial import Trial
from service.validate.issues import Rule
from service.validate.rules import (
    ages,
    antigens,
    bounds,
    conditions,
    dates,
    design,
    organs,
    people,
    status,
    text_ages,
    values,
    wording,
)

RULES: tuple[Rule, ...] = (
    ages.bounds_in_order,
    ages.groups_fit_bounds,
    ages.limits_are_stated,
    text_ages.text_agrees_with_fields,
    people.sex_agrees_with_field,
    people.volunteers_agree_with_field,
    wording.criteria_are_there,
    wording.text_is_clean,
    wording.criteria_are_distinct,
    wording.lists_are_distinct,
    organs.criteria_are_not_inverted,
    bounds.bounds_leave_room,
    values.limits_are_plausible,
    values.powers_are_marked,
    conditions.conditions_are_diseases,
    conditions.criteria_ask_for_the_same,
    antigens.arms_aim_at_the_same,
    antigens.interventions_aim_at_the_same,
    status.trial_and_sites_agree,
    dates.in_order,
    dates.status_fits_dates,
    design.enrollment_fits_status,
    design.phase_fits_study_type,
    design.arms_are_distinct,
    design.arms_fit_design,
    design.interventions_are_listed,
    design.interventions_are_used,
    design.names_are_distinct,
)


def validate(trial: Trial, criteria: tuple[Criterion, ...]) -> tuple[Issue, ...]:
    """Every issue of a trial, in the order of the rules; `criteria` as compiled from that trial."""
    return tuple(chain.from_iterable(rule(trial, criteria) for rule in RULES))
