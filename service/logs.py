"""The log: one JSON object a line, and only fields that cannot hold a patient's facts."""

import sys
import time
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import TextIO

import msgspec

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "trace_id", "span_id",
        "method", "operation", "status", "code", "duration_ms", "bytes_out",
        "nct_id", "outcome", "source", "trials", "candidates", "eligible", "undetermined", "ineligible",
        "corpus", "error", "where", "address", "open", "caller", "data_dir", "timeout_s", "detail",
    }
)  # fmt: skip
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
Line = Mapping[str, object]
_encoded = msgspec.json.Encoder().encode
_ids: ContextVar[Mapping[str, str]] = ContextVar("ids", default={})  # noqa: B039 – never written to


class _Log:
    """Where lines go, from which level on, and whether eyes read them; until told otherwise to standard error."""

    def __init__(self) -> None:
        self.least = LEVELS["info"]
        self.file: TextIO | None = None
        self.for_eyes = False

    def write(self, level: str, event: str, fields: Line) -> None:
        """One line, at once."""
        if LEVELS[level] < self.least:
            return
        now = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="microseconds")
        known = {name: value for name, value in fields.items() if name in ALLOWED}
        line = {"timestamp": now, "level": level, "event": event, **known, **_ids.get()}
        to = self.file or sys.stderr
        to.write(_text(line) if self.for_eyes else _encoded(line).decode() + "\n")
        to.flush()


_log = _Log()


def configure(level: str, file: TextIO | None = None) -> None:
    """Write to standard error, or the file, from now on; `level` is the least serious that is written.

    JSON for programs; on a terminal the same fields for eyes.
    """
    _log.least, _log.file, _log.for_eyes = LEVELS[level], file, (file or sys.stderr).isatty()


def log_event(event: str, **fields: object) -> None:
    """Something worth knowing in operation. Fields that are not on the list are dropped: no line is worth a leak."""
    _log.write("info", event, fields)


def log_failure(error: Exception) -> None:
    """What broke and where, without the message: it may repeat what was sent."""
    frames = extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    _log.write("error", "failed", {"error": type(error).__qualname__, "where": where})


def request_context(ids: Mapping[str, str]) -> None:
    """Name the request in every line that is written while it is answered."""
    _ids.set(ids)


def _text(line: Line) -> str:
    """Values as JSON writes them: nothing in them moves the cursor."""
    (_, timestamp), (_, level), (_, event), *fields = line.items()
    told = "".join(f" {name}={_encoded(value).decode()}" for name, value in fields)
    return f"{timestamp} {level:<7} {event}{told}\n"
