"""`validate`: say what is wrong in records, each at its place."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator

import msgspec

from service.api.contract.statuses import problem_of
from service.api.documents import checked
from service.cli.progress import progress
from service.errors import ServiceError, UnreadableDocument
from service.ingest import Document, documents
from service.schemas.answer import CheckedDocument
from service.schemas.issue import IssueSeverity, Place

ENCODER = msgspec.json.Encoder()


def validate(asked: argparse.Namespace) -> int:
    """Print every record's issues; 1 when a record could not be read, or cannot be used."""
    counts: Counter[str] = Counter()
    for document in progress(documents(asked.paths), "records"):
        found = _read(document, asked.source)
        if isinstance(found, ServiceError):
            counts["unreadable"] += 1
            sys.stderr.write(f"{_name(document)}: {found}\n")
            sys.stdout.write(_json_line(problem_of(found)) if asked.json else "")
            continue
        counts["read"] += 1
        counts.update(issue.severity.value for issue in found.issues)
        sys.stdout.write(_json_line(found) if asked.json else "".join(_lines(_name(document), found)))
    sys.stderr.write(_summary(counts))
    return int(counts["unreadable"] + counts[IssueSeverity.ERROR.value] > 0)


def _read(document: Document, source: str | None) -> CheckedDocument | ServiceError:
    if document.error is not None:
        return UnreadableDocument(document.error)
    try:
        return checked(document.data, source)
    except ServiceError as error:
        return error


def _name(document: Document) -> str:
    return f"{document.path} {document.place}".rstrip()


def _json_line(value: object) -> str:
    return ENCODER.encode(value).decode() + "\n"


def _lines(name: str, found: CheckedDocument) -> Iterator[str]:
    """The record in a line, then a line an issue and one a place."""
    criteria = len(found.criteria)
    yield f"{name}: {found.trial.nct_id} ({found.source}), criteria: {criteria}, issues: {len(found.issues)}\n"
    for issue in found.issues:
        yield f"  {issue.severity.value} {issue.code}: {issue.message}\n"
        yield from (f"    {_place(place)}\n" for place in issue.places)


def _place(place: Place) -> str:
    where = [place.pointer or "", f"line {place.line}" if place.line else ""]
    words = f"“{place.text}”" if place.text else ""
    return " ".join(part for part in (*where, words) if part)


def _summary(counts: Counter[str]) -> str:
    issues = ", ".join(f"{counts[severity.value]} {severity.value}" for severity in IssueSeverity)
    return f"{counts['read']} read, {counts['unreadable']} unreadable; issues: {issues}\n"
