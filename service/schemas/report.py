"""What a match answers: a verdict for every criterion, an eligibility for every trial, and what to ask next."""

import re
from datetime import date, datetime
from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.criterion import Polarity
from service.schemas.page import PageToken
from service.schemas.patient import Patient
from service.schemas.text import NO_CONTROL
from service.schemas.trial import ANY_NCT_ID, AskedNctId, GeoPoint, OverallStatus, Phase


class Verdict(Enum):
    """Whether the patient passes a criterion; always about eligibility, never about the sentence."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    TO_CONFIRM = "to_confirm"
    NOT_EVALUABLE = "not_evaluable"

    __hash__ = object.__hash__  # as Truth


class TrialEligibility(Enum):
    """The whole trial for one patient."""

    ELIGIBLE = "eligible"
    UNDETERMINED = "undetermined"
    INELIGIBLE = "ineligible"


class Policy(Enum):
    """How silence about conditions, treatments and allergies is read."""

    UNKNOWN = "unknown"
    ABSENT_IS_NO = "absent_is_no"


class Detail(Enum):
    """Whether each match lists its criteria."""

    SUMMARY = "summary"
    CRITERIA = "criteria"


class Wire(Struct, frozen=True, gc=False, kw_only=True, rename="camel", omit_defaults=True):
    """Wire form of every part of an answer."""


class Evidence(Wire, frozen=True, omit_defaults=False):
    """A datum of the patient: `pointer` is a JSON Pointer into the request's patient."""

    pointer: str
    value: str | float | bool | None


class Missing(Wire, frozen=True, omit_defaults=False):
    """A datum the patient lacks: what to ask, and where in the patient the answer belongs."""

    ask: str
    pointer: str


class CriterionVerdict(Wire, frozen=True, omit_defaults=False):
    """One criterion for one patient, and why."""

    id: str
    polarity: Polarity
    text: str
    verdict: Verdict
    reason: str
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()


class Tally(Wire, frozen=True, omit_defaults=False):
    """How many criteria came out each way."""

    met: int = 0
    not_met: int = 0
    unknown: int = 0
    to_confirm: int = 0
    not_evaluable: int = 0


class NearestSite(Wire, frozen=True):
    """The open site closest to the patient, as the crow flies."""

    distance_km: float
    facility: str | None = None
    city: str | None = None
    country: str | None = None
    geo_point: GeoPoint | None = None


class TrialMatch(Wire, frozen=True):
    """One trial for one patient. `score` orders matches: 0 to 1, the share of criteria known to be passed."""

    nct_id: str
    eligibility: TrialEligibility
    score: float
    tally: Tally
    brief_title: str | None = None
    overall_status: OverallStatus | None = None
    phases: tuple[Phase, ...] = ()
    nearest_site: NearestSite | None = None
    criteria: tuple[CriterionVerdict, ...] | None = None


class Question(Wire, frozen=True, omit_defaults=False):
    """A missing fact and the number of listed trials whose verdict would be decided by it."""

    ask: str
    pointer: str
    decides: int


class Counts(Wire, frozen=True, omit_defaults=False):
    """Of the trials looked at, how many came out each way."""

    candidates: int
    eligible: int
    undetermined: int
    ineligible: int


class Corpus(Wire, frozen=True, omit_defaults=False):
    """Which trials were asked."""

    version: str
    trials: int


class CorpusState(Corpus, frozen=True, omit_defaults=True):
    """The same, and how current it is: when it last changed, and how far a public registry was followed.

    `followed`: when `sync` last found nothing lacking; `complete_to`: the last date on which that registry posted an
    update, every one of which is here or among the `quarantined`. Absent where no registry is followed.
    """

    changed: datetime
    quarantined: Annotated[int, Meta(ge=0)]
    followed: datetime | None = None
    complete_to: str | None = None


class Engine(Wire, frozen=True, omit_defaults=False):
    """Which compiler and matcher answered."""

    version: str


