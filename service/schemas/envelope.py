"""What decides which trials are looked at: a trial's necessary conditions, and the patient's side of them.

A trial and a patient meet where their ages overlap, their sexes agree and they share a key. A key is a concept id
(`MESH:D015470`), `word:` and a word of a condition that the vocabulary does not know, or ANY for a trial that states
no condition. The store holds one row a trial and key; the query lists the keys that the patient can be reached by.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from service.schemas.criterion import Criterion
from service.schemas.report import TrialFilter
from service.schemas.trial import EligibleSex, GeoPoint, NctId, OverallStatus, Phase

ANY = "*"
WORD = "word:"
NO_AGE_LIMIT = 200 * 366

OPEN = frozenset(
    {
        OverallStatus.RECRUITING,
        OverallStatus.NOT_YET_RECRUITING,
        OverallStatus.ENROLLING_BY_INVITATION,
        OverallStatus.AVAILABLE,
    }
)
"""Statuses in which a patient can still enter."""


class Envelope(Struct, frozen=True, kw_only=True):
    """What every eligible patient of a trial must satisfy; ages in days, rounded outwards, both ends inclusive.

    `keys` are alternatives: one of them has to be among the patient's.
    """

    age_min_days: int = 0
    age_max_days: int = NO_AGE_LIMIT
    sex: EligibleSex = EligibleSex.ALL
    keys: tuple[str, ...] = (ANY,)
    open: bool = False


class CandidateQuery(Struct, frozen=True, kw_only=True):
    """Which trials could fit one patient; None leaves that side unbounded.

    `age_low_days` to `age_high_days` is where the patient's age lies, both ends inclusive. `sex` is only MALE or
    FEMALE. `keys` holds ANY besides the patient's own. `where` is what the caller narrowed the registry to; its
    conditions are already keys in `within`: the trial must carry one of them as well.
    """

    age_low_days: int = 0
    age_high_days: int = NO_AGE_LIMIT
    sex: EligibleSex | None = None
    keys: frozenset[str] | None = None
    within: frozenset[str] | None = None
    where: TrialFilter | None = None


class Site(Struct, frozen=True, kw_only=True, array_like=True):
    """Where a trial is run, as far as a match shows it."""

    facility: str | None = None
    city: str | None = None
    country: str | None = None
    status: OverallStatus | None = None
    geo_point: GeoPoint | None = None


class Outline(NamedTuple):
    """What a trial asks, in brief: the ids of its criteria's demands, in their order.

    `condition` is the demand for what the trial studies; None where it states nothing. Status and phases are what a
    caller may narrow the registry to.
    """

    number: int
    condition: int | None
    demands: Sequence[int]
    overall_status: str | None = None
    phases: Sequence[str] = ()


class Candidate(Struct, frozen=True, kw_only=True):
    """All that a match shows of one trial."""

    nct_id: NctId
    criteria: tuple[Criterion, ...]
    brief_title: str | None = None
    overall_status: OverallStatus | None = None
    phases: tuple[Phase, ...] = ()
    sites: tuple[Site, ...] = ()
