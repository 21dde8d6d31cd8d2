"""The document says what the service does, and is the one that is committed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from msgspec import inspect as shape

from service import VERSION
from service.api.answers import ENCODER
from service.api.contract.described import samples
from service.api.contract.openapi import document
from service.api.contract.operations import OPERATIONS
from service.api.routes import ROUTES

ROOT = Path(__file__).parents[2]


async def test_the_committed_document_is_the_one_that_is_served(api: httpx.AsyncClient) -> None:
    """Stale? `make openapi`."""
    committed = (ROOT / "openapi" / "openapi.json").read_bytes()
    assert msgspec.json.decode(committed) == (await api.get("/openapi.json")).json()


def test_the_version_is_the_projects() -> None:
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text()


def test_every_operation_has_a_handler_at_its_address() -> None:
    handled = {
        (operation.id, method, operation.path)
        for handler in ROUTES
        if (operation := handler.opt.get("operation"))
        for method, path in zip(handler.http_methods, handler.paths, strict=True)
        if re.sub(r"\{(\w+):str\}", r"{\1}", path).replace("nct_id", "nctId") == operation.path
    }
    assert handled == {(operation.id, operation.method, operation.path) for operation in OPERATIONS}


def test_names_of_schemas_are_plain_words() -> None:
    """Two Structs of one name would be told apart by their modules, and generated clients lose both."""
    assert [name for name in document()["components"]["schemas"] if not re.fullmatch("[A-Za-z0-9]+", name)] == []


@pytest.mark.parametrize("name", samples())
def test_a_sample_is_an_answer(name: str) -> None:
    """As the service writes it, to the last member."""
    (body,) = {
        answer.body
        for operation in OPERATIONS
        for answer in operation.answers.values()
        if isinstance(answer.body, type) and answer.body.__name__ == name
    }
    sample = samples()[name]
    assert msgspec.json.decode(ENCODER.encode(msgspec.convert(sample, body))) == sample


def test_every_answer_has_a_sample() -> None:
    bodies = [answer.body for operation in OPERATIONS for answer in operation.answers.values()]
    assert {body.__name__ for body in bodies if isinstance(body, type)} == samples().keys()


def test_every_reference_leads_somewhere() -> None:
    whole = document()
    for reference in _references(whole):
        place: Any = whole
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)


def test_no_type_is_one_that_crashes_the_decoder() -> None:
    """Msgspec 0.22: a union of a string with a pattern and an array or object breaks garbage collection."""
    bodies = [struct for operation in OPERATIONS for body in operation.takes.values() for struct in body.holds]
    structs = [struct for struct in (*bodies, *(each.query for each in OPERATIONS)) if isinstance(struct, type)]
    unions = [union for struct in structs for union in _unions(shape.type_info(struct), set())]
    assert unions
    for union in unions:
        parts = [_bare(part) for part in union.types]
        patterned = any(isinstance(part, shape.StrType) and part.pattern for part in parts)
        assert not (patterned and any(isinstance(part, shape.VarTupleType | shape.DictType) for part in parts))


def _bare(part: shape.Type) -> shape.Type:
    return _bare(part.type) if isinstance(part, shape.Metadata) else part


def _unions(part: shape.Type, seen: set[type]) -> Iterator[shape.UnionType]:
    bare = _bare(part)
    if isinstance(bare, shape.UnionType):
        yield bare
        inner = list(bare.types)
    elif isinstance(bare, shape.StructType) and bare.cls not in seen:
        seen.add(bare.cls)
        inner = [field.type for field in bare.fields]
    else:
        inner = [bare.item_type] if isinstance(bare, shape.VarTupleType) else []
    for each in inner:
        yield from _unions(each, seen)
