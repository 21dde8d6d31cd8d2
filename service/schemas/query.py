"""A search for trials: the parameters of `GET /trials`, typed and bounded."""

from datetime import date
from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.page import PageToken
from service.schemas.report import Name, Near
from service.schemas.text import Words
from service.schemas.trial import AskedNctId, EligibleSex, OverallStatus, Phase, StudyType, Trial

FIELDS = tuple(Trial.__struct_encode_fields__)
PAGE_SIZE = 20

TrialField = Annotated[
    str,
    Meta(pattern=f"^({'|'.join(FIELDS)})$", description="member of Trial", extra_json_schema={"enum": list(FIELDS)}),
]


def _several(description: str, example: str) -> Meta:
    return Meta(max_length=100, description=description, examples=[[example]])


class Sort(Enum):
    """Order of the answer; a trial without the date comes last, and every tie is broken by NCT number."""

    RELEVANCE = "relevance"
    NCT_ID = "nctId"
    NCT_ID_DESC = "nctId:desc"
    UPDATED = "lastUpdatePosted"
    UPDATED_DESC = "lastUpdatePosted:desc"
    START = "start"
    START_DESC = "start:desc"


class TrialQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Every parameter narrows; several values of one parameter mean *or*; empty or None asks nothing.

    A trial that states no bound is not excluded by `age` or `sex`. Without `sort`: by relevance where `q` is given,
    else by NCT number.
    """

    q: Annotated[tuple[Words, ...], Meta(max_length=10, description="words anywhere in the trial")] = ()
    condition: Annotated[tuple[Name, ...], _several("disease, in words or as a code", "leukemia")] = ()
    intervention: Annotated[tuple[Name, ...], _several("what is given or done", "CAR-T")] = ()
    status: Annotated[tuple[OverallStatus, ...], _several("recruitment status", "RECRUITING")] = ()
    phase: Annotated[tuple[Phase, ...], _several("phase", "PHASE2")] = ()
    study_type: Annotated[tuple[StudyType, ...], _several("kind of study", "INTERVENTIONAL")] = ()
    sex: Annotated[tuple[EligibleSex, ...], _several("trials that admit this sex", "FEMALE")] = ()
    age: (
        Annotated[float, Meta(ge=0, le=150, description="trials that admit this age in years", examples=[7])] | None
    ) = None
    country: Annotated[tuple[Name, ...], _several("country of a site, as the registry names it", "China")] = ()
    near: Near | None = None
    sponsor: Annotated[tuple[Name, ...], _several("words of the lead sponsor's name", "University")] = ()
    updated_since: Annotated[date, Meta(description="last update posted on that day or later")] | None = None
    ids: Annotated[tuple[AskedNctId, ...], Meta(max_length=1_000, description="only these trials")] = ()
    fields: Annotated[tuple[TrialField, ...], _several("members to answer; `nctId` always is", "briefTitle")] = ()
    sort: Annotated[Sort, Meta(description="order of the answer")] | None = None
    page_size: Annotated[int, Meta(ge=1, le=1_000, description="at most this many trials")] = PAGE_SIZE
    page_token: PageToken | None = None
    count_total: Annotated[bool, Meta(description="also count every trial found")] = False
