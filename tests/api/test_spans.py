"""Traces: asked for by OpenTelemetry's own settings, sent to whom they name, and telling nothing of a request."""

import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from service.api.observed.spans import are_asked_for
from service.errors import BadSetting
from service.settings import Settings
from tests.api.process import serving
from tests.api.test_match import CANARY
from tests.api.test_metrics import PARENT, TRACE


class Collector(HTTPServer):
    """Keeps what is exported."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Exports)
        self.taken: list[bytes] = []


class Exports(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        self.server.taken.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 – as the standard library names it
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_request_is_a_span_of_its_callers_trace(
    demo_settings: Settings, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
    own = {"authorization": f"Bearer {demo_settings.admin_token}", "traceparent": f"00-{TRACE}-{PARENT}-01"}
    with serving(demo_settings) as server:
        told = httpx.get(f"{server.url}/trials?q={CANARY}", headers=own).headers["traceparent"]
        assert httpx.get(f"{server.url}/trials/NCT99999999", headers=own).status_code == 404
        server.signal(signal.SIGTERM)
        assert server.exit_code() == 0
    sent = b"".join(collector.taken)
    spans = {
        span.name: span
        for part in map(ExportTraceServiceRequest.FromString, collector.taken)
        for resource in part.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
        if span.trace_id.hex() == TRACE
    }
    search, read = spans["GET /trials"], spans["GET /trials/{nctId}"]
    assert f"00-{TRACE}-{search.span_id.hex()}-01" == told
    assert search.parent_span_id.hex() == PARENT
    assert "trial_not_found" in {each.value.string_value for each in read.attributes}
    assert CANARY.encode() not in sent
    assert b"NCT99999999" not in sent
    assert b"eligo" in sent


@pytest.mark.parametrize(
    ("environment", "asked"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_only_opentelemetrys_own_settings_ask_for_traces(environment: dict[str, str], asked: bool) -> None:
    assert are_asked_for(environment) is asked


def test_an_exporter_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(BadSetting, match="must be otlp or none"):
        are_asked_for({"OTEL_TRACES_EXPORTER": "zipkin"})
