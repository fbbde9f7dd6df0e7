"""Middleware: no client asks more often than `rate_limit` allows."""

import math

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from throttled import MemoryStore, Throttled

from service.clients import client_of, is_local
from service.keys import METRICS
from views.problems import problem_response
from views.routes import route_path

CLIENTS = 10_000  # remembered at once, some 3 MB; the one unseen for longest is forgotten


class RateLimit:
    """Answers 429 to a client that asks too often; programs on this machine are free to.

    GCRA: `120/minute` allows 120 at once, and two more each second.
    """

    def __init__(self, app: ASGIApp, rate: str) -> None:
        """Wrap `app`; `rate` is a number of questions a second, minute, hour or day."""
        self._app = app
        self._rate = rate
        store = MemoryStore(options={"MAX_SIZE": CLIENTS})
        self._allowed = Throttled(using="gcra", quota=rate, store=store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless its client has to wait."""
        if scope["type"] != "http" or not _asks(scope) or is_local(scope):
            return await self._app(scope, receive, send)
        result = self._allowed.limit(client_of(scope))
        if not result.limited:
            return await self._app(scope, receive, send)
        wait = {"Retry-After": str(math.ceil(result.state.retry_after))}
        detail = f"At most {self._rate} requests are answered for one address."
        await problem_response(Request(scope), 429, detail, wait)(scope, receive, send)
        return None


def _asks(scope: Scope) -> bool:
    """Whether a request costs something, or may guess a key.

    The API, the home page with a question, a whole document, and the metrics.
    """
    path = route_path(scope)
    if path == "/":
        return "q" in QueryParams(scope["query_string"])
    return path == METRICS or path.startswith(("/v1/", "/read/"))
