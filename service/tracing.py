"""Spans of requests and of the stages of answers, for OpenTelemetry; only where asked for."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.reading import Stage
from service.clients import PROXIED
from service.context import in_hand
from service.observation import template

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
log = logging.getLogger("rinvio.tracing")


class Tracing:
    """Where spans go; no span holds a question, an address or the words of an error."""

    def __init__(self, provider: "TracerProvider") -> None:
        """Send spans to `provider`."""
        self._provider = provider
        self.tracer = provider.get_tracer("rinvio")

    def stage(self, stage: Stage) -> Stage:
        """`stage` within a span of the same name."""

        @contextmanager
        def spanned(name: str) -> Iterator[None]:
            with (
                self.tracer.start_as_current_span(
                    name, record_exception=False, set_status_on_exception=False
                ),
                stage(name),
            ):
                yield

        return spanned

    def close(self) -> None:
        """Send what has not been sent yet."""
        self._provider.shutdown()


def asked_for() -> Tracing | None:
    """Tracing to where OTEL_EXPORTER_OTLP_ENDPOINT says, as its other variables say.

    None without it, and with a line in the log where the extra is not installed.
    """
    if not os.environ.get(ENDPOINT):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.error("%s is set, but no spans: in the clone, pip install '.[telemetry]'", ENDPOINT)
        return None
    name = os.environ.get("OTEL_SERVICE_NAME", "rinvio")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)


class Spans:
    """A span for each request, under that of a trusted proxy."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        """Wrap `app`."""
        self._app = app
        self._tracer = tracing.tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on within a span."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        from opentelemetry.trace import SpanKind, StatusCode

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                span.set_attribute("http.response.status_code", message["status"])
                if message["status"] >= 500:
                    span.set_status(StatusCode.ERROR)
            await send(message)

        with self._tracer.start_as_current_span(
            scope["method"],
            context=_context(scope),
            kind=SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            await self._app(scope, receive, send_on)
            route = template(scope)
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes({"http.request.method": scope["method"], "http.route": route})
            facts = in_hand()
            if facts is not None:
                span.set_attribute("rinvio.request_id", facts.id)
        return None


def _context(scope: Scope) -> "Context | None":
    """What a trusted proxy says of the trace; anybody else begins one."""
    from opentelemetry.propagate import extract

    if not scope.get(PROXIED):
        return None
    return extract(
        {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    )
