"""Failures as HTTP says them: one table of status codes, one form of answer (RFC 9457)."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from service import errors
from service.logs import log_failure
from service.schemas.problem import PROBLEM_JSON, TYPE, Problem, ProblemError


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
    errors.OlderVersion: Kind(409, "A newer version is stored"),
    errors.TrialNotFound: Kind(404, "Trial not found"),
    errors.Unauthorized: Kind(401, "A writer token is needed", {"www-authenticate": 'Bearer realm="eligo"'}),
    errors.WritesDisabled: Kind(403, "Writing is switched off"),
    errors.DatabaseUnavailable: Kind(503, "The database is not available", RETRY),
    errors.QueryTimedOut: Kind(503, "The database took too long", RETRY),
}
HTTP: dict[int, tuple[str, str, str]] = {
    400: ("bad_request", "The request cannot be read", "the request cannot be read"),
    404: ("no_such_address", "No such address", "nothing is at this address; see `/openapi.json` for what there is"),
    405: ("method_not_allowed", "Method not allowed", "this address does not take this method; see the Allow header"),
    406: ("not_acceptable", "Not acceptable", "the Accept header admits none of the media types answered here"),
    413: ("too_large", "The body is too large", "the body is larger than this service takes"),
    415: ("unsupported_media_type", "Unsupported media type", "the body's Content-Type is not one taken here"),
}
BROKEN = ("internal_error", "The service failed", "the service failed; the log has more under this request's id")


def service_problem(_: Request[None, None, State], error: errors.ServiceError) -> Response[bytes]:
    """A failure we foresaw."""
    kind = next(STATUS[each] for each in type(error).__mro__ if each in STATUS)
    found = tuple(ProblemError(**fault._asdict()) for fault in error.faults)
    return _answer(kind.status, (error.code, kind.title, str(error)), kind.headers, found)


def http_problem(request: Request[None, None, State], error: HTTPException) -> Response[bytes]:
    """A refusal of the framework's: its status and headers, our words. Its own words may repeat the request."""
    if error.status_code not in HTTP:
        return broken_problem(request, error)
    return _answer(error.status_code, HTTP[error.status_code], dict(error.headers or {}))


def broken_problem(_: Request[None, None, State], error: Exception) -> Response[bytes]:
    """We broke: logged without its message, which may hold a patient's facts."""
    log_failure(error)
    return _answer(500, BROKEN, {})


def _answer(
    status: int, words: tuple[str, str, str], headers: Mapping[str, str], found: tuple[ProblemError, ...] = ()
) -> Response[bytes]:
    code, title, detail = words
    problem = Problem(type=TYPE + code, title=title, status=status, code=code, detail=detail, errors=found)
    return Response(msgspec.json.encode(problem), status_code=status, media_type=PROBLEM_JSON, headers=headers)