class WarningCode(Enum):
    """What in the record could not be used."""

    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_CODE_SYSTEM = "unknown_code_system"


class RecordWarning(Wire, frozen=True, omit_defaults=False):
    """Something in the record that was passed over: `pointer` is a JSON Pointer into the request's patient.

    `unknown_code`: mistyped, retired, or without a concept in the vocabulary. The answer is the same as without it.
    """

    code: WarningCode
    pointer: str
    detail: str


class MatchReport(Wire, frozen=True, omit_defaults=False):
    """The whole answer. `digest` is of the request, the corpus and the engine: the same digest, the same answer."""

    as_of: date
    corpus: Corpus
    engine: Engine
    digest: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    counts: Counts
    matches: tuple[TrialMatch, ...]
    questions: tuple[Question, ...] = ()
    warnings: tuple[RecordWarning, ...] = ()
    next_page_token: str | None = None


class Near(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A circle: degrees, kilometres."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    km: Annotated[float, Meta(ge=0.001, le=20_100)]

    @staticmethod
    def of(text: str) -> "Near":
        """Read `lat,lon,km` as `NEAR` spells it."""
        lat, lon, km = map(float, text.split(","))
        return Near(lat=lat, lon=lon, km=km)


_LAT = r"-?(90(\.0{1,12})?|[1-8]?[0-9](\.[0-9]{1,12})?)"
_LON = r"-?(180(\.0{1,12})?|(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,12})?)"
_KM = r"(0\.(00|0)?[1-9][0-9]{0,3}|[1-9][0-9]{0,3}(\.[0-9]{1,6})?|1[0-9]{4}(\.[0-9]{1,6})?|20000)"
NEAR = f"^{_LAT},{_LON},{_KM}$"
NEAR_TEXT = Meta(pattern=NEAR, description="`lat,lon,km`, degrees and kilometres", examples=["48.1,11.6,50"])
Several = Meta(max_length=500)
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=NO_CONTROL)]
# msgspec 0.22 crashes in garbage collection over a union of a string with a pattern and an array: where one value or a
# list is taken, the pattern of the one value is only shown in the schema, and checked by __post_init__.
OneName = Annotated[str, Meta(min_length=1, max_length=200, extra_json_schema={"pattern": NO_CONTROL})]
OneNctId = Annotated[str, Meta(examples=["NCT04691349"], extra_json_schema={"pattern": ANY_NCT_ID})]


class TrialFilter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Which trials to look at; one value or a list, and a list means *or*. `near` also as `lat,lon,km`."""

    status: OverallStatus | Annotated[tuple[OverallStatus, ...], Several] = ()
    phase: Phase | Annotated[tuple[Phase, ...], Several] = ()
    country: OneName | Annotated[tuple[Name, ...], Several] = ()
    near: Near | Annotated[str, NEAR_TEXT] | None = None
    nct_ids: OneNctId | Annotated[tuple[AskedNctId, ...], Several] = ()
    condition: OneName | Annotated[tuple[Name, ...], Several] = ()

    def __post_init__(self) -> None:
        for value, pattern in ((self.country, NO_CONTROL), (self.condition, NO_CONTROL), (self.nct_ids, ANY_NCT_ID)):
            if isinstance(value, str) and not re.search(pattern, value):
                raise ValueError(f"Expected `str` matching regex {pattern!r}")


class MatchRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """One patient and how to answer. `as_of` is the date ages and windows are counted at; absent: today, UTC."""

    patient: Patient
    as_of: date | None = None
    policy: Policy = Policy.UNKNOWN
    where: TrialFilter | None = None
    eligibility: Annotated[tuple[TrialEligibility, ...], Meta(min_length=1, max_length=3)] = (
        TrialEligibility.ELIGIBLE,
        TrialEligibility.UNDETERMINED,
    )
    detail: Detail = Detail.CRITERIA
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 20
    page_token: PageToken | None = None
