"""What the server does with connections that are slow, or too many."""

import threading
import time
from asyncio import Transport

import pytest
from byte_by_byte import GET, SOON, Connect, answer, problem, rest
from fastapi import FastAPI, Response
from test_metrics import samples

from service import connections


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


def test_a_body_that_comes_after_its_answer_holds_nothing(soon: None, connect: Connect) -> None:
    """Then the connection waits like any other, and ends like any other."""
    late = connect(GET.replace(b"Host", b"Content-Length: 1\r\nHost"))
    assert answer(late)[0] == 200
    late.sendall(b"1")
    assert rest(late) == b""


@pytest.mark.parametrize("ending", [b"Connection: close\r\n", b""])
def test_a_last_response_that_is_not_taken_is_dropped(
    app: FastAPI, soon: None, connect: Connect, monkeypatch: pytest.MonkeyPatch, ending: bytes
) -> None:
    """Also where it is little enough for the server to hold, which then has no more to write.

    A connection that stays open for more requests is closed when none comes.
    """
    made = connections.Guarded.connection_made

    def held(self: connections.Guarded, transport: Transport) -> None:
        made(self, transport)
        transport.set_write_buffer_limits(high=2**30)
        self.timeout_keep_alive = SOON

    monkeypatch.setattr(connections.Guarded, "connection_made", held)
    app.add_api_route("/large", lambda: Response(b"x" * 50_000_000))
    connect(b"GET /large HTTP/1.1\r\nHost: a\r\n" + ending + b"\r\n")
    deadline = time.monotonic() + 60
    while "slow" not in (said := closed(connect)):
        assert time.monotonic() < deadline, said


def closed(connect: Connect) -> dict[str, float]:
    """How many connections of the service were closed, by reason."""
    seen = samples(answer(connect(GET.replace(b"healthz", b"metrics")))[1])
    total = "rinvio_connections_closed_total"
    return {
        reason: value
        for (name, *reasons), value in seen.items()
        if name == total
        for reason in reasons
    }


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
    deadline = time.monotonic() + 60
    while "slow" not in (said := closed(connect)):
        assert time.monotonic() < deadline, said
    assert len(rest(deaf)) < size


def test_what_is_cut_off_is_counted(connect: Connect) -> None:
    """/metrics tells an operator of an attack."""
    assert problem(connect(bytes(20_000))) == 400
    assert closed(connect) == {"malformed": 1}
