"""What came of one criterion for one patient."""

from typing import NamedTuple

from service.criteria.finding import Finding
from service.schemas.report import Missing, Verdict


class Outcome(NamedTuple):
    """A verdict and why; `missing` names what would decide one that is unknown.

    `is_unread` where words stand in the criterion that nobody has read: then the reason may not quote the right ones.
    """

    verdict: Verdict
    missing: tuple[Missing, ...]
    finding: Finding
    is_unread: bool
