"""How trials stand: what each came to as a whole, and in which order they are shown."""

import numpy as np

from service.match.arrays import Ints, Longs
from service.match.asked.outlines import NUMBERS, Asked
from service.match.weighed.outcome import MET, NOT_MET, TO_CONFIRM
from service.schemas.report import TrialEligibility

ELIGIBILITIES = (TrialEligibility.ELIGIBLE, TrialEligibility.UNDETERMINED, TrialEligibility.INELIGIBLE)
ELIGIBLE, UNDETERMINED, INELIGIBLE = range(len(ELIGIBILITIES))
WHOLE = 10_000  # a score of 1


def eligibilities_of(trials: Asked, verdicts: Ints) -> Longs:
    """Places in ELIGIBILITIES. To be eligible, one must have what the trial studies, and have nothing against it."""
    is_met = verdicts == MET
    against = trials.per_trial(verdicts == NOT_MET)
    passed = trials.per_trial(is_met | (verdicts == TO_CONFIRM))
    studied = trials.per_trial(is_met & (trials.demands == trials.conditions[trials.owners]))
    found = np.full(len(trials.numbers), UNDETERMINED, np.int64)
    found[(passed == trials.lengths) & (studied > 0)] = ELIGIBLE
    found[against > 0] = INELIGIBLE
    return found


def standing_of(trials: Asked, verdicts: Ints, eligibilities: Longs) -> Longs:
    """One number a trial, the best has the least: by eligibility, then by score, then by the number of its id.

    The score is the share of criteria known to be passed, in ten-thousandths.
    """
    met = trials.per_trial(verdicts == MET)
    scores: Longs = (2 * WHOLE * met + trials.lengths) // np.maximum(2 * trials.lengths, 1)
    standing: Longs = (eligibilities * (WHOLE + 1) + WHOLE - scores) * NUMBERS + trials.numbers
    return standing


def number_at(place: int) -> int:
    """Of the trial that stands there."""
    return place % NUMBERS


def eligibility_at(place: int) -> TrialEligibility:
    """Of the trial that stands there."""
    return ELIGIBILITIES[place // NUMBERS // (WHOLE + 1)]


def score_at(place: int) -> float:
    """Of the trial that stands there, from 0 to 1."""
    return (WHOLE - place // NUMBERS % (WHOLE + 1)) / WHOLE
