"""What came of one criterion for one patient."""

from typing import NamedTuple

from service.criteria.finding import Finding
from service.match.verdict import verdict_of
from service.schemas.criterion import Polarity
from service.schemas.report import Missing, Verdict


class Outcome(NamedTuple):
    """A verdict and why.

    `decisive` is the one datum that would decide it, None where nothing or several are missing. `is_unread` where words
    stand in the criterion that nobody has read: then the reason may not quote the right ones.
    """

    verdict: Verdict
    finding: Finding
    decisive: Missing | None
    lacks_several: bool
    is_unread: bool


def outcome_of(finding: Finding, polarity: Polarity, *, is_unread: bool) -> Outcome:
    """What a finding means for the patient."""
    missing = finding.missing
    decisive = missing[0] if len(missing) == 1 else None
    return Outcome(verdict_of(polarity, finding), finding, decisive, len(missing) > 1, is_unread)
