"""The log: one JSON object a line, and only fields that cannot hold a patient's facts."""

import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from traceback import extract_tb
from typing import TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "trace_id", "span_id",
        "method", "operation", "status", "code", "duration_ms", "bytes_out",
        "nct_id", "outcome", "source", "trials", "candidates", "eligible", "undetermined", "ineligible",
        "corpus", "error", "where", "address", "open", "caller", "data_dir", "timeout_s", "detail",
    }
)  # fmt: skip
FIRST = ("timestamp", "level", "event")
_encoded = msgspec.json.Encoder().encode
_ids: ContextVar[Mapping[str, str]] = ContextVar("ids", default={})  # noqa: B039 – never written to


def _only_allowed(_: object, __: str, event: EventDict) -> EventDict:
    """Drop every field that is not on the list, no line is worth a leak; when and what come first, the request last."""
    first = {name: event[name] for name in FIRST}
    return {**first, **{name: value for name, value in event.items() if name in ALLOWED}, **_ids.get()}


def _as_json(_: object, __: str, event: EventDict) -> str:
    return _encoded(event).decode()


class _StandardError:
    """Whatever standard error is when a line is written."""

    def write(self, text: str) -> None:
        """The line."""
        sys.stderr.write(text)

    def flush(self) -> None:
        """At once."""
        sys.stderr.flush()


def _logger(level: str, to: TextIO | _StandardError, *, for_eyes: bool) -> FilteringBoundLogger:
    """Put together once: structlog's global logger would be for every line."""
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(cast("TextIO", to)),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.dev.ConsoleRenderer() if for_eyes else _as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
    ).bind()
    return logger


class _Log:
    """The one logger of the process."""

    def __init__(self) -> None:
        self.lines = _logger("info", _StandardError(), for_eyes=False)


_log = _Log()


def configure(level: str, file: TextIO | None = None) -> None:
    """Write to standard error, or the file, from now on; `level` is the least serious that is written.

    JSON for programs; on a terminal the same fields for eyes.
    """
    _log.lines = _logger(level, file or _StandardError(), for_eyes=(file or sys.stderr).isatty())


def log_event(event: str, **fields: object) -> None:
    """Something worth knowing in operation."""
    _log.lines.info(event, **fields)


def log_failure(error: Exception) -> None:
    """What broke and where, without the message: it may repeat what was sent."""
    frames = extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    _log.lines.error("failed", error=type(error).__qualname__, where=where)


def request_context(ids: Mapping[str, str]) -> None:
    """Name the request in every line that is written while it is answered."""
    _ids.set(ids)
