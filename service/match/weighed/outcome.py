"""What came of criteria for one patient."""

from typing import NamedTuple

import numpy as np

from service.match.arrays import NOTHING, Ints, Longs, Mask
from service.match.weighed.weight import ATTEST, TRUE, UNKNOWN, Weights
from service.schemas.report import Verdict

VERDICTS = tuple(Verdict)
MET, NOT_MET, OPEN, TO_CONFIRM, NOT_EVALUABLE = range(len(VERDICTS))


class Outcomes(NamedTuple):
    """Of criteria one after the other; `verdicts` are places in VERDICTS.

    `decisive` tells the one fact that would decide it, NOTHING where none or several are missing; `stay_open` where no
    one fact would settle it.
    """

    verdicts: Ints
    decisive: Longs
    stay_open: Mask

    def only(self, some: Mask | Ints) -> "Outcomes":
        """Some of them."""
        return Outcomes(self.verdicts[some], self.decisive[some], self.stay_open[some])


def outcomes_of(weights: Weights, keep_out: Mask) -> Outcomes:
    """What findings mean for the patient, those of criteria that keep out whoever fulfils them being marked.

    Undecided sentences: a missing fact outranks unread words, and those outrank what the site must attest.
    """
    is_open, lacks = weights.truths == UNKNOWN, weights.greatest != NOTHING
    undecided = np.where(lacks, OPEN, np.where(weights.signs == ATTEST, TO_CONFIRM, NOT_EVALUABLE))
    settled = np.where((weights.truths == TRUE) != keep_out, MET, NOT_MET)
    is_one = is_open & (weights.least == weights.greatest)
    verdicts = np.where(is_open, undecided, settled)
    stay_open = (is_open & lacks & ~is_one) | (verdicts == NOT_EVALUABLE)
    return Outcomes(verdicts, np.where(is_one, weights.least, NOTHING), stay_open)
