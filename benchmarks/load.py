"""Asks a service on this machine over HTTP, from one client or many, as cheaply as Python can.

Each client keeps one connection open and asks again as soon as it is answered (closed
loop). Requests are bytes made beforehand, and of a response only the status, the length and
the end are looked for: the clients share their cores with what they measure.
"""

import asyncio
import json
import re
import socket
import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"
PATIENCE = 120.0  # seconds until an answer counts as lost
CHUNK = 1 << 16
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
LOST = 0  # the status of a request without a response


@dataclass(frozen=True)
class Response:
    """A response: `head` holds the status line and the headers."""

    status: int
    head: bytes
    body: bytes


Heard = Callable[[int, Response], None]  # told the number of the request, from 0


@dataclass(frozen=True)
class Load:
    """What came of many requests, in the order of the responses; `seconds` for all of them."""

    milliseconds: "array[float]" = field(default_factory=lambda: array("d"))
    statuses: "array[int]" = field(default_factory=lambda: array("H"))
    seconds: float = 0.0

    def of(self, status: int) -> list[float]:
        """The milliseconds of the responses with `status`."""
        pairs = zip(self.milliseconds, self.statuses, strict=True)
        return [taken for taken, answered in pairs if answered == status]


def get(path: str, **query: str | int) -> bytes:
    """A request by GET."""
    return f"GET {path}?{urlencode(query)} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


def post(path: str, **fields: str | int) -> bytes:
    """A request by POST with a JSON object."""
    body = json.dumps(fields).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


def lasting(requests: Iterable[bytes], seconds: float) -> Iterator[bytes]:
    """The requests until so many seconds have passed since the first."""
    end = time.perf_counter() + seconds
    for request in requests:
        if time.perf_counter() > end:
            return
        yield request


async def load(
    port: int,
    requests: Iterable[bytes],
    clients: int = 1,
    heard: Heard = lambda number, response: None,
    rest: float = 0.0,
) -> Load:
    """Send the requests, each client the next one, and tell `heard` of every response.

    A client that was refused (503) rests so many seconds. A connection that breaks is a
    response with the status LOST.
    """
    result = Load()
    shared = enumerate(requests)

    async def ask_on() -> None:
        with Client(port) as client:
            for number, request in shared:
                began = time.perf_counter()
                response = await client.ask(request)
                result.milliseconds.append((time.perf_counter() - began) * 1000)
                result.statuses.append(response.status)
                heard(number, response)
                if response.status == 503 and rest:
                    await asyncio.sleep(rest)

    began = time.perf_counter()
    await asyncio.gather(*(ask_on() for _ in range(clients)))
    return Load(result.milliseconds, result.statuses, time.perf_counter() - began)


class Client:
    """One connection, kept open, and made again after it was closed."""

    def __init__(self, port: int) -> None:
        """Connect to `port` with the first request."""
        self._port = port
        self._socket: socket.socket | None = None

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    async def ask(self, request: bytes) -> Response:
        """The response to `request`, with the status LOST when there is none."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._exchange(request)
        except OSError:  # TimeoutError is one
            self._close()
            return Response(LOST, b"", b"")

    async def _exchange(self, request: bytes) -> Response:
        loop = asyncio.get_running_loop()
        if self._socket is None:
            self._socket = socket.socket()
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(self._socket, (HOST, self._port))
        await loop.sock_sendall(self._socket, request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += await self._received(loop)
        head, body = data[:end], data[end + 4 :]
        found = LENGTH.search(head)
        missing = int(found[1]) - len(body) if found else 0
        while missing > 0:
            more = await self._received(loop)
            body, missing = body + more, missing - len(more)
        if CLOSE.search(head):
            self._close()
        return Response(int(head[9:12]), head, body)

    async def _received(self, loop: asyncio.AbstractEventLoop) -> bytes:
        data = await loop.sock_recv(self._socket, CHUNK) if self._socket else b""
        if not data:
            raise ConnectionResetError
        return data

    def _close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None
