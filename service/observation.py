"""Middleware: gives every request an id, and says afterwards how it went."""

import logging
import re
import time
import uuid

from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.clients import PROXIED
from service.context import Facts, begin
from service.metrics import Metrics

GONE = 499  # as nginx numbers a request that was given up before its response
UNMATCHED = "unmatched"
ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
log = logging.getLogger("rinvio.request")


class Observed:
    """Sets X-Request-ID, counts and times the request, and logs it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log_questions: bool = False) -> None:
        """Wrap `app`; without `log_questions` no question is ever logged."""
        self._app = app
        self._metrics = metrics
        self._log_questions = log_questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and record what becomes of it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began = time.perf_counter()
        facts = begin(_request_id(scope))
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", facts.id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._record(scope, facts, status or GONE, time.perf_counter() - began)

    def _record(self, scope: Scope, facts: Facts, status: int, seconds: float) -> None:
        route = template(scope)
        self._metrics.request(route, status, seconds)
        if log.isEnabledFor(logging.INFO):
            said = {
                "method": scope["method"],
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 2),
            }
            if facts.generation:
                said["generation"] = facts.generation
            if self._log_questions and facts.question:
                said["question"] = facts.question
            log.info("request", extra=said)


def _request_id(scope: Scope) -> str:
    """The id that a trusted proxy gave, else one of our own."""
    if scope.get(PROXIED):
        for name, value in scope["headers"]:
            if name == b"x-request-id" and ID.fullmatch(value):
                return str(value.decode())
    return uuid.uuid4().hex


def template(scope: Scope) -> str:
    """The path of the route with its blanks, never what a client filled in."""
    route = scope.get("route")
    if route is None:  # refused before it was looked for
        routes = scope["app"].routes if "app" in scope else []
        route = next((each for each in routes if each.matches(scope)[0] != Match.NONE), None)
    return str(getattr(route, "path_format", UNMATCHED))
