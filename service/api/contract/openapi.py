"""The OpenAPI 3.1 document, generated from the table of operations and the Structs."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from service import VERSION
from service import __doc__ as purpose
from service.api.contract.components import components, query_parameters
from service.api.contract.described import HEADERS, answered, problem_examples, refused, schema_of
from service.api.contract.operation import Answer, Body, Operation, Raw
from service.api.contract.operations import OPERATIONS
from service.schemas.problem import Problem

IF_NONE_MATCH: Raw = {
    "name": "If-None-Match",
    "in": "header",
    "description": "an ETag answered before; 304 while it still holds",
    "schema": {"type": "string"},
}
NOT_MODIFIED = Answer("Not changed since the ETag sent.", None, ("ETag",))
EVERY_PROBLEM = (414, 431, 500)
SERVICE = "service"
TAGS = {
    "trials": "the registry: searched, read, written",
    "match": "a patient held against the registry",
    "concepts": "the vocabulary",
    SERVICE: "whether it runs, how it fares, and what it is",
}
SCHEMES: Mapping[str, Raw] = {
    "apiKey": {
        "type": "http", "scheme": "bearer", "bearerFormat": "eligo_…",
        "description": "A key that `python -m service keys create` has shown. A service that only its own machine can "
        "reach, and for which no key was ever made, asks for none.",
    },
    "accessToken": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "An OAuth 2 access token of the configured authorization server, as SMART Backend Services "
        "clients send it. A role is given by the scope `eligo/<role>`; `system/ResearchStudy.rs` gives `reader`, "
        "`system/ResearchSubject.rs` gives `matcher`, `system/ResearchStudy.cu` gives `writer`, `system/*.…` all that "
        "its rights reach.",
    },
}  # fmt: skip


def document() -> dict[str, Any]:
    """The whole document, in a stable order."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Eligo",
            "version": VERSION,
            "description": (purpose or "").partition(": ")[2].capitalize(),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": says} for name, says in TAGS.items()],
        "paths": _paths(),
        "components": {
            "schemas": components(_structs(), _queries()),
            "headers": dict(HEADERS),
            "examples": dict(problem_examples()),
            "securitySchemes": dict(SCHEMES),
        },
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return paths


def _operation(operation: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [_tag(operation)],
        "summary": operation.summary,
        "description": operation.description,
    }
    if parameters := [*query_parameters(operation.query), *_parameters(operation)]:
        said["parameters"] = parameters
    if operation.takes:
        said["requestBody"] = {"required": True, "content": _content(operation.takes)}
    said["responses"] = {
        **{str(status): answered(answer) for status, answer in _answers(operation).items()},
        **{str(status): refused(status) for status in sorted((*operation.failures, *EVERY_PROBLEM))},
    }
    if operation.role:
        said["security"] = [{scheme: [operation.role.value]} for scheme in SCHEMES]
    return said


def _parameters(operation: Operation) -> tuple[Raw, ...]:
    return (*operation.parameters, IF_NONE_MATCH) if operation.tagged else operation.parameters


def _answers(operation: Operation) -> Mapping[int, Answer]:
    if not operation.tagged:
        return operation.answers
    whole = operation.answers[200]
    return {**operation.answers, 200: whole._replace(headers=(*whole.headers, "ETag")), 304: NOT_MODIFIED}


def _tag(operation: Operation) -> str:
    """What the operation is about: the first part of its path where that names things, else the service itself."""
    first = operation.path.split("/")[1]
    return first if first in TAGS else SERVICE


def _content(takes: Mapping[str, Body]) -> dict[str, Any]:
    return {
        media_type: {"schema": _any_of(body.holds), **({"examples": body.examples} if body.examples else {})}
        for media_type, body in takes.items()
    }


def _any_of(schemas: tuple[type[Struct] | Raw, ...]) -> Raw:
    each = [schema_of(schema) for schema in schemas]
    return each[0] if len(each) == 1 else {"anyOf": each}


def _structs() -> tuple[type[Struct], ...]:
    """Every Struct that a body or an answer holds."""
    held: list[type[Struct] | Raw | None] = [Problem]
    for operation in OPERATIONS:
        held += [schema for body in operation.takes.values() for schema in body.holds]
        held += [answer.body for answer in operation.answers.values()]
    return tuple(dict.fromkeys(schema for schema in held if isinstance(schema, type)))


def _queries() -> tuple[type[Struct], ...]:
    """Structs whose members are parameters."""
    return tuple(operation.query for operation in OPERATIONS if operation.query)
