"""A server that tests speak to byte by byte."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fakes import TRAM, build_fake, documents_of, open_fake
from fastapi import FastAPI

from api import create_app
from service.serving import SERVER
from settings import load_settings

GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
SOON = 0.2  # seconds: stands for the deadlines


class Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def served(app: FastAPI) -> Iterator[int]:
    """The port of `app` behind guarded connections."""
    config = uvicorn.Config(app, port=0, log_config=None, **SERVER)
    server = Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.listens.wait(10)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def app(tmp_path: Path, no_settings: Path) -> FastAPI:
    """The service of two sentences about a tram."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", TRAM))
    return create_app(load_settings(index=tmp_path / "i"), lambda *_: open_fake(tmp_path / "i"))


@pytest.fixture
def connect(app: FastAPI) -> Iterator[Callable[[bytes], socket.socket]]:
    """Opens connections to the service and sends bytes as they are."""
    opened: list[socket.socket] = []
    with served(app) as port:

        def connect(data: bytes = b"") -> socket.socket:
            connection = socket.create_connection(("127.0.0.1", port), timeout=10)
            connection.sendall(data)
            opened.append(connection)
            return connection

        yield connect
        for connection in opened:
            connection.close()


Connect = Callable[..., socket.socket]


def rest(connection: socket.socket) -> bytes:
    """What arrives until the server closes the connection."""
    received = b""
    try:
        while data := connection.recv(65_536):
            received += data
    except ConnectionResetError:
        pass
    return received


def answer(connection: socket.socket) -> tuple[int, str]:
    """The status and the body of one response on a connection that stays open."""
    with connection.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        length = 0
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return status, stream.read(length).decode()


def problem(connection: socket.socket) -> int:
    """The status of a problem document after which the connection was closed."""
    head, _, body = rest(connection).partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert b"connection: close" in head
    status: int = json.loads(body)["status"]
    assert f"HTTP/1.1 {status}".encode() in head
    return status
