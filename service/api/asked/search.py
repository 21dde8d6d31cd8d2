"""The query string of a search as the Struct whose members are its parameters."""

import re
from collections.abc import Callable
from enum import Enum, auto
from functools import cache
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec import inspect as shape

from service.api.asked.faults import faults
from service.api.asked.parameters import query_pairs
from service.errors import Fault, InvalidParameter
from service.schemas.report import NEAR, NEAR_TEXT, Near

Q = TypeVar("Q", bound=Struct)
PART = re.compile(r'\s*(?:"([^"]*)"\s*|([^,]*))(?:,|\Z)')


class Form(Enum):
    """How a parameter's value is written."""

    LIST = auto()
    SCALAR = auto()
    CIRCLE = auto()
    TEXT = auto()


def search_of(query_string: bytes, wanted: type[Q]) -> Q:
    """The search asked for, its names known already. Raises InvalidParameter with every fault."""
    values: dict[str, object] = {}
    wrong: list[Fault] = []
    forms = _forms(wanted)
    for name, text in query_pairs(query_string):
        if forms[name] is Form.LIST:
            values[name] = [*values.get(name, []), *([text] if name == "q" else split(text))]  # type: ignore[misc]  # a list
        elif name in values:
            wrong.append(Fault("given more than once", parameter=name))
        else:
            values[name] = READERS[forms[name]](text)
    wrong += [_of_parameter(fault) for fault in faults(values, wanted, private=False)]
    if wrong:
        raise InvalidParameter("the query has faults; see `errors`", *wrong)
    return msgspec.convert(values, wanted)


def split(text: str) -> list[str]:
    """Values between commas; in double quotes a comma belongs to its value. Empty ones between others are nothing."""
    parts = [found[1] if found[1] is not None else found[2].strip() for found in PART.finditer(text)]
    return [part for part in parts if part] or [text]


def _scalar(text: str) -> object:
    """A JSON number, `true` or `false`; anything else stays the text it is, and is refused as that."""
    try:
        value = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, RecursionError):
        return text
    return value if isinstance(value, int | float) and text == text.strip() else text


def _circle(text: str) -> object:
    return msgspec.to_builtins(Near.of(text)) if re.search(NEAR, text) else text


def _form(wanted: shape.Type) -> Form:
    if isinstance(wanted, shape.Metadata):
        return _form(wanted.type)
    if isinstance(wanted, shape.UnionType):
        return _form(next(each for each in wanted.types if not isinstance(each, shape.NoneType)))
    if isinstance(wanted, shape.FloatType | shape.IntType | shape.BoolType):
        return Form.SCALAR
    return {shape.VarTupleType: Form.LIST, shape.StructType: Form.CIRCLE}.get(type(wanted), Form.TEXT)


@cache
def _forms(wanted: type[Struct]) -> dict[str, Form]:
    told = shape.type_info(wanted)
    assert isinstance(told, shape.StructType)
    return {field.encode_name: _form(field.type) for field in told.fields}


def _of_parameter(fault: Fault) -> Fault:
    """`/status/0` of the Struct is parameter `status` of the query; what the Struct lacks is one that is not given."""
    if not fault.pointer:
        return Fault("is required", parameter=fault.detail.split("`")[1])
    name = fault.pointer.split("/")[1]
    said = f"expected {NEAR_TEXT.description}, for example `48.1,11.6,50`" if name == "near" else fault.detail
    return Fault(said, parameter=name)


READERS: dict[Form, Callable[[str], object]] = {Form.SCALAR: _scalar, Form.CIRCLE: _circle, Form.TEXT: str}
