"""Every failure we foresee: its status code and title, and its form on the wire. No framework here."""

from collections.abc import Mapping
from typing import NamedTuple

from service import errors
from service.schemas.problem import TYPE, Problem, ProblemError


class Kind(NamedTuple):
    """Status and title of a kind of failure, and the headers that go with it."""

    status: int
    title: str
    headers: Mapping[str, str] = {}


RETRY = {"retry-after": "2"}
STATUS: dict[type[errors.ServiceError], Kind] = {
    errors.InvalidParameter: Kind(400, "Invalid parameter"),
    errors.InvalidPageToken: Kind(400, "Invalid page token"),
    errors.UnknownSource: Kind(400, "Unknown source"),
    errors.MalformedBody: Kind(400, "The body cannot be read"),
    errors.InvalidBody: Kind(422, "The body has another shape than asked for"),
    errors.UnreadableDocument: Kind(422, "The document cannot be read"),
    errors.NctIdMismatch: Kind(409, "The record is of another trial"),
    errors.PreconditionFailed: Kind(412, "The trial is another by now"),
    errors.OlderVersion: Kind(409, "A newer version is stored"),
    errors.TrialNotFound: Kind(404, "Trial not found"),
    errors.VersionNotFound: Kind(404, "Version not found"),
    errors.ConceptNotFound: Kind(404, "Concept not found"),
    errors.Unauthorized: Kind(401, "Who asks is not known", {"www-authenticate": 'Bearer realm="eligo"'}),
    errors.Forbidden: Kind(
        403, "Not allowed", {"www-authenticate": 'Bearer realm="eligo", error="insufficient_scope"'}
    ),
    errors.NotLocal: Kind(403, "Only this machine is served"),
    errors.TokenKeysUnavailable: Kind(503, "Access tokens cannot be verified", RETRY),
    errors.DatabaseUnavailable: Kind(503, "The database is not available", RETRY),
    errors.QueryTimedOut: Kind(503, "The database took too long", RETRY),
    errors.RequestTimedOut: Kind(503, "The request took too long", RETRY),
    errors.AuditUnavailable: Kind(503, "The audit log cannot be written", RETRY),
    errors.Overloaded: Kind(503, "Too much to do", RETRY),
    errors.RateLimited: Kind(429, "Too many requests"),
    errors.BodyTooLarge: Kind(413, "The body is too large"),
    errors.BodyTimedOut: Kind(408, "The body did not come"),
    errors.CallerLeft: Kind(499, "The caller left"),  # as other servers log it; nobody reads the answer
    errors.MatchTimedOut: Kind(503, "The match took too long", RETRY),
}
HTTP: dict[int, tuple[str, str, str]] = {
    400: ("bad_request", "The request cannot be read", "the request cannot be read"),
    404: ("no_such_address", "No such address", "nothing is at this address; see `/openapi.json` for what there is"),
    405: ("method_not_allowed", "Method not allowed", "this address does not take this method; see the Allow header"),
    406: ("not_acceptable", "Not acceptable", "the Accept header admits none of the media types answered here"),
    414: (
        "address_too_long",
        "The address is too long",
        "path and query are longer than 16 KiB; POST /match takes more",
    ),
    415: ("unsupported_media_type", "Unsupported media type", "the body's Content-Type is not one taken here"),
    431: ("header_too_large", "The header is too large", "the fields of the request's header are longer than 32 KiB"),
}
BROKEN = ("internal_error", "The service failed", "the service failed; the log has more under this request's id")


def kind_of(error: type[errors.ServiceError]) -> Kind:
    """By the failure's own class, or the nearest above it."""
    return next(STATUS[each] for each in error.__mro__ if each in STATUS)


def headers_of(error: errors.ServiceError) -> Mapping[str, str]:
    """Of its kind, and of its own."""
    return {**kind_of(type(error)).headers, **error.headers}


def failures() -> tuple[type[errors.ServiceError], ...]:
    """Every failure that a request can cause, in the order of the table."""
    return tuple(
        each for known in STATUS for each in (known, *known.__subclasses__()) if each is known or each not in STATUS
    )


def problem_of(error: errors.ServiceError) -> Problem:
    """The failure as RFC 9457 writes it."""
    kind = kind_of(type(error))
    found = tuple(ProblemError(**fault._asdict()) for fault in error.faults)
    return problem(kind.status, error.code, kind.title, str(error), found)


def problem(status: int, code: str, title: str, detail: str, found: tuple[ProblemError, ...] = ()) -> Problem:
    """With the type's URI made of its code."""
    return Problem(type=TYPE + code, title=title, status=status, code=code, detail=detail, errors=found)
