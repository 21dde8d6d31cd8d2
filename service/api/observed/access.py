"""Around every request, matched or not: its id, its trace, its numbers, one log line, and HEAD.

It wraps the whole application because the framework's own middleware does not see addresses that match nothing.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from time import perf_counter
from typing import Any

import msgspec
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.api.asked.extent import overlong
from service.api.contract.operation import OPERATION, Operation
from service.api.observed.metrics import IN_PROGRESS, PROBLEMS, count_answer
from service.api.observed.spans import Answered, Spans
from service.logs import log_event, request_context
from service.meters import Meters
from service.schemas.problem import PROBLEM_JSON, Problem

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
NOTES = "eligo_notes"
STEPS = "eligo_steps"
REQUEST = "eligo_request_id"
DEFAULTS = (
    (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"),
)  # fmt: skip
Field = tuple[bytes, bytes]


def note(scope: Scope, **fields: object) -> None:
    """Add counts or identifiers of trials to the request's log line."""
    scope[NOTES].update(fields)  # type: ignore[literal-required]  # set by Access


@contextmanager
def step(scope: Scope, name: str) -> Iterator[None]:
    """Tell the caller in Server-Timing how long this part took."""
    began = perf_counter()
    try:
        yield
    finally:
        scope[STEPS][name] = _ms_since(began)  # type: ignore[literal-required]  # set by Access


def _ms_since(began: float) -> float:
    return round((perf_counter() - began) * 1000, 2)


class Access:
    """The application behind its gate, with every request accounted for."""

    def __init__(self, app: Litestar, gate: ASGIApp, meters: Meters, spans: Spans) -> None:
        self.app = app
        self._spans = spans
        self._gate = gate
        self._meters = meters
        self._methods = {route.path_format: frozenset(route.methods) for route in app.routes if route.path_format}

    def lifespan(self) -> AbstractAsyncContextManager[None]:
        """Open while the application's own lifespan lasts, for whoever calls it without a server."""
        return self.app.lifespan()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on the lifespan."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, send, self._methods, self._spans)
        request_context({"request_id": exchange.request_id, **exchange.trace.ids})
        self._meters.add(IN_PROGRESS)
        try:
            if (refusal := overlong(exchange.scope)) is not None:
                await exchange.refuse(refusal)
            else:
                await self._gate(exchange.scope, receive, exchange.send)  # type: ignore[arg-type]  # with our two keys
        finally:
            self._meters.add(IN_PROGRESS, by=-1)
            exchange.account(self._meters)


class _Exchange:
    """One request, and what is known of its answer."""

    def __init__(self, scope: Scope, send: Send, methods: Mapping[str, frozenset[str]], spans: Spans) -> None:
        self.scope: dict[str, Any] = {**scope, NOTES: {}, STEPS: {}}
        given = dict(self.scope["headers"])
        self._span = spans.begin(given.get(b"traceparent", b""))
        self.trace = self._span.trace
        self.request_id = _request_id(given.get(b"x-request-id", b"")) or self.trace.trace_id
        self.scope[REQUEST] = self.request_id
        self._method = self.scope["method"]
        self._began = perf_counter()
        self._status = 0
        self._bytes_out = 0
        self._send = send
        self._methods = methods
        if self._method == "HEAD":
            self.scope["method"] = "GET"

    async def send(self, message: Message) -> None:
        """Pass the answer on; to HEAD without its body."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message = {**message, "headers": self._completed(list(message["headers"]))}
        elif message["type"] == "http.response.body":
            self._bytes_out += len(message["body"])
            message = {**message, "body": b""} if self._method == "HEAD" else message
        await self._send(message)

    async def refuse(self, said: Problem) -> None:
        """Answer with the problem, whatever the address and method."""
        self.scope[NOTES]["code"] = said.code
        body = msgspec.json.encode(said)
        headers = [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", b"%d" % len(body))]
        await self.send({"type": "http.response.start", "status": said.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    def _completed(self, fields: list[Field]) -> list[Field]:
        """With the fields that every answer has."""
        steps = {**self.scope[STEPS], "total": _ms_since(self._began)}
        there = {name for name, _ in fields}
        if b"allow" in there:
            fields = [(name, self._allowed(value) if name == b"allow" else value) for name, value in fields]
        return [
            *fields,
            (b"x-request-id", self.request_id.encode()),
            (b"traceparent", self.trace.header.encode()),
            (b"server-timing", ", ".join([f"{name};dur={ms}" for name, ms in steps.items()]).encode()),
            *[default for default in DEFAULTS if default[0] not in there],
        ]

    def _allowed(self, allow: bytes) -> bytes:
        """The methods the framework names, those it forgets for OPTIONS, and HEAD where there is GET."""
        methods = self._methods.get(self.scope.get("path_template", ""), frozenset()) | set(allow.decode().split(", "))
        return ", ".join(sorted({*methods, "HEAD"} if "GET" in methods else methods)).encode()

    def account(self, meters: Meters) -> None:
        """Count it, and write its one line."""
        operation, duration_s = _operation(self.scope), perf_counter() - self._began
        notes = self.scope[NOTES]
        count_answer(meters, operation, self._status, duration_s)
        if "code" in notes:
            meters.add(PROBLEMS, notes["code"])
        self._span.end(Answered(self._method, operation, self._status, notes.get("code")))
        log_event(
            "request",
            method=self._method,
            operation=operation.id if operation else "none",
            status=self._status,
            duration_ms=round(duration_s * 1000, 2),
            bytes_out=self._bytes_out,
            **notes,
        )


def _request_id(given: bytes) -> str | None:
    """The caller's own `X-Request-Id` where it is a plain word."""
    return given.decode() if REQUEST_ID.fullmatch(given) else None


def _operation(scope: dict[str, Any]) -> Operation | None:
    """Never the address itself: a caller may write anything into it."""
    return scope.get(OPERATION)
