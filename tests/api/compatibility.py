"""What of one OpenAPI document another takes away: differences that can break a caller who wrote to the first.

What is sent: everything that was taken must still be taken. What is answered: whatever comes must be what could come
before, save that objects may have more members. Schemas are compared by the keywords that the Structs' schemas use.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
SAME = ("pattern", "format")
METHODS = ("get", "put", "post", "delete", "patch")


class Side(NamedTuple):
    """A schema and the document it stands in."""

    document: Schema
    schema: Schema

    def __truediv__(self, name: str) -> "Side":
        """A part of the schema; anything goes where it says nothing."""
        part = self.schema.get(name, {})
        return Side(self.document, part if isinstance(part, dict) else {})

    @property
    def name(self) -> str:
        """Of the component it refers to."""
        return str(self.schema.get("$ref", "")).rpartition("/")[2]

    @property
    def resolved(self) -> "Side":
        """The component itself."""
        return Side(self.document, self.document["components"]["schemas"][self.name]) if self.name else self

    @property
    def alternatives(self) -> list["Side"]:
        """Each of several schemas, or the one."""
        return [Side(self.document, each) for each in self.schema.get("anyOf", [self.schema])]

    @property
    def kind(self) -> object:
        """What tells alternatives apart."""
        return self.name or str(self.schema.get("type"))


def breaking(old: Schema, new: Schema) -> list[str]:
    """A line for each difference, in the order of the old document."""
    return list(dict.fromkeys(_paths(old, new)))


def _paths(old: Schema, new: Schema) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method in (each for each in METHODS if each in methods):
            where = f"{method.upper()} {path}"
            if (now := new["paths"].get(path, {}).get(method)) is None:
                yield f"{where}: gone"
            else:
                yield from _operation(Side(old, methods[method]), Side(new, now), where)


def _operation(old: Side, new: Side, where: str) -> Iterator[str]:
    if new.schema.get("security", []) != old.schema.get("security", []):
        yield f"{where}: asks for other credentials"
    yield from _parameters(old, new, where)
    yield from _contents(old / "requestBody", new / "requestBody", f"{where} body", Comparison(sent=True))
    for status, answer in old.schema["responses"].items():
        if status in new.schema["responses"]:
            now = Side(new.document, new.schema["responses"][status])
            yield from _contents(Side(old.document, answer), now, f"{where} {status}", Comparison(sent=False))
        elif int(status) < 400:
            yield f"{where} {status}: gone"


def _parameters(old: Side, new: Side, where: str) -> Iterator[str]:
    before, now = ({each["name"]: each for each in side.schema.get("parameters", [])} for side in (old, new))
    for name, parameter in before.items():
        if name in now:
            sides = (Side(old.document, parameter["schema"]), Side(new.document, now[name]["schema"]))
            yield from Comparison(sent=True).faults(*sides, f"{where} {name}")
        else:
            yield f"{where} {name}: gone"
    yield from (
        f"{where} {name}: required now"
        for name, parameter in now.items()
        if parameter.get("required") and not before.get(name, {}).get("required")
    )


def _contents(old: Side, new: Side, where: str, comparison: "Comparison") -> Iterator[str]:
    for media_type in (old / "content").schema:
        if media_type not in (new / "content").schema:
            yield f"{where} {media_type}: gone"
        else:
            before, now = (side / "content" / media_type / "schema" for side in (old, new))
            yield from comparison.faults(before, now, where)


def _may_fit(small: Side, big: Side) -> bool:
    """Whether the two are of one kind, or the big one takes anything."""
    return big.kind in (small.kind, "None")


class Comparison:
    """Of schemas, one way; components that refer to each other in a circle are compared once."""

    def __init__(self, *, sent: bool) -> None:
        self.sent = sent
        self._seen: set[str] = set()

    def faults(self, old: Side, new: Side, where: str) -> Iterator[str]:
        """Of what one side may hold, what the other cannot."""
        small, big = (old, new) if self.sent else (new, old)
        if self.sent and "default" in old.schema and old.schema["default"] != new.schema.get("default"):
            yield f"{where}: another default"
        renamed = bool(small.name and big.name)
        for each in small.alternatives:
            fitting = [other for other in big.alternatives if renamed or _may_fit(each, other)]
            if not fitting:
                yield f"{where}: {each.kind} {'is no longer taken' if self.sent else 'was never answered'}"
            else:
                yield from self._one(each, fitting[0], where)

    def _one(self, small: Side, big: Side, where: str) -> Iterator[str]:
        old, new = (small, big) if self.sent else (big, small)
        if small.name:
            if small.name not in self._seen:
                self._seen.add(small.name)
                yield from self.faults(old.resolved, new.resolved, small.name)
            return
        yield from _values(small.schema, big.schema, where)
        yield from self._parts(old, new, where)
        required, demanded = (set(side.schema.get("required", [])) for side in (small, big))
        for name in sorted(demanded - required):
            yield f"{where}.{name}: {'required now' if self.sent else 'may be absent now'}"

    def _parts(self, old: Side, new: Side, where: str) -> Iterator[str]:
        for name in (old / "properties").schema:
            if name not in (new / "properties").schema:
                yield f"{where}.{name}: gone"
            else:
                yield from self.faults(old / "properties" / name, new / "properties" / name, f"{where}.{name}")
        for part in ("items", "additionalProperties", "propertyNames"):
            if isinstance(old.schema.get(part), dict) and isinstance(new.schema.get(part), dict):
                yield from self.faults(old / part, new / part, f"{where}[]")


def _values(small: Schema, big: Schema, where: str) -> Iterator[str]:
    """Plain values that the small schema lets through and the big one does not."""
    if "enum" in big and (more := [str(each) for each in small.get("enum", ["anything"]) if each not in big["enum"]]):
        yield f"{where}: other values: {', '.join(more)}"
    for word in LEAST:
        if word in big and small.get(word, float("-inf")) < big[word]:
            yield f"{where}: {word} {big[word]}"
    for word in MOST:
        if word in big and small.get(word, float("inf")) > big[word]:
            yield f"{where}: {word} {big[word]}"
    for word in SAME:
        if word in big and small.get(word) != big[word]:
            yield f"{where}: another {word}"
