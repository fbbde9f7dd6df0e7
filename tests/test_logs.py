"""What is logged, and what never is."""

import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from fakes import build_fake, client_of, documents_of
from running import running
from test_metrics import samples

from service.context import begin, note
from service.logs import log_config

SECRET = "where does the secret tram stop"


@pytest.fixture
def quiet_afterwards() -> Iterator[None]:
    """Leaves logging as it was before a test that configures it."""
    root = logging.getLogger()
    names = ("rinvio", "uvicorn")
    before = root.handlers[:], root.level, [logging.getLogger(name).level for name in names]
    yield
    root.handlers[:], root.level = before[0], before[1]
    for name, level in zip(names, before[2], strict=True):
        logging.getLogger(name).setLevel(level)


def logged(
    folder: Path, capsys: pytest.CaptureFixture[str], terminal: bool = False, **settings: object
) -> str:
    """What stderr gets while a question, a document and a fault are asked for."""
    with client_of(folder, **settings) as client:
        logging.config.dictConfig(log_config(terminal))
        client.get("/v1/ask", params={"q": SECRET})
        client.post("/v1/ask", json={"question": SECRET})
        client.get("/v1/documents/secret", params={"token": "secret"})
        client.app.state.live._engine = Broken()
        client.get("/", params={"q": SECRET})
        client.get("/v1/nope")
    return capsys.readouterr().err


class Broken:
    """An engine with a fault whose words quote the question."""

    index_version = "g-broken"

    def ask(self, question: str, *rest: object) -> None:
        raise ValueError(f"cannot answer {question}")


def test_a_line_a_request(
    tmp_path: Path, no_settings: Path, quiet_afterwards: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON with exactly these fields; the route is a template, the fault has its traceback."""
    lines = [json.loads(line) for line in logged(tmp_path, capsys).splitlines()]
    requests = [line for line in lines if line["message"] == "request"]
    assert list(requests[0]) == [
        "time",
        "level",
        "message",
        "method",
        "route",
        "status",
        "ms",
        "generation",
        "request_id",
    ]
    assert [(line["method"], line["route"], line["status"]) for line in requests] == [
        ("GET", "/v1/ask", 200),
        ("POST", "/v1/ask", 200),
        ("GET", "/v1/documents/{document_id}", 404),
        ("GET", "/", 500),
        ("GET", "unmatched", 404),
    ]
    assert "generation" not in requests[-1]
    (fault,) = (line for line in lines if line["level"] == "ERROR")
    assert fault["request_id"] == requests[3]["request_id"]
    assert "ValueError: cannot answer [question]" in fault["traceback"]


@pytest.mark.parametrize("terminal", [True, False])
def test_questions_are_not_logged(
    tmp_path: Path,
    no_settings: Path,
    quiet_afterwards: None,
    capsys: pytest.CaptureFixture[str],
    terminal: bool,
) -> None:
    """No question, query string, path or address of a client reaches the log."""
    said = logged(tmp_path, capsys, terminal)
    assert said.count("/v1/ask") == 2
    assert "secret" not in said
    assert "203.0.113" not in said


@pytest.mark.parametrize("terminal", [True, False])
def test_questions_are_logged_where_that_is_switched_on(
    tmp_path: Path,
    no_settings: Path,
    quiet_afterwards: None,
    capsys: pytest.CaptureFixture[str],
    terminal: bool,
) -> None:
    """`log_questions` adds the question, however it was asked; nothing else of the client."""
    said = logged(tmp_path, capsys, terminal, log_questions=True)
    assert said.count(f"{SECRET}") == 3
    assert "token" not in said


def test_a_question_makes_one_line(
    quiet_afterwards: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line breaks in a question cannot forge a line of the log for people."""
    logging.config.dictConfig(log_config(terminal=True))
    said = {"method": "GET", "route": "/", "status": 200, "ms": 1, "question": "a\nERROR b"}
    logging.getLogger("rinvio.request").info("request", extra=said)
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("words", [str, str.strip, str.lower, str.title, repr])
@pytest.mark.parametrize("question", [" Is my illness X? ", 'it\'s "X"?', "line\nX?", "a\xa0X?"])
def test_an_error_that_quotes_a_question_is_logged_without(
    capsys: pytest.CaptureFixture[str],
    quiet_afterwards: None,
    question: str,
    words: Callable[[str], str],
) -> None:
    """As it came, without the space around it, in other capitals, and as Python writes it."""
    logging.config.dictConfig(log_config(terminal=True))
    begin("1")
    note(question=question)
    try:
        raise ValueError(words(question.strip()))
    except ValueError:
        logging.getLogger("rinvio").exception("failed")
    said = capsys.readouterr().err
    assert "ValueError: " in said
    assert "[question]" in said
    assert "X" not in said
    assert "x?" not in said


def test_outside_of_a_request_nothing_is_noted() -> None:
    """A question that the command line asks needs no request."""
    note(question="tram?")
    facts = begin("1")
    note(question="harbour?")
    note(generation="g-1")
    assert (facts.question, facts.generation) == ("harbour?", "g-1")


def test_the_service_logs_json_and_no_question(tmp_path: Path, no_settings: Path) -> None:
    """`rinvio serve` writes JSON lines only, its workers too; they share their metrics."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "The tram stops."}))
    with running(tmp_path / "i", workers=2) as service, httpx2.Client() as client:
        for _ in range(5):
            answer = client.get(f"{service.address}/v1/ask", params={"q": SECRET})
            assert answer.status_code == 503  # the fake encoder is not one to be served
        seen = samples(client.get(f"{service.address}/metrics").text)
    assert seen["rinvio_requests_total", "/v1/ask", "5xx"] == 5
    lines = [json.loads(line) for line in service.lines]
    assert sum(line.get("route") == "/v1/ask" for line in lines) == 5
    assert "secret" not in "".join(service.lines)
