"""One layer around the framework: every request is let through, or answered here."""

from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.types import Receive, Scope, Send

from service.api.access import note
from service.api.gate.addresses import ADDRESSES
from service.api.gate.callers import Callers
from service.api.operation import OPERATION, Operation
from service.api.problems import send_problem
from service.api.statuses import kind_of, problem_of
from service.errors import Forbidden, ServiceError
from service.schemas.access import Caller


class Gate:
    """The application, and who may ask it what. Its state holds the `callers` once the store is open."""

    def __init__(self, app: Litestar) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or say why not."""
        operation = ADDRESSES.operation(str(scope.get("method")), scope["path"])
        scope[OPERATION] = operation  # type: ignore[literal-required]  # ours
        try:
            if operation is not None and operation.role is not None:
                note(scope, caller=(await self._permitted(scope, operation)).name)
        except ServiceError as error:
            await send_problem(scope, send, problem_of(error), kind_of(type(error)).headers)
            return
        await self.app(scope, receive, send)

    async def _permitted(self, scope: Scope, operation: Operation) -> Caller:
        callers: Callers = self.app.state.callers
        caller = await callers.identify(scope)
        if operation.role not in caller.roles:
            assert operation.role is not None
            raise Forbidden(operation.role.value)
        return caller


def as_permitted(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Raises 404 where the framework would answer with another operation than the one that was permitted."""
    if handler.opt.get("operation") is not connection.scope.get(OPERATION):
        raise NotFoundException
