"""Middleware: protective headers on every response, and HEAD answered like GET."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from views.policy import PLAIN

EVERYWHERE = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    # Of no-cors requests only: scripts of the origins that CORS allows still read the answers.
    b"cross-origin-resource-policy": b"same-origin",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
}
PAGES = EVERYWHERE | {
    b"content-security-policy": PLAIN.encode(),
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Headers:
    """Adds the headers that keep a response from being misread, unless its route chose its own."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its response."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                chosen = dict(message["headers"])
                page = chosen.get(b"content-type", b"").startswith(b"text/html")
                added = PAGES if page else EVERYWHERE
                more = [header for header in added.items() if header[0] not in chosen]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        return await self._app(scope, receive, send_with_headers)


class Head:
    """Answers HEAD like GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, HEAD as GET."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)

        async def send_bare(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        asked = {**scope, "method": "GET"}  # a copy: the server looks at its own
        await self._app(asked, receive, send_bare)
        scope["route"] = asked.get("route")
        return None
