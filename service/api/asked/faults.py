"""Everything wrong with a decoded JSON value, each fault at its JSON Pointer, in our words.

The decoder stops at the first fault and repeats what was sent; a caller needs them all, and a patient's facts must not
come back. So a value that was refused is walked once more against the same Structs. Of a private value only names that
the contract itself uses are said.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import NamedTuple

from msgspec import inspect as shape

from service.errors import Fault

LIMIT = 20
NAMES_LISTED = 20
Told = Mapping[str, object]


class At(NamedTuple):
    """A JSON Pointer, and whether what stands there may be repeated."""

    pointer: str
    private: bool

    def __truediv__(self, name: object) -> "At":
        """The place of a member or item."""
        return self._replace(pointer=f"{self.pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")

    def fault(self, detail: str) -> Fault:
        """What is wrong here."""
        return Fault(detail, pointer=self.pointer)


def faults(value: object, wanted: object, *, private: bool = True) -> tuple[Fault, ...]:
    """At most `LIMIT` faults, in the order of the value; none when it fits."""
    return tuple(islice(_walk(value, _shape_of(wanted), At("", private), {}), LIMIT))


def suggestion(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """`; did you mean …?` when a known name is close, however it is cased or joined; else nothing."""
    plain = {_plain(each): each for each in known}
    close = get_close_matches(_plain(name), plain, n=1, cutoff=0.75)
    return f"; did you mean `{plain[close[0]]}`?" if close else ""


def listed(names: tuple[str, ...]) -> str:
    """The names in backticks."""
    return ", ".join(f"`{name}`" for name in names)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


@cache
def _shape_of(wanted: object) -> shape.Type:
    return shape.type_info(wanted)


def _walk(value: object, wanted: shape.Type, at: At, told: Told) -> Iterator[Fault]:
    """`told` is what the schema says of the wanted shape in words."""
    if isinstance(wanted, shape.Metadata):
        yield from _walk(value, wanted.type, at, wanted.extra_json_schema or {})
    elif isinstance(wanted, shape.UnionType):
        yield from _union(value, wanted, at, told)
    elif isinstance(wanted, shape.StructType):
        yield from _struct(value, wanted, at)
    elif isinstance(wanted, shape.VarTupleType):
        yield from _list(value, wanted, at)
    elif isinstance(wanted, shape.DictType):
        yield from _dict(value, wanted, at)
    elif said := LEAVES[type(wanted)](value, wanted, told):
        yield at.fault(said)


def _union(value: object, wanted: shape.UnionType, at: At, told: Told) -> Iterator[Fault]:
    """Walk the one alternative that is written as the value's JSON type."""
    several = [each for each in wanted.types if not isinstance(each, shape.NoneType)]
    if value is None and len(several) < len(wanted.types):
        return
    fitting = [each for each in several if isinstance(value, _written_as(each))]
    yield from _walk(value, (fitting or several)[0], at, told)


def _written_as(wanted: shape.Type) -> type:
    if isinstance(wanted, shape.Metadata):
        return _written_as(wanted.type)
    return {shape.StructType: dict, shape.DictType: dict, shape.VarTupleType: list}.get(type(wanted), str)


def _struct(value: object, wanted: shape.StructType, at: At) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield at.fault("expected an object")
        return
    members = {field.encode_name: field for field in wanted.fields}
    for name, part in value.items():
        if name in members:
            yield from _walk(part, members[name].type, at / name, {})
        elif wanted.forbid_unknown_fields:
            yield _unknown(name, tuple(members), at)
    for name, field in members.items():
        if field.required and name not in value:
            yield at.fault(f"lacks the required member `{name}`")


def _unknown(name: str, known: tuple[str, ...], at: At) -> Fault:
    hint = suggestion(name, known) or (f"; expected {listed(known)}" if len(known) <= NAMES_LISTED else "")
    return at.fault(f"has an unknown member{hint}") if at.private else (at / name).fault(f"unknown member{hint}")


def _list(value: object, wanted: shape.VarTupleType, at: At) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield at.fault("expected an array")
        return
    yield from _size(len(value), wanted.min_length, wanted.max_length, "items", at)
    for position, part in enumerate(value):
        yield from _walk(part, wanted.item_type, at / position, {})


