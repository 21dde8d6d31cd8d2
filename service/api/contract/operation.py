"""What an operation is: what it takes, what it gives, who may ask for it, how it can fail."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from service.schemas.access import Role

JSON = "application/json"
TEXT = "text/plain"
OPERATION = "eligo_operation"
"""Where a request's scope holds its operation, once the gate has told it."""
GATE, INTAKE = (401, 403, 429, 503), (408, 413)
Raw = Mapping[str, Any]


class Body(NamedTuple):
    """A media type that an operation takes: the Structs or raw schemas it may hold, and examples."""

    holds: tuple[type[Struct] | Raw, ...]
    examples: Raw


class Answer(NamedTuple):
    """What an operation gives with one status code; `headers` are promised, `links` lead on."""

    says: str
    body: type[Struct] | Raw | None
    headers: tuple[str, ...] = ()
    links: Raw = {}
    media_type: str = JSON


class Operation(NamedTuple):
    """`problems` are the status codes of failures; `query` is a Struct whose members are parameters.

    `role` is asked for; None: of nobody.
    `tagged`: the answer has an ETag, and to If-None-Match with that ETag it is 304.
    """

    id: str
    method: str
    path: str
    summary: str
    description: str
    answers: Mapping[int, Answer]
    role: Role | None = Role.READER
    problems: tuple[int, ...] = (400, 406)
    parameters: tuple[Raw, ...] = ()
    query: type[Struct] | None = None
    takes: Mapping[str, Body] = {}
    tagged: bool = False

    @property
    def failures(self) -> tuple[int, ...]:
        """Status codes of every failure, those of the gate among them."""
        return tuple(sorted({*self.problems, *(GATE if self.role else ()), *(INTAKE if self.takes else ())}))

    @property
    def gives(self) -> str:
        """The media type of what it answers."""
        return next(iter(self.answers.values())).media_type

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """What a query string may hold."""
        of_struct = tuple(self.query.__struct_encode_fields__) if self.query else ()
        return of_struct + tuple(each["name"] for each in self.parameters if each["in"] == "query")


def opt(operation: Operation) -> dict[str, Any]:
    """What a handler carries so that the guard and the log know its operation."""
    return {"operation": operation}
