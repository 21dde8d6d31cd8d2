"""From the truth of sentences to verdicts."""

from collections import Counter
from collections.abc import Iterable

from service.criteria.finding import Finding
from service.schemas.criterion import Criterion, Polarity
from service.schemas.report import CriterionVerdict, Tally, Verdict
from service.schemas.truth import Truth

_SETTLED = {
    (Polarity.INCLUSION, Truth.TRUE): Verdict.MET,
    (Polarity.INCLUSION, Truth.FALSE): Verdict.NOT_MET,
    (Polarity.EXCLUSION, Truth.TRUE): Verdict.NOT_MET,
    (Polarity.EXCLUSION, Truth.FALSE): Verdict.MET,
}


def verdict_of(polarity: Polarity, finding: Finding) -> Verdict:
    """Undecided sentences: a missing datum outranks unread words, and those outrank what the site must attest."""
    if finding.truth is not Truth.UNKNOWN:
        return _SETTLED[polarity, finding.truth]
    if finding.missing:
        return Verdict.UNKNOWN
    return Verdict.TO_CONFIRM if finding.attest and not finding.unread else Verdict.NOT_EVALUABLE


def judged(criterion: Criterion, finding: Finding) -> CriterionVerdict:
    """One row of the answer."""
    return CriterionVerdict(
        id=criterion.id,
        polarity=criterion.polarity,
        text=criterion.text,
        verdict=verdict_of(criterion.polarity, finding),
        reason=finding.reason,
        evidence=finding.evidence,
        missing=finding.missing,
    )


def tally_of(verdicts: Iterable[Verdict]) -> Tally:
    """How many criteria came out each way."""
    counts = Counter(verdicts)
    return Tally(
        met=counts[Verdict.MET],
        not_met=counts[Verdict.NOT_MET],
        unknown=counts[Verdict.UNKNOWN],
        to_confirm=counts[Verdict.TO_CONFIRM],
        not_evaluable=counts[Verdict.NOT_EVALUABLE],
    )
