"""What went wrong with a request, as RFC 9457 writes it."""

from typing import Annotated

from msgspec import Meta, Struct

PROBLEM_JSON = "application/problem+json"
TYPE = "urn:eligo:problem:"


class ProblemError(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One fault and its place: a JSON Pointer into the body, a parameter, or a line of the page sent (from 1)."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None
    line: Annotated[int, Meta(ge=1)] | None = None


class Problem(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """`code` is stable and for programs, `title` says the same in words, `detail` speaks of this request."""

    type: Annotated[str, Meta(description="URI of the kind of problem", examples=["urn:eligo:problem:trial_not_found"])]
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    code: Annotated[str, Meta(pattern="^[a-z][a-z_]*$", examples=["trial_not_found"])]
    detail: str
    errors: tuple[ProblemError, ...] = ()
