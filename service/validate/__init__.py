"""The validator: what is wrong inside a trial, and which two places disagree. It reports; it repairs nothing."""

from itertools import chain

from service.schemas.criterion import Criterion
from service.schemas.issue import Issue
from service.schemas.trial import Trial
from service.validate.issues import Rule
from service.validate.rules import ages, dates, design, status, values

RULES: tuple[Rule, ...] = (
    ages.bounds_in_order,
    ages.groups_fit_bounds,
    ages.limits_are_stated,
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
    values.powers_are_marked,
)


def validate(trial: Trial, criteria: tuple[Criterion, ...]) -> tuple[Issue, ...]:
    """Every issue of a trial, in the order of the rules."""
    return tuple(chain.from_iterable(rule(trial, criteria) for rule in RULES))
