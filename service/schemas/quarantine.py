"""Studies that were refused, and why."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.page import PageToken
from service.schemas.query import PAGE_SIZE
from service.schemas.trial import NctId


class QuarantinedStudy(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """`code` is that of the failure, or of the validator's issue; `detail` says it in words.

    `nct_id` and `last_update_posted` are absent where the document does not tell them.
    """

    source: Annotated[str, Meta(examples=["ctgov"])]
    sha256: str
    code: Annotated[str, Meta(examples=["unreadable_document"])]
    detail: str
    quarantined_at: datetime
    nct_id: NctId | None = None
    last_update_posted: str | None = None


class QuarantinePage(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The newest first; `next_page_token` is absent on the last page, `total_count` unless it was asked for."""

    studies: tuple[QuarantinedStudy, ...]
    next_page_token: PageToken | None = None
    total_count: Annotated[int, Meta(ge=0)] | None = None


class QuarantineQuery(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True
):
    """A page of what is quarantined."""

    page_size: Annotated[int, Meta(ge=1, le=1_000, description="at most this many studies")] = PAGE_SIZE
    page_token: PageToken | None = None
    count_total: Annotated[bool, Meta(description="also count every study that is quarantined")] = False
