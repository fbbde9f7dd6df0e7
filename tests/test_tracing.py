"""Spans: what they say, that they leave, and that nobody pays for them unasked."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from conftest import ROOT
from fakes import TRAM, build_fake, client_of, documents_of, open_fake
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

import api
from service.metrics import Metrics
from service.tracing import Tracing, asked_for
from settings import load_settings

SECRET = "where does the secret tram stop"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Gets the spans of every application made in the test."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(api, "tracing_asked_for", lambda: Tracing(provider))
    return exporter


def test_a_request_is_a_span(
    spans: InMemorySpanExporter, tmp_path: Path, no_settings: Path
) -> None:
    """Named by method and template, with status and id; nothing of who asked what."""
    with client_of(tmp_path, address="203.0.113.5") as client:
        answer = client.get("/v1/ask", params={"q": SECRET}, headers={"traceparent": PARENT})
        client.app.state.live._engine = object()
        client.get("/v1/documents/secret")
    asked, fault = spans.get_finished_spans()
    assert (asked.name, fault.name) == ("GET /v1/ask", "GET /v1/documents/{document_id}")
    assert asked.attributes["http.response.status_code"] == 200
    assert asked.attributes["rinvio.request_id"] == answer.headers["x-request-id"]
    assert (asked.status.is_ok, fault.status.is_ok) == (True, False)
    assert asked.parent is None  # only a trusted proxy says what a request belongs to
    for span in (asked, fault):
        for private in ("secret", "203.0.113", "no attribute"):  # nor the words of an error
            assert private not in span.to_json()


def test_a_trusted_proxy_s_trace_goes_on(
    spans: InMemorySpanExporter, tmp_path: Path, no_settings: Path
) -> None:
    """The span of a request lies under that of the proxy."""
    with client_of(tmp_path, address="127.0.0.1") as client:
        client.get("/healthz", headers={"traceparent": PARENT})
    (span,) = spans.get_finished_spans()
    assert f"{span.context.trace_id:x}" in PARENT
    assert span.parent is not None


def test_stages_lie_under_their_request(
    spans: InMemorySpanExporter, tmp_path: Path, no_settings: Path
) -> None:
    """The engine works in another thread; its stages belong to the request all the same."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", TRAM))
    provider = api.tracing_asked_for()
    engine = open_fake(tmp_path / "i")
    engine._stage = provider.stage(Metrics().stage)
    app = api.create_app(load_settings(index=tmp_path / "i"), lambda *_: engine)
    with TestClient(app) as client:
        spans.clear()  # of the warm-up
        client.get("/v1/ask", params={"q": SECRET})
    *stages, request = spans.get_finished_spans()
    assert [span.name for span in stages] == ["encode", "retrieve", "evidence", "judge"]
    assert {span.parent.span_id for span in stages} == {request.context.span_id}


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """The address of an OTLP endpoint, and what it was sent."""
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_spans_leave_for_the_endpoint(
    tmp_path: Path, no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With OTEL_EXPORTER_OTLP_ENDPOINT set they are sent there, the last of them at the end."""
    with collector() as (address, received):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        with client_of(tmp_path) as client:
            client.get("/v1/ask", params={"q": SECRET})
    sent = b"".join(received)
    assert b"GET /v1/ask" in sent
    assert b"rinvio" in sent
    assert b"secret" not in sent


def test_what_is_missing_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Asked for without the extra: a line with the cure, and the service goes on."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    assert asked_for() is None
    assert "pip install '.[telemetry]'" in caplog.text


def test_unasked_nothing_is_loaded(no_settings: Path) -> None:
    """Without the endpoint neither the SDK nor the exporter is imported."""
    script = """
import sys, api
api.create_app()
print([name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exp"))])
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]", ran.stderr
