"""The server's side of a connection: none may be slow, too large, or one too many.

With httptools uvicorn gives a request all the time it wants, bounds no headers
(https://github.com/Kludex/uvicorn/issues/157), and its `limit_concurrency` turns away whoever
comes while those who hold their connections without asking stay.
"""

import sys
from asyncio import TimerHandle, Transport
from typing import Any, cast

from httptools import HttpParserInvalidURLError
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from service.metrics import Metrics
from views.problems import MEDIA_TYPE, problem_json

HEAD_LIMIT = 16_384  # bytes of address and headers
PIPELINE = 16  # requests of one connection that wait for the one being answered
REQUEST_SECONDS = 10.0  # for a request to arrive whole
RESPONSE_SECONDS = 60.0  # for what was written to be taken
CONNECTIONS = 800  # in one process; the usual bound of open files is 1,024
NO_REQUEST = "This is not an HTTP request."
BAD_ADDRESS = "This is no address: it begins with a slash, and è in it is written %C3%A8."
BAD_BODY = "The body does not arrive as Transfer-Encoding and the sizes of its chunks say."


class Guarded(HttpToolsProtocol):
    """uvicorn's own protocol with deadlines and bounds.

    Where there are too many connections, the one that has waited longest without a whole
    request makes room for the new one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what uvicorn hands over."""
        super().__init__(*args, **kwargs)
        self.url, self.headers = b"", []  # looked at even if no request ever begins
        self._metrics: Metrics = cast(Any, self.app).state.metrics
        # All connections of this server, in the order in which they began to wait.
        self._waiting: dict[Guarded, None] = vars(self.server_state).setdefault("waiting", {})
        self._clock: TimerHandle | None = None  # runs while a request arrives
        self._patience: TimerHandle | None = None  # runs while a response is not taken
        self._whole = False  # has the last request arrived?
        self._in_head = False
        self._wrong = NO_REQUEST
        self._head = 0  # bytes of a head on its way, as they came, or of what follows a body
        self._fed = False  # has what came last held a head's end, or some of a body?

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Make room where there is none."""
        super().connection_made(transport)
        self._waiting[self] = None
        self._start_clock()
        if len(self.connections) > CONNECTIONS:
            longest = next(iter(self._waiting))
            if longest is self:  # all others are being answered
                self._refuse(503, "Too many clients ask at once.", "crowded")
            else:
                longest._end("crowded")

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: whoever offers HTTP/2 or websockets is answered as ever."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._waiting.pop(self, None)
        self._stop_clock()
        self._stop_patience()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; whatever came, the clock runs until a request is whole."""
        self._whole = self._fed = False
        super().data_received(data)
        if self._whole and not self._answered():
            return self._stop_clock()
        self._start_clock()
        if not self._fed:
            self._head += len(data)
            if self._head > HEAD_LIMIT:
                self.send_400_response("")
        return None

    def on_message_begin(self) -> None:
        """Begin to count the head; ValueError when too many requests wait already."""
        if len(self.pipeline) >= PIPELINE:
            raise ValueError("too many")  # stops the parser, and leads to send_400_response
        super().on_message_begin()
        self._whole, self._in_head, self._head = False, True, 0
        self._wrong = NO_REQUEST

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head; one after the body would pass for what a proxy said."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Answer the request unless its head is too large.

        httptools takes whatever follows a request for another protocol as that protocol, a body
        too: what comes next would be read as a request of its own.
        """
        self._in_head, self._fed = False, True
        if self.parser.should_upgrade() and any(map(_announces_body, self.headers)):
            self._wrong = "With Upgrade a request may have no body: send it by HTTP/1.1 alone."
            raise ValueError("a body that would not be read")
        self._head = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if self._head > HEAD_LIMIT:
            raise ValueError("too large")
        super().on_headers_complete()
        self._wrong = BAD_BODY

    def on_body(self, body: bytes) -> None:
        """Begin to count anew what is none."""
        super().on_body(body)
        self._head, self._fed = 0, True

    def on_message_complete(self) -> None:
        """From here on it is the client who waits."""
        super().on_message_complete()
        self._whole = True
        if not self._answered():  # before its body was there
            self._waiting.pop(self, None)

    def on_response_complete(self) -> None:
        """From here on it is the server who waits."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._start_patience()
        elif self._answered():
            self._waiting[self] = None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are plain
        """Refuse what is not HTTP, or too much of it, with a problem document."""
        if self._head > HEAD_LIMIT:
            self._refuse(431, f"The headers have more than {HEAD_LIMIT} bytes.", "oversized")
        elif isinstance(sys.exception(), HttpParserInvalidURLError):  # which uvicorn is handling
            self._refuse(400, BAD_ADDRESS, "malformed")
        else:
            self._refuse(400, self._wrong, "malformed")

    def pause_writing(self) -> None:
        """Wait only so long for a client that does not read."""
        super().pause_writing()
        self._start_patience()

    def resume_writing(self) -> None:
        """Go on writing; what is left of a last response is waited for no longer than before."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._stop_patience()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that nobody asks by, and wait only so long for its last response."""
        super().timeout_keep_alive_handler()
        if self.transport.is_closing():
            self._start_patience()

    def _start_clock(self) -> None:
        if self._clock is None:
            self._clock = self.loop.call_later(REQUEST_SECONDS, self._end, "slow")

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _answered(self) -> bool:
        return self.cycle is not None and bool(self.cycle.response_complete)

    def _may_answer(self) -> bool:
        """Whether nothing has been answered to what is refused, and nothing is due before it."""
        if self.cycle is None or self._answered():
            return True
        return self.cycle.more_body and not (self.pipeline or self.cycle.response_started)

    def _start_patience(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(RESPONSE_SECONDS, self._end, "slow")

    def _stop_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _refuse(self, status: int, detail: str, reason: str) -> None:
        """Answer without the application, unless it is answering, and close the connection."""
        if self.transport.is_closing():  # refused already
            return
        body = problem_json(status, detail)
        head = f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
        if self._may_answer():
            ending = f"{head}connection: close\r\n\r\n".encode()
            self.transport.write(STATUS_LINE[status] + ending + body)
        if self.cycle is not None:
            self.cycle.disconnected = True  # the application, if it was asked, writes no more
        self._metrics.closed(reason)
        self.transport.close()

    def _end(self, reason: str) -> None:
        self._waiting.pop(self, None)  # an aborted connection is lost a moment later
        self._metrics.closed(reason)
        self.transport.abort()


def _announces_body(field: tuple[bytes, bytes]) -> bool:
    name, value = field
    return name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0 ") != b"")
