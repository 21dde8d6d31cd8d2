"""What the trial says of recruitment against what its sites say."""

from service.schemas.criterion import Criterion
from service.schemas.issue import Place
from service.schemas.trial import OverallStatus, Trial
from service.validate.issues import Found, field, information, warning

OPEN = frozenset({OverallStatus.RECRUITING, OverallStatus.ENROLLING_BY_INVITATION, OverallStatus.AVAILABLE})
AWAITING = frozenset({OverallStatus.NOT_YET_RECRUITING, OverallStatus.SUSPENDED})


def trial_and_sites_agree(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """A site recruits for a trial that does not, or none of the sites recruits for a trial that does."""
    status = trial.overall_status
    sites = [(index, site.status) for index, site in enumerate(trial.locations) if site.status is not None]
    if status is None or not sites:
        return
    recruiting = [(index, site) for index, site in sites if site in OPEN]
    if status not in OPEN and recruiting:
        index, site = recruiting[0]
        message = f"the trial is {status.value}, but {_how_many(len(recruiting))} {site.value}"
        yield warning("status_disagrees_with_site", message, *_places(trial, index))
    elif status in OPEN and not recruiting and len(sites) == len(trial.locations):
        index, site = sites[0]
        if all(other not in AWAITING for _, other in sites):
            message = f"the trial is {status.value}, but none of its {len(sites)} sites is; the first is {site.value}"
            yield information("no_site_recruits", message, *_places(trial, index))


def _how_many(sites: int) -> str:
    return "a site is" if sites == 1 else f"{sites} sites are"


def _places(trial: Trial, index: int) -> tuple[Place, Place]:
    """The trial's status and that site's."""
    status, site = trial.overall_status, trial.locations[index]
    return (
        field("/overallStatus", status.value if status else None),
        field(f"/locations/{index}/status", site.status.value if site.status else None),
    )
