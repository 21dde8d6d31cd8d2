"""JSON in: decoded into a Struct, or an error that names the line, the column or the JSON Pointer."""

import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from service.errors import Fault, UnreadableDocument

T = TypeVar("T")
PLACE = re.compile(r" - at `(?:key in )?\$(?P<path>.*)`$")
BYTE = re.compile(r" \(byte (\d+)\)")


class ApiPage(msgspec.Struct, frozen=True):
    """The envelope of a page of the registry's search."""

    studies: tuple[msgspec.Raw, ...]


def decode(text: str, kind: type[T]) -> T:
    """Strict: a member of another type is refused, with its place."""
    document = text.removeprefix("\ufeff").encode()
    try:
        return msgspec.json.decode(document, type=kind)
    except msgspec.ValidationError as error:
        raise misfit(str(error)) from error
    except msgspec.DecodeError as error:
        raise _malformed(document, error) from error
    except RecursionError as error:
        raise UnreadableDocument("this JSON is nested too deep to be a trial") from error


def misfit(message: str) -> UnreadableDocument:
    """Read `Expected … - at `$.a.b`` as msgspec says it, with the place as a JSON Pointer."""
    found = PLACE.search(message)
    detail = message[: found.start()] if found else message
    detail = detail[0].lower() + detail[1:]
    pointer = re.sub(r"\[(\d+)\]", r".\1", found["path"]).replace(".", "/") if found else ""
    where = f" at `{pointer}`" if pointer else ""
    return UnreadableDocument(f"{detail}{where}", Fault(detail, pointer=pointer or None))


def _malformed(document: bytes, error: Exception) -> UnreadableDocument:
    found = BYTE.search(str(error))
    at = int(found[1]) if found else len(document)
    line = document.count(b"\n", 0, at) + 1
    column = at - document.rfind(b"\n", 0, at)
    reason = BYTE.sub("", str(error)).removeprefix("JSON is malformed: ").lower()
    if "truncated" in reason:
        reason = "it ends too early; save the whole document and try again"
    detail = f"not JSON: {reason}"
    return UnreadableDocument(f"{detail} (line {line}, column {column})", Fault(detail, line=line))


def records(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each document of a container, with its place: a JSON array, a page of the registry's search, or JSON lines.

    Anything else is one document, whose place is `""`. A broken line is handed out too: its reader says what is wrong.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        yield "", data
        return
    try:
        whole = msgspec.json.decode(data, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield from _lines(data)
        return
    yield from _parts(bytes(whole), data)


def _parts(whole: bytes, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        found = msgspec.json.decode(whole, type=ApiPage | tuple[msgspec.Raw, ...])
    except msgspec.ValidationError:
        yield "", data
        return
    parts, prefix = (found.studies, "/studies") if isinstance(found, ApiPage) else (found, "")
    yield from ((f"{prefix}/{index}", bytes(part)) for index, part in enumerate(parts))


def _lines(data: bytes) -> Iterator[tuple[str, bytes]]:
    """JSON lines, if the first of them is a whole value; else one broken document."""
    lines = [(f"line {number}", line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    try:
        msgspec.json.decode(lines[0][1], type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # A broken first line among whole ones is still JSON lines.
        if not any(line.lstrip().startswith(b'{"') and line.rstrip().endswith(b"}") for _, line in lines[1:]):
            lines = [("", data)]
    yield from lines
