"""Middleware: who may call the API where keys are set, and who may read the metrics."""

from hashlib import sha256
from hmac import compare_digest

from pydantic import SecretStr
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.clients import is_local
from views.problems import problem_response
from views.routes import route_path

METRICS = "/metrics"
NEEDS_KEY = "This needs a key: Authorization: Bearer KEY."
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="rinvio"'}


class Keys:
    """Asks for a key at /v1/ and /metrics where there are any.

    The service's own pages and those of allowed origins need none: a key in a page would be
    no secret. What a browser says of them can be forged outside of browsers.
    """

    def __init__(
        self, app: ASGIApp, keys: tuple[SecretStr, ...], origins: tuple[str, ...] = ()
    ) -> None:
        """Wrap `app`; without `keys` only the metrics are kept, for programs on this machine."""
        self._app = app
        self._digests = [sha256(key.get_secret_value().encode()).digest() for key in keys]
        self._origins = {origin.encode() for origin in origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say what it lacks."""
        if scope["type"] != "http" or self._may(scope):
            return await self._app(scope, receive, send)
        request = Request(scope)
        if self._digests:
            refusal = problem_response(request, 401, NEEDS_KEY, CHALLENGE)
        else:
            refusal = problem_response(request, 403, "Only programs on this machine may read it.")
        await refusal(scope, receive, send)
        return None

    def _may(self, scope: Scope) -> bool:
        path = route_path(scope)
        metrics = path == METRICS
        if not metrics and not (self._digests and path.startswith("/v1/")):
            return True
        if not self._digests:
            return is_local(scope)
        headers = dict(scope["headers"])
        return self._holds_key(headers) or (not metrics and self._from_a_page(headers))

    def _holds_key(self, headers: dict[bytes, bytes]) -> bool:
        scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
        given = sha256(key.strip()).digest()
        same = [compare_digest(given, digest) for digest in self._digests]  # all, in equal time
        return scheme.lower() == b"bearer" and any(same)

    def _from_a_page(self, headers: dict[bytes, bytes]) -> bool:
        origin = headers.get(b"origin")
        if origin is None:  # browsers leave it out where a page reads from its own site
            return headers.get(b"sec-fetch-site") == b"same-origin"
        return origin in self._origins or origin.partition(b"://")[2] == headers.get(b"host")
