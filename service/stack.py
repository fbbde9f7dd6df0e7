"""Puts the middleware around the application, in the order that makes each of them right."""

from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

from service.bodies import BodyDeadline, Problems
from service.clients import TrustedProxies
from service.faults import Faults
from service.headers import Head, Headers
from service.keys import Keys
from service.limits import RateLimit
from service.metrics import Metrics
from service.observation import Observed
from service.tracing import Spans, Tracing
from settings import Settings
from views.routes import route_path
from views.schemas import BODY_LIMIT

WIDGET = "/widget/"
READABLE = ("ETag", "Retry-After", "X-Request-ID")  # by scripts of other origins


class Origins(CORSMiddleware):
    """Lets pages of some origins read answers; the widget's files are for any page, and say so."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Leave what the widget's routes say as it is: caches keep it for every site."""
        if scope["type"] == "http" and route_path(scope).startswith(WIDGET):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def protect(
    app: FastAPI, settings: Settings, metrics: Metrics, tracing: Tracing | None = None
) -> None:
    """Add everything that stands between a client and the routes; the first is the innermost."""
    app.add_middleware(BodyDeadline)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=BODY_LIMIT)
    app.add_middleware(Keys, keys=settings.api_keys, origins=settings.cors_origins)
    if settings.rate_limit != "off":  # outside of the keys: guessing is limited too
        app.add_middleware(RateLimit, rate=settings.rate_limit)
    app.add_middleware(Faults)
    if settings.cors_origins:  # outside of what refuses: scripts shall read why
        app.add_middleware(
            Origins,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type", "If-None-Match"],
            expose_headers=READABLE,
        )
    app.add_middleware(Problems)
    app.add_middleware(Head)
    if tracing is not None:
        app.add_middleware(Spans, tracing=tracing)
    app.add_middleware(Observed, metrics=metrics, log_questions=settings.log_questions)
    app.add_middleware(Headers)
    app.add_middleware(TrustedProxies, trusted=settings.trusted_proxies)
