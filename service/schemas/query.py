"""A search for trials: the parameters of `GET /trials`, typed and bounded."""

from datetime import date
from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.page import PageToken
from service.schemas.report import Name, Near
from service.schemas.text import Words
from service.schemas.trial import EligibleSex, NctId, OverallStatus, Phase, StudyType, Trial

FIELDS = tuple(Trial.__struct_encode_fields__)
PAGE_SIZE = 20

TrialField = Annotated[
    str,
    Meta(pattern=f"^({'|'.join(FIELDS)})$", description="member of Trial", extra_json_schema={"enum": list(FIELDS)}),
]
SEVERAL = Meta(max_length=100)


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
    condition: Annotated[tuple[Name, ...], SEVERAL] = ()
    intervention: Annotated[tuple[Name, ...], SEVERAL] = ()
    status: Annotated[tuple[OverallStatus, ...], SEVERAL] = ()
    phase: Annotated[tuple[Phase, ...], SEVERAL] = ()
    study_type: Annotated[tuple[StudyType, ...], SEVERAL] = ()
    sex: Annotated[tuple[EligibleSex, ...], SEVERAL] = ()
    age: Annotated[float, Meta(ge=0, le=150, description="years", examples=[7])] | None = None
    country: Annotated[tuple[Name, ...], SEVERAL] = ()
    near: Near | None = None
    sponsor: Annotated[tuple[Name, ...], SEVERAL] = ()
    updated_since: date | None = None
    ids: Annotated[tuple[NctId, ...], Meta(max_length=1_000)] = ()
    fields: Annotated[tuple[TrialField, ...], Meta(max_length=len(FIELDS), description="members to answer")] = ()
    sort: Sort | None = None
    page_size: Annotated[int, Meta(ge=1, le=1_000)] = PAGE_SIZE
    page_token: PageToken | None = None
    count_total: bool = False
