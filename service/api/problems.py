"""Failures answered: one form for all (RFC 9457), whoever raised them."""

from collections.abc import Mapping

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import Scope, Send

from service.api.asked.negotiation import Refusal
from service.api.contract.statuses import BROKEN, HTTP, headers_of, problem, problem_of
from service.api.observed.access import note
from service.errors import ServiceError
from service.logs import log_failure
from service.schemas.problem import PROBLEM_JSON, Problem

AnyRequest = Request[None, None, State]


def service_problem(request: AnyRequest, error: ServiceError) -> Response[bytes]:
    """A failure we foresaw."""
    return _answer(request, problem_of(error), headers_of(error))


def http_problem(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """A refusal of the framework's: its status and headers, our words. Its own words may repeat the request."""
    if error.status_code not in HTTP:
        return broken_problem(request, error)
    code, title, canned = HTTP[error.status_code]
    detail = error.detail if isinstance(error, Refusal) else canned
    return _answer(request, problem(error.status_code, code, title, detail), dict(error.headers or {}))


def broken_problem(request: AnyRequest, error: Exception) -> Response[bytes]:
    """We broke."""
    return _answer(request, _broken(error), {})


async def send_problem(scope: Scope, send: Send, error: ServiceError) -> None:
    """Answer ahead of the framework."""
    await _send(scope, send, problem_of(error), headers_of(error))


async def send_broken(scope: Scope, send: Send, error: Exception) -> None:
    """Answer ahead of the framework that we broke."""
    await _send(scope, send, _broken(error), {})


def _broken(error: Exception) -> Problem:
    """Logged without the error's message, which may hold a patient's facts."""
    log_failure(error)
    code, title, detail = BROKEN
    return problem(500, code, title, detail)


async def _send(scope: Scope, send: Send, said: Problem, headers: Mapping[str, str]) -> None:
    note(scope, code=said.code)
    body = msgspec.json.encode(said)
    fields = {"content-type": PROBLEM_JSON, "content-length": str(len(body)), **headers}
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": said.status, "headers": raw})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _answer(request: AnyRequest, said: Problem, headers: Mapping[str, str]) -> Response[bytes]:
    note(request.scope, code=said.code)
    return Response(msgspec.json.encode(said), status_code=said.status, media_type=PROBLEM_JSON, headers=headers)
