"""`match`: one patient from a file against the registry."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec
from msgspec import structs

from service.api.asked.decode import from_json
from service.api.matching import matched
from service.cli.database import with_store
from service.cli.files import opened
from service.errors import Fault, InvalidParameter
from service.match import Memory
from service.schemas.patient import Patient
from service.schemas.report import CriterionVerdict, MatchReport, MatchRequest, TrialMatch
from service.store import Store

REQUEST = msgspec.json.Decoder(MatchRequest)
PATIENT = msgspec.json.Decoder(Patient)
MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
MARKS = {"met": "+", "not_met": "-", "unknown": "?", "to_confirm": "!", "not_evaluable": "~"}


def match(asked: argparse.Namespace) -> int:
    """Print the answer, as text or as POST /match gives it."""
    with opened(asked.path) as file:
        request = request_from(file.read())
    on = _date(asked.as_of) or request.as_of or datetime.now(UTC).date()  # noqa: TID251 – the command line has the clock

    async def answered(store: Store) -> int:
        report = await matched(request, store.trials, on, Memory())
        if asked.json:
            sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        else:
            sys.stdout.writelines(lines(report))
        return 0

    return with_store(answered)


def request_from(body: bytes) -> MatchRequest:
    """A whole request, or a patient alone. Raises MalformedBody or InvalidBody."""
    try:
        whole = "patient" in MEMBERS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        whole = True
    if whole:
        return from_json(body, REQUEST, private=False)
    return MatchRequest(patient=from_json(body, PATIENT, private=False))


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        said = f"`{text}` is not a date such as 2026-01-31"
        raise InvalidParameter(said, Fault(said, parameter="--as-of")) from None


def lines(report: MatchReport) -> Iterator[str]:
    """The answer as an engineer reads it in a terminal."""
    counts = structs.asdict(report.counts)
    yield f"{report.as_of}, {report.corpus.trials} trials; " + ", ".join(f"{n} {name}" for name, n in counts.items())
    yield "\n"
    for found in report.matches:
        yield from _trial(found)
    if report.questions:
        yield "\nask next:\n"
        yield from (f"  {each.ask} ({each.decides} trials)\n" for each in report.questions[:10])


def _trial(found: TrialMatch) -> Iterator[str]:
    phases = "/".join(phase.value for phase in found.phases)
    status = found.overall_status.value if found.overall_status else ""
    yield f"\n{found.nct_id} {found.eligibility.value} {found.score:.2f} {status} {phases}\n"
    yield f"  {found.brief_title or ''}\n"
    for row in found.criteria or ():
        yield _criterion(row)


def _criterion(row: CriterionVerdict) -> str:
    words = " ".join(row.text.split())
    return f"  {MARKS[row.verdict.value]} {row.polarity.value}: {words}\n      {row.verdict.value}: {row.reason}\n"
