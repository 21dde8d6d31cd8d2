"""Which span a request is: only its ids, or one that OpenTelemetry exports, where its standard settings ask for it."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple, Protocol

from service.api.contract.operation import Operation
from service.api.observed.trace import Trace, trace_of
from service.errors import BadSetting

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


class Answered(NamedTuple):
    """What a span tells, and nothing else of the request."""

    method: str
    operation: Operation | None
    status: int
    code: str | None


class Span(Protocol):
    """One request."""

    @property
    def trace(self) -> Trace:
        """Its ids."""

    def end(self, answered: Answered) -> None:
        """It has been answered."""


class Spans(Protocol):
    """Where spans go."""

    def begin(self, traceparent: bytes) -> Span:
        """A part of the caller's trace, or of a new one."""

    def close(self) -> None:
        """Send what is left."""


class OnlyIds(NamedTuple):
    """A span that nobody collects."""

    trace: Trace

    def end(self, answered: Answered) -> None:
        """Forget it."""


class Uncollected:
    """No traces are asked for."""

    def begin(self, traceparent: bytes) -> OnlyIds:
        """Ids for the log and the caller."""
        return OnlyIds(trace_of(traceparent))

    def close(self) -> None:
        """There is nothing left."""


def are_asked_for(environment: Mapping[str, str]) -> bool:
    """Whether OpenTelemetry's own settings say where to send traces. Raises BadSetting where it is not installed."""
    exporter = environment.get("OTEL_TRACES_EXPORTER") or ("otlp" if any(map(environment.get, ENDPOINTS)) else "none")
    if exporter == "none" or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if exporter != "otlp":
        raise BadSetting(f"OTEL_TRACES_EXPORTER `{exporter}`: it must be otlp or none")
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        raise BadSetting(
            "OTEL_… asks for traces, and OpenTelemetry is not installed: "
            "add opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http"
        )
    return True


def spans_by(environment: Mapping[str, str]) -> Spans:
    """As the environment asks. OpenTelemetry is imported only then: it is no dependency of the service."""
    if not are_asked_for(environment):
        return Uncollected()
    spans: Spans = import_module("service.api.observed.exported").Exported(environment)
    return spans
