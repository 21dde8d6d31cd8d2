"""Spans that OpenTelemetry exports over OTLP/HTTP, set up by its standard OTEL_* settings; imported where asked for."""

from collections.abc import Mapping

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span as Recorded
from opentelemetry.trace import SpanKind, Status, StatusCode, format_span_id, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service import VERSION
from service.api.observed.spans import Answered
from service.api.observed.trace import Trace

PROPAGATOR = TraceContextTextMapPropagator()


class ExportedSpan:
    """One request, as OpenTelemetry's conventions for HTTP servers name it."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded
        found = recorded.get_span_context()
        flags = f"{int(found.trace_flags):02x}"
        self.trace = Trace(format_trace_id(found.trace_id), format_span_id(found.span_id), flags)

    def end(self, answered: Answered) -> None:
        """Nothing of the request is told but its route, which is the operation's, never the address."""
        route = answered.operation.path if answered.operation else None
        self._recorded.update_name(f"{answered.method} {route}" if route else answered.method)
        told: dict[str, str | int | None] = {
            "http.request.method": answered.method,
            "http.response.status_code": answered.status,
            "http.route": route,
            "error.type": answered.code,
        }
        self._recorded.set_attributes({name: value for name, value in told.items() if value is not None})
        if answered.status >= 500:
            self._recorded.set_status(Status(StatusCode.ERROR))
        self._recorded.end()


class Exported:
    """Spans are sent in batches, by a thread of OpenTelemetry's own."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        named = "OTEL_SERVICE_NAME" in environment or "service.name=" in environment.get("OTEL_RESOURCE_ATTRIBUTES", "")
        own = {"service.version": VERSION} if named else {"service.version": VERSION, "service.name": "eligo"}
        self._provider = TracerProvider(resource=Resource.create(own), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("eligo", VERSION)

    def begin(self, traceparent: bytes) -> ExportedSpan:
        """Sampled as OTEL_TRACES_SAMPLER says."""
        context = PROPAGATOR.extract({"traceparent": traceparent.decode("ascii", "replace")})
        return ExportedSpan(self._tracer.start_span("request", context=context, kind=SpanKind.SERVER))

    def close(self) -> None:
        """Send what is left; a collector that is away is waited for some seconds."""
        self._provider.shutdown()
