"""One layer around the framework: every request is let through, or answered here.

In this order: which operation, who asks, how often they have asked, the body, whether there is room, and then the
operation itself, for as long as somebody waits for it. Operations that ask for no role pass: probes are answered
however busy the service is.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Receive, Scope, Send

from service.api.contract.operation import OPERATION, Operation
from service.api.contract.operations import LIST_TRIALS, MATCH
from service.api.gate.addresses import ADDRESSES
from service.api.gate.callers import Callers
from service.api.gate.intake import body_of, closing, handed_on, is_small
from service.api.gate.lanes import Lane
from service.api.gate.patience import Patience
from service.api.gate.rates import Rates
from service.api.gate.record import Record
from service.api.observed.access import note
from service.api.problems import send_broken, send_problem
from service.api.record import answer_record, plainly_asked
from service.errors import AuditUnavailable, Forbidden, MatchTimedOut, RequestTimedOut, ServiceError, Unauthorized
from service.schemas.access import Caller
from service.settings import Settings

BODY_LIMIT_BYTES = 10_000_000
NOWHERE = ("unknown", 0)


class Gate:
    """The application, and who may ask it what. Its state holds the `callers` once the store is open."""

    def __init__(self, app: Litestar, settings: Settings, rates: Rates) -> None:
        self.app = app
        self._rates = rates
        self._matches = app.state.matches = Lane(settings.matches_at_once, settings.queue, settings.queue_timeout_s)
        self._others = app.state.others = Lane(settings.requests_at_once, settings.queue, settings.queue_timeout_s)
        self._searches = Lane(settings.searches_at_once, settings.queue, settings.queue_timeout_s, inside=self._others)
        self._bodies = Lane(settings.requests_at_once, settings.queue, settings.queue_timeout_s)
        self._match_s, self._other_s = settings.match_timeout_s, settings.request_timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or say why not."""
        operation = ADDRESSES.operation(str(scope.get("method")), scope["path"])
        scope[OPERATION] = operation  # type: ignore[literal-required]  # ours
        if operation is None or operation.role is None:
            await self.app(scope, receive, closing(scope, send))
            return
        record = Record(self.app.state.audit, operation, scope)
        answer = _Answer(scope, closing(scope, send), record)
        try:
            caller = await self._permitted(scope, operation)
            answer.headers = {} if caller.trusted else self._rates.take(caller.name)
            body = await self._body(operation, scope, receive)
            if operation.takes:
                answer.pass_on = send
            record.take(body)
            lane, patience = self._room(operation, receive)
            async with patience, lane:
                if (nct_id := plainly_asked(operation, scope)) is not None:
                    await answer_record(scope, answer.send, self.app.state.store, nct_id)
                else:
                    await self.app(scope, handed_on(body), answer.send)
        except ServiceError as error:
            if not answer.begun:
                await send_problem(scope, answer.send, error)
        except Exception as error:
            if answer.begun:
                raise
            await send_broken(scope, answer.send, error)

    async def _permitted(self, scope: Scope, operation: Operation) -> Caller:
        """Who asks. Raises Unauthorized, Forbidden and NotLocal; whoever guesses is counted by address."""
        callers: Callers = self.app.state.callers
        try:
            caller = await callers.identify(scope)
        except Unauthorized:
            self._rates.take(f"address {(scope['client'] or NOWHERE)[0]}")
            raise
        note(scope, caller=caller.name)
        if operation.role not in caller.roles:
            assert operation.role is not None
            raise Forbidden(operation.role.value)
        return caller

    async def _body(self, operation: Operation, scope: Scope, receive: Receive) -> bytes:
        """Nothing where the operation takes none. Small ones come as they like, of large ones only so many at once."""
        if not operation.takes:
            return b""
        if is_small(scope["headers"]):
            return await body_of(receive, BODY_LIMIT_BYTES)
        async with self._bodies:
            return await body_of(receive, BODY_LIMIT_BYTES)

    def _room(self, operation: Operation, receive: Receive) -> tuple[Lane, Patience]:
        """Where it waits for its turn, and how long it may take."""
        if operation is MATCH:
            return self._matches, Patience(receive, self._match_s, MatchTimedOut)
        lane = self._searches if operation is LIST_TRIALS else self._others
        return lane, Patience(receive, self._other_s, RequestTimedOut)


class _Answer:
    """What is sent: on record before any of it leaves, and with what the gate has to say in its header."""

    def __init__(self, scope: Scope, send: Send, record: Record) -> None:
        self._scope, self.pass_on, self._record = scope, send, record
        self.headers: Mapping[str, str] = {}
        self.begun = self._withheld = False

    async def send(self, message: Message) -> None:
        """Pass it on; where it cannot be put on record, say that instead."""
        if message["type"] == "http.response.start":
            self.begun = True
            try:
                self._record.write(message["status"])
            except AuditUnavailable as error:
                self._withheld = True
                await send_problem(self._scope, self.pass_on, error)
            more = [(name.encode(), value.encode()) for name, value in self.headers.items()]
            message["headers"] = [*message["headers"], *more]
        if not self._withheld:
            await self.pass_on(message)


async def as_permitted(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Raises 404 where the framework would answer with another operation than the one that was permitted."""
    if handler.opt.get("operation") is not connection.scope.get(OPERATION):
        raise NotFoundException
