"""Decode bytes strictly: UTF-8 JSON, of the shape asked for and no other."""

from typing import TypeVar

import msgspec

from service.api.faults import faults
from service.errors import Fault, InvalidBody, MalformedBody

T = TypeVar("T")


def from_json(body: bytes, decoder: msgspec.json.Decoder[T], *, private: bool) -> T:
    """The value. Raises MalformedBody, or InvalidBody with every fault; of a private body nothing is repeated."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as refusal:
        raise _invalid(body, decoder.type, str(refusal), private) from None
    except (UnicodeDecodeError, RecursionError, msgspec.DecodeError) as refusal:
        raise _malformed(refusal) from None


def _invalid(body: bytes, wanted: object, refusal: str, private: bool) -> InvalidBody | MalformedBody:
    try:
        found = faults(msgspec.json.decode(body), wanted, private=private)
    except (UnicodeDecodeError, RecursionError, msgspec.DecodeError) as error:
        return _malformed(error)
    places = found or (Fault("is not acceptable here", pointer=_pointer(refusal)),)
    several = f"{len(places)} faults" if len(places) > 1 else "one fault"
    return InvalidBody(f"the body has {several}; see `errors`", *places)


def _malformed(error: Exception) -> MalformedBody:
    if isinstance(error, UnicodeDecodeError):
        said = "the body is not UTF-8"
    elif isinstance(error, RecursionError):
        said = "the body is nested too deeply"
    else:
        said = f"the body is not JSON: {_where(str(error))}"
    return MalformedBody(said, Fault(said, pointer=""))


def _where(message: str) -> str:
    """The decoder's own words, which name bytes by position only."""
    return message.removeprefix("JSON is malformed: ").replace("Input data was truncated", "it ends too early")


def _pointer(refusal: str) -> str:
    """JSON Pointer of the path that ends a decoder's message, as in ``… - at `$.where.near` ``."""
    _, _, path = refusal.rpartition(" - at `$")
    return path.removesuffix("`").replace(".", "/").replace("[", "/").replace("]", "") if path else ""
