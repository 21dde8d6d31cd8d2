"""Read parameters strictly: known names, right types, every fault named."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import inspect as shape

from service.api.faults import faults, listed, suggestion
from service.api.operations import ANY_NCT_ID
from service.errors import Fault, InvalidParameter
from service.schemas.query import TrialQuery
from service.schemas.report import NEAR, NEAR_TEXT, Near

SPLIT = re.compile(r'\s*(?:"([^"]*)"\s*|([^,]*))(?:,|\Z)')
FREE_TEXT = ("q",)
T = TypeVar("T")


def canonical_nct_id(text: str) -> str:
    """`nct04691349`, `NCT4691349` → `NCT04691349`. Raises InvalidParameter for what is no NCT number."""
    if not re.match(ANY_NCT_ID, text, re.ASCII):
        fault = Fault("expected an NCT number, for example `NCT04691349`", parameter="nctId")
        raise InvalidParameter("the address names no NCT number", fault)
    return f"NCT{int(text[3:]):08d}"


def query_pairs(query_string: bytes) -> list[tuple[str, str]]:
    """The parameters as sent. Raises InvalidParameter where the query is not UTF-8."""
    try:
        return parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=2_000)
    except ValueError:
        raise InvalidParameter("the query is not UTF-8, or has too many parameters") from None


def refuse_unknown(pairs: list[tuple[str, str]], known: tuple[str, ...]) -> None:
    """Raises InvalidParameter, with a suggestion when a known name is close."""
    wrong = [
        Fault(f"unknown parameter{suggestion(name, known) or expected(known)}", parameter=name[:100])
        for name, _ in pairs
        if name not in known
    ]
    if wrong:
        raise InvalidParameter("the query has unknown parameters; see `errors`", *wrong)


def expected(known: tuple[str, ...]) -> str:
    """What could have been asked."""
    return f"; expected {listed(known)}" if known else "; none is expected"


def trial_query(query_string: bytes) -> TrialQuery:
    """The search that a query string asks for. Raises InvalidParameter."""
    return _convert(query_pairs(query_string), TrialQuery)


def _convert(pairs: list[tuple[str, str]], wanted: type[T]) -> T:
    readings = _readings(wanted)
    refuse_unknown(pairs, tuple(readings))
    values, wrong = _collect(pairs, readings)
    try:
        if not wrong:
            return msgspec.convert(values, wanted)
    except msgspec.ValidationError:
        wrong = [_of_parameter(fault) for fault in faults(values, wanted)]
    raise InvalidParameter("the query has faults; see `errors`", *wrong) from None


class Reading(NamedTuple):
    """How a parameter is written: as a list, a JSON scalar, a circle; else as text."""

    is_list: bool = False
    is_scalar: bool = False
    is_circle: bool = False
    splits: bool = False


@cache
def _readings(wanted: type) -> Mapping[str, Reading]:
    told = shape.type_info(wanted)
    assert isinstance(told, shape.StructType)
    return {field.encode_name: _reading(field.encode_name, field.type) for field in told.fields}


def _reading(name: str, wanted: shape.Type) -> Reading:
    while isinstance(wanted, shape.Metadata):
        wanted = wanted.type
    if isinstance(wanted, shape.UnionType):
        wanted = next(each for each in wanted.types if not isinstance(each, shape.NoneType))
        return _reading(name, wanted)
    return Reading(
        is_list=isinstance(wanted, shape.VarTupleType),
        is_scalar=isinstance(wanted, shape.FloatType | shape.IntType | shape.BoolType),
        is_circle=isinstance(wanted, shape.StructType) and wanted.cls is Near,
        splits=name not in FREE_TEXT,
    )


def _collect(pairs: list[tuple[str, str]], readings: Mapping[str, Reading]) -> tuple[dict[str, Any], list[Fault]]:
    """Values by name as the Struct takes them, and what is wrong before any type is looked at."""
    values: dict[str, Any] = {}
    wrong: list[Fault] = []
    for name, text in pairs:
        reading = readings[name]
        if reading.is_list:
            values.setdefault(name, []).extend(split(text) if reading.splits else (text,))
        elif name in values:
            wrong.append(Fault("given more than once", parameter=name))
        elif reading.is_circle and not re.search(NEAR, text, re.ASCII):
            wrong.append(Fault(f"expected {NEAR_TEXT.description}, for example `{_EXAMPLE}`", parameter=name))
        else:
            values[name] = _value(text, reading)
    return values, wrong


_EXAMPLE = (NEAR_TEXT.examples or [""])[0]


def split(text: str) -> list[str]:
    """Values between commas; in double quotes a comma belongs to its value. Empty ones between others are nothing."""
    parts = [quoted if quoted is not None else plain.strip() for quoted, plain in _parts(text)]
    return [part for part in parts if part] or [text]


def _parts(text: str) -> list[tuple[str | None, str]]:
    return [(found[1], found[2] or "") for found in SPLIT.finditer(text)]


def _value(text: str, reading: Reading) -> object:
    if reading.is_circle:
        return msgspec.to_builtins(Near.of(text))
    return _scalar(text) if reading.is_scalar else text


def _scalar(text: str) -> object:
    """A JSON number, `true` or `false`; anything else stays the text it is, and is refused later."""
    try:
        value = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, RecursionError):
        return text
    return value if isinstance(value, int | float) and text == text.strip() else text


def _of_parameter(fault: Fault) -> Fault:
    """`/status/0` of the Struct is parameter `status` of the query."""
    return fault._replace(pointer=None, parameter=(fault.pointer or "").split("/")[1])
