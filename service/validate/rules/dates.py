"""Dates that cannot stand in the order they are given. The core has no clock: nothing here asks what day it is."""

from itertools import combinations

from service.schemas.criterion import Criterion
from service.schemas.trial import Dates, OverallStatus, Trial
from service.validate.issues import Found, field, warning

ORDERED = (
    (("start", "start"), ("primaryCompletion", "primary_completion"), ("completion", "completion")),
    (("firstPosted", "first_posted"), ("lastUpdatePosted", "last_update_posted")),
    (("verified", "verified"), ("lastUpdatePosted", "last_update_posted")),
)
ENDED = (OverallStatus.COMPLETED,)
NOT_BEGUN = (OverallStatus.NOT_YET_RECRUITING,)


def in_order(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """A date that must not come after another does."""
    if trial.dates is None:
        return
    for chain in ORDERED:
        for (name, earlier), (other, later) in combinations(chain, 2):
            first, second = getattr(trial.dates, earlier), getattr(trial.dates, later)
            if first and second and is_after(first, second):
                message = f"`{name}` is {first}, after `{other}`, which is {second}"
                yield warning(
                    "dates_out_of_order", message, field(f"/dates/{name}", first), field(f"/dates/{other}", second)
                )


def status_fits_dates(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """A status that the record's own dates deny, on the day the record was last updated."""
    dates, status = trial.dates or Dates(), trial.overall_status
    updated = dates.last_update_posted
    if updated is None or status is None:
        return
    place = field("/overallStatus", status.value)
    if status in ENDED and dates.completion and is_after(dates.completion, updated):
        message = (
            f"the trial is {status.value}, but completion, {dates.completion}, lies after the last update, {updated}"
        )
        yield warning("status_disagrees_with_dates", message, place, field("/dates/completion", dates.completion))
    if status in NOT_BEGUN and dates.completion and is_after(updated, dates.completion):
        message = (
            f"the trial is {status.value}, but completion, {dates.completion}, lies before the last update, {updated}"
        )
        yield warning("status_disagrees_with_dates", message, place, field("/dates/completion", dates.completion))


def is_after(date: str, other: str) -> bool:
    """Whether a partial date is certainly later than another: `2020-05` is not after `2020`."""
    length = min(len(date), len(other))
    return date[:length] > other[:length]
