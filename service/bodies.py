"""Middleware: bodies stay small and arrive soon; errors in plain text become problem documents."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from views.problems import MEDIA_TYPE, problem_json

BODY_SECONDS = 5.0
PLAIN = (b"content-type", b"text/plain; charset=utf-8")


class BodyDeadline:
    """Answers 408 to a body that has not arrived whole in time, and has the connection closed."""

    def __init__(self, app: ASGIApp, seconds: float = BODY_SECONDS) -> None:
        """Wrap `app`; the time runs from the first look at the body."""
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a clock beside its body."""
        deadline: float | None = None
        whole = scope["type"] != "http"

        async def receive_in_time() -> Message:
            nonlocal deadline, whole
            if whole:  # what follows is the client leaving, whenever it likes
                return await receive()
            deadline = deadline or asyncio.get_running_loop().time() + self._seconds
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                detail = f"The body did not arrive within {self._seconds:g} seconds."
                raise HTTPException(408, detail, {"Connection": "close"}) from None
            whole = not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)


class Problems:
    """Turns what libraries answer in plain text into problem documents."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and rewrite its response where it is a plain error."""
        plain: Message | None = None

        async def send_problem(message: Message) -> None:
            nonlocal plain
            if message["type"] == "http.response.start":
                if message["status"] >= 400 and PLAIN in message["headers"]:
                    plain = message  # its headers wait for the length of the new body
                    return
            elif plain is not None:
                body = problem_json(plain["status"], message["body"].decode())
                await send({**plain, "headers": _described(plain, body)})
                message = {**message, "body": body}
                plain = None
            await send(message)

        await self._app(scope, receive, send_problem)


def _described(start: Message, body: bytes) -> list[tuple[bytes, bytes]]:
    kept = [header for header in start["headers"] if header[0] != b"content-length"]
    kept.remove(PLAIN)
    length = str(len(body)).encode()
    return [*kept, (b"content-type", MEDIA_TYPE.encode()), (b"content-length", length)]
