"""Records in: a document's bytes become a Trial. One file a source; a new source is one line in SOURCES."""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from service.errors import Fault, UnknownSource, UnreadableDocument, UnrecognisedDocument
from service.schemas.trial import Provenance, Trial
from service.sources import ctgov, ctgov_page, eligo, meddatax, medpath, veeva
from service.sources.json_document import decode, misfit, records
from service.sources.traced import Reading, place_in_source

__all__ = ["READER_VERSION", "SOURCES", "place_in_source", "read", "records", "sniff"]

READER_VERSION = "1"  # changes whenever the same document would give another Trial


class Source(NamedTuple):
    """How documents of a source are told (two of `marks` stand in them, or the first on top) and how they are read."""

    title: str
    read: Callable[[str], Reading]
    marks: tuple[str, ...]


SOURCES: dict[str, Source] = {
    "ctgov": Source("ClinicalTrials.gov API v2 study (JSON)", ctgov.read, ('"protocolSection"', "{")),
    "ctgov-page": Source("classic ClinicalTrials.gov study page (text)", ctgov_page.read, ctgov_page.MARKS),
    "veeva": Source("ClinicalTrials.Veeva page (text)", veeva.read, veeva.MARKS),
    "medpath": Source("MedPath page (text)", medpath.read, medpath.MARKS),
    "meddatax": Source("MedDataX page (text)", meddatax.read, meddatax.MARKS),
    "eligo": Source("Trial of this service (JSON)", eligo.read, ('"nctId"', "{")),
}
ACCEPTED = "; ".join(f"`{name}`: {source.title}" for name, source in SOURCES.items())


def read(document: bytes, source: str | None = None, *, retrieved_at: str | None = None) -> Trial:
    """The document as a checked Trial with its provenance; the source is sniffed where none is named.

    A Trial that brings its own provenance keeps it: its offsets speak of the page it came from.
    Raises `UnreadableDocument`, or a kind of it, for the document and `UnknownSource` for the name.
    """
    text = _decoded(document)
    name = _sniffed(text) if source is None else source
    if name not in SOURCES:
        raise UnknownSource(f"no source `{name}`; accepted are {ACCEPTED}", Fault("unknown source", parameter="source"))
    if source and not _fits(text, SOURCES[source]):
        raise UnrecognisedDocument(f"this is no {SOURCES[source].title}; accepted are {ACCEPTED}")
    trial, offsets = SOURCES[name].read(text)
    if trial.provenance is None:
        trial = msgspec.structs.replace(
            trial,
            provenance=Provenance(
                source=name,
                sha256=hashlib.sha256(document).hexdigest(),
                parser_version=READER_VERSION,
                retrieved_at=retrieved_at,
                criteria_offsets=offsets,
            ),
        )
    return _checked(trial)


def sniff(document: bytes) -> str:
    """The source whose documents look like this one."""
    return _sniffed(_decoded(document))


def _decoded(document: bytes) -> str:
    if document[:2] == b"\x1f\x8b":
        raise UnreadableDocument("this is a gzip file: unpack it first")
    try:
        text = document.decode()
    except UnicodeDecodeError as error:
        line = document.count(b"\n", 0, error.start) + 1
        raise UnreadableDocument(
            f"not UTF-8: byte 0x{document[error.start]:02x} on line {line}; save the document as UTF-8",
            Fault("not UTF-8", line=line),
        ) from error
    if not text.strip("\ufeff \t\r\n"):
        raise UnreadableDocument("the document is empty")
    return text


def _sniffed(text: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")[:1_000]
    if start.lower().startswith(("<!doctype html", "<html", "<head", "<body")):
        raise UnrecognisedDocument(f"this is HTML: save the page as text. Accepted are {ACCEPTED}")
    if start.startswith("["):
        raise UnrecognisedDocument("this is a list of records: give them one at a time")
    for name, source in SOURCES.items():
        if _fits(text, source):
            return name
    if start.startswith("{"):
        decode(text, msgspec.Raw)
    raise UnrecognisedDocument(f"the document fits no source; accepted are {ACCEPTED}")


def _fits(text: str, source: Source) -> bool:
    start = text[:100].lstrip("\ufeff \t\r\n")
    if start.startswith("{") != ("{" in source.marks):
        return False
    return start.startswith(f"{source.marks[0]}\n") or sum(mark in text for mark in source.marks) >= 2


def _checked(trial: Trial) -> Trial:
    """Constructors check nothing: lengths, patterns and bounds are checked here."""
    try:
        return msgspec.convert(msgspec.to_builtins(trial), Trial)
    except msgspec.ValidationError as error:
        raise misfit(str(error)) from error
