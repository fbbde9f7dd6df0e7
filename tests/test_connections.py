"""What the server does with connections that are slow, too large, broken or too many."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import uvicorn
from fakes import TRAM, build_fake, documents_of, open_fake
from fastapi import FastAPI, Request, Response
from test_metrics import samples

from api import create_app
from service import connections
from service.connections import HEAD_LIMIT, PIPELINE
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


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines come soon."""
    monkeypatch.setattr(connections, "REQUEST_SECONDS", SOON)
    monkeypatch.setattr(connections, "RESPONSE_SECONDS", SOON)


@pytest.mark.parametrize("data", [b"", b"\r\n", b"GET / HT", GET[:-2], GET + GET[:9]])
def test_a_request_that_does_not_arrive_is_closed(
    soon: None, connect: Connect, data: bytes
) -> None:
    """Silence, blank lines and half a head end with the deadline, on a used connection too."""
    assert rest(connect(data)).count(b"HTTP/1.1 200") == data.count(GET)


def test_blank_lines_are_no_request(soon: None, connect: Connect) -> None:
    """They stop the clock of an idle connection, and must not keep it open."""
    idle = connect(GET)
    assert answer(idle)[0] == 200
    idle.sendall(b"\r\n")
    assert rest(idle) == b""


def test_a_body_that_nobody_waits_for_is_closed(soon: None, connect: Connect) -> None:
    """A response that did not need the body does not keep its connection open."""
    slow = connect(GET.replace(b"Host", b"Content-Length: 9\r\nHost") + b"1")
    assert rest(slow).startswith(b"HTTP/1.1 200")


def test_a_deadline_does_not_move(soon: None, connect: Connect) -> None:
    """Who sends a byte now and then is closed like who sends none."""
    slow = connect(b"GET /")
    slow.settimeout(SOON / 10)
    for _ in range(100):
        try:
            assert slow.recv(1) == b""
        except TimeoutError:
            slow.sendall(b"x")
        except ConnectionResetError:
            return
        else:
            return
    pytest.fail("still open")


def test_requests_in_time_keep_their_connection(soon: None, connect: Connect) -> None:
    """One after the other, two at once, and one that asks for another protocol are answered."""
    client = connect(GET)
    assert answer(client)[0] == 200
    client.sendall(GET.replace(b"Host", b"Connection: Upgrade\r\nUpgrade: websocket\r\nHost"))
    assert answer(client)[0] == 200
    pair = connect(GET + GET.replace(b"Host", b"Connection: close\r\nHost"))
    assert rest(pair).count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\nX: " + b"y" * HEAD_LIMIT, 431),
        (b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * (HEAD_LIMIT // 2) + b"\r\n", 431),
        (b"GET /" + b"y" * HEAD_LIMIT + b" HTTP/1.1\r\n\r\n", 431),
        (b"hello\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00", 400),
        (b"GET /healthz HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ],
)
def test_what_is_too_large_or_broken_is_refused(connect: Connect, data: bytes, status: int) -> None:
    """A flood of headers, an endless header or address, TLS and nonsense: a problem document."""
    assert problem(connect(data)) == status


CHUNKED = b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("trailer", [b"X: " + b"y" * 2 * HEAD_LIMIT, b"X: y\r\n" * HEAD_LIMIT])
def test_what_follows_a_body_has_an_end(connect: Connect, trailer: bytes) -> None:
    """Endless lines after the last chunk are not kept while the request is never whole."""
    endless = connect(CHUNKED)
    endless.sendall(b"1\r\na\r\n0\r\n")
    with suppress(ConnectionError):
        for _ in range(100):
            endless.sendall(trailer)
        pytest.fail("still open")


def test_a_field_after_the_body_is_no_header(app: FastAPI, connect: Connect) -> None:
    """It would pass for one that a proxy wrote."""
    seen: list[bytes] = []

    @app.post("/seen")
    async def note(request: Request) -> Response:
        await request.body()
        seen.extend(name for name, _ in request.headers.raw)
        return Response()

    head = CHUNKED.replace(b"GET /healthz", b"POST /seen")
    client = connect(head + b"1\r\na\r\n0\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n")
    assert answer(client)[0] == 200
    assert seen == [b"host", b"transfer-encoding"]


def test_a_body_in_many_pieces_is_read(app: FastAPI, connect: Connect) -> None:
    """What stands between the pieces is not counted together."""

    @app.post("/length")
    async def length(request: Request) -> Response:
        return Response(str(len(await request.body())))

    client = connect(CHUNKED.replace(b"GET /healthz", b"POST /length"))
    for _ in range(4_000):
        client.sendall(b"1\r\na\r\n")
    client.sendall(b"0\r\n\r\n")
    assert answer(client) == (200, "4000")


def test_requests_that_wait_for_each_other_are_bounded(connect: Connect) -> None:
    """Thousands sent at once are not kept; a few more than browsers send are answered."""
    head = GET.replace(b"Host", b"Connection: close\r\nHost")
    assert rest(connect(GET * PIPELINE + head)).count(b"HTTP/1.1 200") == PIPELINE + 1
    assert rest(connect(GET * 1000)).count(b"HTTP/1.1 200") < 1000


def test_large_headers_within_the_bound_pass(connect: Connect) -> None:
    """Cookies of other services on the same site do no harm."""
    cookies = b"Cookie: " + b"y" * (HEAD_LIMIT - 100) + b"\r\nHost"
    assert answer(connect(GET.replace(b"Host", cookies)))[0] == 200


def test_the_longest_waiting_makes_room(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle connections cannot keep a client out, and those that asked last stay."""
    monkeypatch.setattr(connections, "CONNECTIONS", 3)
    idle = []
    for _ in range(3):
        idle.append(connect(GET))
        assert answer(idle[-1])[0] == 200
    first, second, third = idle
    first.sendall(GET)
    assert answer(first)[0] == 200  # and begins to wait anew
    late = connect(GET)
    assert answer(late)[0] == 200
    assert rest(second) == b""
    for still_there in (first, third, late):
        still_there.sendall(GET)
        assert answer(still_there)[0] == 200


def test_where_all_are_being_answered_the_next_is_refused(
    app: FastAPI, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question that is being answered is never cut off for a newcomer, who hears why."""
    monkeypatch.setattr(connections, "CONNECTIONS", 1)
    begun, go_on = threading.Event(), threading.Event()

    @app.get("/slow")
    def slow() -> str:
        begun.set()
        assert go_on.wait(10)
        return "done"

    busy = connect(GET.replace(b"healthz", b"slow"))
    assert begun.wait(10)
    assert problem(connect()) == 503
    go_on.set()
    assert answer(busy) == (200, '"done"')


def test_a_response_that_is_not_taken_is_dropped(
    app: FastAPI, soon: None, connect: Connect
) -> None:
    """A client that asks for much and does not read cannot hold the memory for ever."""
    size = 50_000_000
    app.add_api_route("/large", lambda: Response(b"x" * size))
    deaf = connect(GET.replace(b"healthz", b"large"))
    while (
        samples(answer(connect(GET.replace(b"healthz", b"metrics")))[1]).get(
            ("rinvio_connections_closed_total", "slow"), 0
        )
        == 0
    ):
        pass
    assert len(rest(deaf)) < size


def test_what_is_cut_off_is_counted(connect: Connect) -> None:
    """/metrics tells an operator of an attack."""
    assert problem(connect(b"nonsense\r\n\r\n")) == 400
    seen = samples(answer(connect(GET.replace(b"healthz", b"metrics")))[1])
    assert seen["rinvio_connections_closed_total", "malformed"] == 1
