"""JSON Schemas of the Structs as the OpenAPI document shows them: wire names, one name for the expression tree."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from service.schemas.expression import Expression
from service.schemas.report import NEAR_TEXT

REF = "#/components/schemas/{name}"
EXPRESSION = "Expression"
SNAKE_IN_BACKTICKS = re.compile(r"`([a-z]+(?:_[a-z]+)+)`")
Schema = dict[str, Any]


def reference(struct: type[Struct]) -> Schema:
    """Points at a Struct's schema."""
    return {"$ref": REF.format(name=struct.__name__)}


def components(structs: tuple[type[Struct], ...], queries: tuple[type[Struct], ...] = ()) -> dict[str, Schema]:
    """The schema of every Struct named and of everything in them, by name; of queries only what is in them."""
    (tree, *_), schemas = msgspec.json.schema_components([Expression, *structs, *queries], ref_template=REF)
    schemas = {name: schema for name, schema in schemas.items() if name not in {each.__name__ for each in queries}}
    named = {name: _in_wire_names(_with(schema, tree), _members(schemas)) for name, schema in schemas.items()}
    named[EXPRESSION] = {"description": "A sentence in executable form: connectives over typed leaves.", **tree}
    return dict(sorted(named.items()))


def _with(schema: Any, tree: Schema) -> Any:
    """The schema with every copy of the expression's alternatives replaced by a reference to it."""
    if isinstance(schema, list):
        return [_with(part, tree) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "discriminator" in schema and schema["anyOf"][: len(tree["anyOf"])] == tree["anyOf"]:
        return _tree_or_null(schema)
    return {name: _with(part, tree) for name, part in schema.items()}


def _tree_or_null(schema: Schema) -> Schema:
    whole = {"$ref": REF.format(name=EXPRESSION)}
    return {"anyOf": [whole, {"type": "null"}], "default": None} if {"type": "null"} in schema["anyOf"] else whole


def _members(schemas: Mapping[str, Schema]) -> frozenset[str]:
    return frozenset(name for schema in schemas.values() for name in schema.get("properties", {}))


def _in_wire_names(schema: Schema, members: frozenset[str]) -> Schema:
    """Docstrings speak of `as_of`; on the wire that member is `asOf`."""
    if "description" not in schema:
        return schema

    def wired(found: re.Match[str]) -> str:
        camel = re.sub(r"_([a-z])", lambda letter: letter[1].upper(), found[1])
        return f"`{camel}`" if camel in members else found[0]

    prose = re.sub(r"\n[ \t]+", "\n", schema["description"])
    return {**schema, "description": SNAKE_IN_BACKTICKS.sub(wired, prose)}


def query_parameters(query: type[Struct] | None) -> Iterator[Schema]:
    """One parameter a member of the Struct; a list is written as repeated values."""
    if query is None:
        return
    whole = components((query,))[query.__name__]
    for name, schema in whole["properties"].items():
        said = _parameter(name, _circle() if name == "near" else _without_null(schema))
        yield {**said, "required": True} if name in whole.get("required", ()) else said


def _circle() -> Schema:
    return {"type": "string", "pattern": NEAR_TEXT.pattern, "description": NEAR_TEXT.description,
            "examples": NEAR_TEXT.examples}  # fmt: skip


def _without_null(schema: Schema) -> Schema:
    """A parameter that is not given is left out, never null."""
    kept = {name: part for name, part in schema.items() if name != "default" or part not in (None, (), [])}
    if "anyOf" in kept:
        kept.update(next(part for part in kept.pop("anyOf") if part != {"type": "null"}))
    return kept


def _parameter(name: str, schema: Schema) -> Schema:
    schema = dict(schema)
    said: Schema = {"name": name, "in": "query"}
    if description := schema.pop("description", None):
        said["description"] = description
    if examples := schema.pop("examples", None):
        said["examples"] = {"example": {"value": examples[0]}}
    return {**said, "schema": schema}
