"""One page of a search."""

from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.trial import Trial

PageToken = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_-]{1,500}$", description="`nextPageToken` of the page before, asked the same way")
]


class TrialPage(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """`next_page_token` is absent on the last page, `total_count` unless it was asked for."""

    trials: tuple[Trial, ...]
    next_page_token: PageToken | None = None
    total_count: Annotated[int, Meta(ge=0)] | None = None
