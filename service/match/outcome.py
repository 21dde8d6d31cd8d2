"""What came of one criterion for one patient, without the reasons."""

from typing import NamedTuple

from service.schemas.report import Missing, Verdict


class Outcome(NamedTuple):
    """A verdict; `missing` names what would decide one that is unknown."""

    verdict: Verdict
    missing: tuple[Missing, ...]
