"""How the OpenAPI document describes an answer and a failure: in words, by a schema, by its headers, by an example."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from service.api.contract.components import reference
from service.api.contract.operation import Answer, Raw
from service.api.contract.statuses import BROKEN, HTTP, failures, kind_of, problem
from service.schemas.problem import PROBLEM_JSON, Problem

HEADERS: Mapping[str, Raw] = {
    "X-Request-Id": {"description": "id of this request, also in the log", "schema": {"type": "string"}},
    "Server-Timing": {"description": "where the time went, in milliseconds", "schema": {"type": "string"}},
    "ETag": {"description": "names these bytes of the answer", "schema": {"type": "string"}},
    "Traceparent": {"description": "W3C Trace Context: the trace, and our part of it", "schema": {"type": "string"}},
    "Location": {"description": "address to ask instead", "schema": {"type": "string"}},
    "Retry-After": {"description": "seconds to wait before asking again", "schema": {"type": "string"}},
    "RateLimit": {"description": "requests left, and seconds until all are", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "requests of one caller at once, and seconds", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "how to authenticate", "schema": {"type": "string"}},
}
PROBLEM_HEADERS = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After", "RateLimit", "RateLimit-Policy"),
    503: ("Retry-After",),
}
UNFORESEEN = {**HTTP, 500: BROKEN}
EVERY_ANSWER = ("X-Request-Id", "Traceparent", "Server-Timing")


def schema_of(schema: type[Struct] | Raw) -> Raw:
    """A Struct's by its name; any other as it is."""
    return reference(schema) if isinstance(schema, type) else schema


def answered(answer: Answer) -> dict[str, Any]:
    """A response that is no failure."""
    said: dict[str, Any] = {"description": answer.says, "headers": _headers(answer.headers)}
    if answer.body is not None:
        said["content"] = {answer.media_type: {"schema": schema_of(answer.body), **_sample(answer.body)}}
    if answer.links:
        said["links"] = dict(answer.links)
    return said


@cache
def samples() -> Mapping[str, Any]:
    """By the name of its Struct, what an answer looks like; invented."""
    found: dict[str, Any] = msgspec.json.decode(files("service.api.contract").joinpath("samples.json").read_bytes())
    return found


def _sample(body: type[Struct] | Raw) -> Raw:
    name = body.__name__ if isinstance(body, type) else ""
    return {"examples": {"invented": {"value": samples()[name]}}} if name in samples() else {}


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, *EVERY_ANSWER)}


def refused(status: int) -> dict[str, Any]:
    """A problem document, whichever of its codes it carries."""
    told = list(_told(status))
    return {
        "description": "\n\n".join(f"`{each.code}`: {each.detail}" for each in told),
        "headers": _headers(PROBLEM_HEADERS.get(status, ())),
        "content": {
            PROBLEM_JSON: {
                "schema": schema_of(Problem),
                "examples": {each.code: {"$ref": f"#/components/examples/{each.code}"} for each in told},
            }
        },
    }


def problem_examples() -> Iterator[tuple[str, Raw]]:
    """One for each code; a real one's detail speaks of its request."""
    statuses = sorted({*UNFORESEEN, *(kind_of(error).status for error in failures())})
    for each in (each for status in statuses for each in _told(status)):
        yield each.code, {"summary": each.title, "value": msgspec.to_builtins(each)}


def _told(status: int) -> Iterator[Problem]:
    """Every problem that has this status, and what it means."""
    for error in failures():
        if (kind := kind_of(error)).status == status:
            yield problem(status, error.code, kind.title, (error.__doc__ or "").splitlines()[0])
    if status in UNFORESEEN:
        code, title, detail = UNFORESEEN[status]
        yield problem(status, code, title, f"{detail[0].upper()}{detail[1:]}.")
