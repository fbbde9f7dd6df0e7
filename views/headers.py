"""Middleware: a request id and protective headers on every response, bodies kept small."""

import uuid

from starlette.datastructures import MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from views.problems import MEDIA_TYPE, problem_json

BODY_LIMIT = 16_384  # bytes: a question of 1,000 characters fits, escaped or not
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Headers:
    """Gives every response a request id and the headers that keep it from being misread."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its response."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = uuid.uuid4().hex
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Content-Security-Policy"] = PAGE_POLICY
            if asked_for_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        asked_for_head = scope["method"] == "HEAD"  # answered like GET, without the body
        if asked_for_head:
            scope = {**scope, "method": "GET"}
        return await self._app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses bodies above BODY_LIMIT with a problem document.

    Starlette's own middleware counts the bytes; its plain text is rewritten.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = RequestBodyLimitMiddleware(app, BODY_LIMIT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse its body."""
        body = problem_json(413, f"The body has more than {BODY_LIMIT} bytes.")
        refused = False

        async def send_problem(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == 413:
                refused = True
                headers = MutableHeaders(scope=message)
                headers["content-type"] = MEDIA_TYPE
                headers["content-length"] = str(len(body))
            elif refused:
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self._app(scope, receive, send_problem)
