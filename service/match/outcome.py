"""What came of one criterion for one patient."""

from msgspec import Struct

from service.criteria.finding import Finding
from service.match.verdict import verdict_of
from service.schemas.criterion import Polarity
from service.schemas.report import Missing, Verdict


class Outcome(Struct, frozen=True, gc=False):
    """A verdict; `decisive` is the one datum that would decide it, None where nothing or several are missing.

    `stays_open` where no one datum would settle it.
    """

    verdict: Verdict
    decisive: Missing | None
    stays_open: bool


def outcome_of(finding: Finding, polarity: Polarity) -> Outcome:
    """What a finding means for the patient."""
    verdict, missing = verdict_of(polarity, finding), finding.missing
    decisive = missing[0] if len(missing) == 1 else None
    return Outcome(verdict, decisive, len(missing) > 1 or verdict is Verdict.NOT_EVALUABLE)
