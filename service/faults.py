"""Middleware: a fault of ours is logged with the request's id and answered without its words."""

import logging

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from views.problems import problem_response

log = logging.getLogger("rinvio.fault")


class Faults:
    """Answers 500 to what nothing else has caught.

    Starlette would do so outside of all other middleware: without id, headers and CORS.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; once a response has begun, the server has to cut it off."""
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception:
            log.exception("unexpected error")
            if begun or scope["type"] != "http":
                raise
            detail = "Something went wrong here; it has been logged."
            await problem_response(Request(scope), 500, detail)(scope, receive, send)