def _dict(value: object, wanted: shape.DictType, at: At) -> Iterator[Fault]:
    """A member's name is the caller's own, so the object itself is the place."""
    if not isinstance(value, dict):
        yield at.fault("expected an object")
        return
    yield from _size(len(value), wanted.min_length, wanted.max_length, "members", at)
    for name, part in value.items():
        wrong_names = _walk(name, wanted.key_type, at, {})
        yield from (at.fault(f"has a member whose name is wrong: {wrong.detail}") for wrong in wrong_names)
        wrong_values = _walk(part, wanted.value_type, at, {})
        yield from (at.fault(f"has a member whose value is wrong: {wrong.detail}") for wrong in wrong_values)


def _size(size: int, low: int | None, high: int | None, what: str, at: At) -> Iterator[Fault]:
    if low is not None and size < low:
        yield at.fault(f"expected at least {low} {what}" if low > 1 else "expected not to be empty")
    if high is not None and size > high:
        yield at.fault(f"expected at most {high} {what}")


def _enum(value: object, wanted: shape.EnumType, _: Told) -> str | None:
    names = tuple(member.value for member in wanted.cls)
    return None if value in names else _one_of(value, names)


def _one_of(value: object, names: tuple[str, ...]) -> str:
    return f"expected one of {listed(names)}{suggestion(value, names) if isinstance(value, str) else ''}"


def _string(value: object, wanted: shape.StrType, told: Told) -> str | None:
    if not isinstance(value, str):
        return "expected a string"
    if wanted.min_length is not None and len(value) < wanted.min_length:
        return f"expected at least {wanted.min_length} character{'s' if wanted.min_length > 1 else ''}"
    if wanted.max_length is not None and len(value) > wanted.max_length:
        return f"expected at most {wanted.max_length} characters"
    pattern = wanted.pattern or told.get("pattern")
    if not isinstance(pattern, str) or re.search(pattern, value):
        return None
    names = told.get("enum")
    return _one_of(value, tuple(names)) if isinstance(names, list) else _in_words(pattern, told)


def _in_words(pattern: str, told: Told) -> str:
    examples = told.get("examples")
    example = f", for example `{examples[0]}`" if isinstance(examples, list) else ""
    return f"expected {told.get('description', f'text that matches `{pattern}`')}{example}"


def _number(value: object, wanted: shape.FloatType | shape.IntType, _: Told) -> str | None:
    whole = isinstance(wanted, shape.IntType)
    kind = "a whole number" if whole else "a number"
    if not isinstance(value, int | float) or isinstance(value, bool) or (whole and value != int(value)):
        return f"expected {kind}"
    stated = [(limit, word, held) for limit, word, held in _bounds(wanted, value) if limit is not None]
    if all(held for _, _, held in stated):
        return None
    return f"expected {kind} " + " and ".join(f"{word} {limit:g}" for limit, word, _ in stated)


def _bounds(wanted: shape.FloatType | shape.IntType, value: float) -> tuple[tuple[float | None, str, bool], ...]:
    """Each end, its words, and whether the number keeps it."""
    low, above, high, below = wanted.ge, wanted.gt, wanted.le, wanted.lt
    return (
        (low, "at least", low is None or value >= low),
        (above, "above", above is None or value > above),
        (high, "at most", high is None or value <= high),
        (below, "below", below is None or value < below),
    )


def _bool(value: object, _: shape.BoolType, __: Told) -> str | None:
    return None if isinstance(value, bool) else "expected `true` or `false`"


def _date(value: object, _: shape.DateType, __: Told) -> str | None:
    try:
        date.fromisoformat(value if isinstance(value, str) and len(value) == len("2026-01-31") else "")
    except ValueError:
        return "expected a date, for example `2026-01-31`"
    return None


def _any(_: object, __: shape.AnyType, ___: Told) -> None:
    return None


def _null(value: object, _: shape.NoneType, __: Told) -> str | None:
    return None if value is None else "expected null"


LEAVES: dict[type[shape.Type], Callable[..., str | None]] = {
    shape.EnumType: _enum,
    shape.StrType: _string,
    shape.FloatType: _number,
    shape.IntType: _number,
    shape.BoolType: _bool,
    shape.DateType: _date,
    shape.NoneType: _null,
    shape.AnyType: _any,
}
