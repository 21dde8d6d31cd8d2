"""Ages: the registry's fields against each other and against its age groups."""

from service.schemas.criterion import Criterion
from service.schemas.issue import Place
from service.schemas.trial import Eligibility, StdAge, Trial
from service.validate.duration import days
from service.validate.issues import Found, error, field, information

GROUPS = {StdAge.CHILD: (0, 18), StdAge.ADULT: (18, 65), StdAge.OLDER_ADULT: (65, 200)}
YEAR = 365.25


def bounds_in_order(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """The youngest admitted is not older than the oldest."""
    low, high = _bounds(trial.eligibility)
    if low is not None and high is not None and low > high:
        eligibility = trial.eligibility or Eligibility()
        message = f"nobody can be at least {eligibility.minimum_age} and at most {eligibility.maximum_age} old"
        yield error("age_bounds_swapped", message, *_fields(eligibility))


def groups_fit_bounds(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """An age group that the limits shut out, or one they admit that is not listed."""
    eligibility = trial.eligibility
    low, high = _bounds(eligibility)
    if eligibility is None or not eligibility.std_ages or (low is None and high is None):
        return
    expected = {group for group, years in GROUPS.items() if _overlap(years, low, high)}
    if expected != set(eligibility.std_ages):
        listed = ", ".join(group.value for group in eligibility.std_ages)
        message = f"the age limits admit {', '.join(sorted(group.value for group in expected))}, but {listed} is listed"
        yield information("age_groups_disagree", message, *_fields(eligibility), field("/eligibility/stdAges", listed))


def limits_are_stated(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """No age line at all: not the same as no age limit."""
    eligibility = trial.eligibility or Eligibility()
    if not (eligibility.minimum_age or eligibility.maximum_age or eligibility.std_ages):
        yield information(
            "age_not_stated", "the source shows no age limits; that is not `no limit`", field("/eligibility")
        )


def _bounds(eligibility: Eligibility | None) -> tuple[float | None, float | None]:
    """Registered limits in days."""
    if eligibility is None:
        return None, None
    return days(eligibility.minimum_age), days(eligibility.maximum_age)


def _overlap(years: tuple[int, int], low: float | None, high: float | None) -> bool:
    """Whether somebody of the age group is within the limits; `17 Years` as a maximum ends before the 18th birthday."""
    first, last = years
    return (low is None or low < last * YEAR) and (high is None or high >= first * YEAR)


def _fields(eligibility: Eligibility) -> tuple[Place, ...]:
    """The limits that are stated."""
    stated = (("minimumAge", eligibility.minimum_age), ("maximumAge", eligibility.maximum_age))
    return tuple(field(f"/eligibility/{name}", age) for name, age in stated if age)
