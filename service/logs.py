"""The log: one JSON object a line, and only fields that cannot hold a patient's facts."""

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from traceback import extract_tb
from typing import TextIO

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "trace_id", "span_id",
        "method", "operation", "status", "code", "duration_ms", "bytes_out",
        "nct_id", "outcome", "source", "trials", "candidates", "eligible", "undetermined", "ineligible",
        "corpus", "error", "where", "address", "open", "caller", "data_dir", "timeout_s", "detail",
    }
)  # fmt: skip
Event = MutableMapping[str, object]


def configure(level: str, file: TextIO | None = None) -> None:
    """Write to standard error, or the file, from now on; `level` is the least serious that is written.

    JSON for programs; on a terminal the same fields for eyes.
    """
    to = file or sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.dev.ConsoleRenderer() if to.isatty() else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=to),
    )


def only_allowed(_: object, __: str, event: Event) -> Event:
    """Drop every field that is not on the list; a log line is never worth a leak."""
    return {name: value for name, value in event.items() if name in ALLOWED}


def log_event(event: str, **fields: object) -> None:
    """Something worth knowing in operation."""
    structlog.get_logger().info(event, **fields)


def log_failure(error: Exception) -> None:
    """What broke and where, without the message: it may repeat what was sent."""
    frames = extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    structlog.get_logger().error("failed", error=type(error).__qualname__, where=where)


def request_context(**ids: str) -> None:
    """Name the request in every line that is written while it is answered."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**ids)
