"""What the server does with requests that are too large, broken, or too many at once."""

import threading
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from byte_by_byte import GET, Connect, answer, problem, rest
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect
from test_connections import closed

from service.connections import HEAD_LIMIT, PIPELINE

CHUNKED = GET.replace(b"Host: a", b"Host: a\r\nTransfer-Encoding: chunked")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\nX: " + b"y" * HEAD_LIMIT, 431),
        (b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * (HEAD_LIMIT // 2) + b"\r\n", 431),
        (b"GET /" + b"y" * HEAD_LIMIT + b" HTTP/1.1\r\n\r\n", 431),
        (b"hello\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00", 400),
        (b"GET /healthz HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (GET.replace(b"Host", b"Transfer-Encoding: xchunked\r\nHost"), 400),
        (CHUNKED + b"-1\r\n", 400),
        (CHUNKED.replace(b"GET /healthz", b"POST /v1/ask") + b"1\r\nabc", 400),
    ],
)
def test_what_is_too_large_or_broken_is_refused(connect: Connect, data: bytes, status: int) -> None:
    """A flood of headers, an endless header or address, TLS, nonsense, chunks that are none."""
    assert problem(connect(data)) == status


@pytest.mark.parametrize("path", ["/v1/ask?q=chi+è+il+sindaco", "/perché"])
def test_an_address_that_is_not_encoded_is_told_how(connect: Connect, path: str) -> None:
    """Command-line clients send what was typed."""
    told = rest(connect(GET.replace(b"/healthz", path.encode())))
    assert told.startswith(b"HTTP/1.1 400")
    assert "è in it is written %C3%A8".encode() in told


def test_what_is_wrong_behind_a_request_is_no_answer_to_it(connect: Connect) -> None:
    """A client would take the refusal of the second for what the first had asked for."""
    assert rest(connect(GET + b"hello\r\n\r\n")) == b""
    assert rest(connect(GET + CHUNKED + b"-1\r\n")) == b""


def test_a_body_that_goes_wrong_ends_its_response(app: FastAPI, connect: Connect) -> None:
    """Nothing is written into a response that has begun, or behind the refusal."""
    begun = threading.Event()

    async def pieces(request: Request) -> AsyncIterator[bytes]:
        yield b"begun"
        begun.set()
        with suppress(ClientDisconnect):
            await request.body()

    @app.post("/begun")
    async def begin(request: Request) -> Response:
        return StreamingResponse(pieces(request))

    client = connect(CHUNKED.replace(b"GET /healthz", b"POST /begun"))
    assert begun.wait(10)
    client.sendall(b"-1\r\n")
    assert rest(client).count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("body", [b"Content-Length: 36", b"Transfer-Encoding: chunked"])
def test_no_request_hides_in_the_body_of_another(connect: Connect, body: bytes) -> None:
    """What follows an Upgrade would be read as the next request, of whoever a proxy serves next."""
    upgrade = GET.replace(b"Host", b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + body + b"\r\nHost")
    hidden = connect(upgrade)
    with suppress(ConnectionError):
        hidden.sendall(GET)
    assert problem(hidden) == 400


@pytest.mark.parametrize("trailer", [b"X: " + b"y" * 2 * HEAD_LIMIT, b"X: y\r\n" * HEAD_LIMIT])
def test_what_follows_a_body_has_an_end(connect: Connect, trailer: bytes) -> None:
    """Endless lines after the last chunk are not kept while the request is never whole."""
    endless = connect(CHUNKED)
    endless.sendall(b"1\r\na\r\n0\r\n")
    with suppress(ConnectionError):  # the system may take all of it before the server looks
        for _ in range(100):
            endless.sendall(trailer)
    rest(endless)
    assert closed(connect) == {"oversized": 1}


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
