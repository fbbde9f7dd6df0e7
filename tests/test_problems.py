"""What the service says when it cannot answer: problem documents that name what is wrong."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api import create_app
from settings import load_settings
from views.schemas import BODY_LIMIT


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "words"),
    [
        ("POST", "/v1/ask", {"json": {"question": ""}}, 422, "question"),
        ("POST", "/v1/ask", {"json": {"question": " "}}, 422, "empty"),
        ("POST", "/v1/ask", {"json": {"question": 3}}, 422, "string"),
        ("POST", "/v1/ask", {"json": {"question": "a", "k": "5"}}, 422, "k"),
        ("POST", "/v1/ask", {"json": {"question": "a", "k": 101}}, 422, "k"),
        ("POST", "/v1/ask", {"json": {"question": "a", "kk": 1}}, 422, "kk"),
        ("POST", "/v1/ask", {"json": {"question": "a", "language": "xx"}}, 422, "xx"),
        ("POST", "/v1/ask", {"json": {"question": "x" * 1001}}, 422, "1000"),
        ("POST", "/v1/ask", {"content": b'{"question": "\\ud800"}'}, 422, "question"),
        ("POST", "/v1/ask", {"content": b"{"}, 422, "JSON"),
        ("POST", "/v1/ask", {"content": b"x" * (BODY_LIMIT + 1)}, 413, "bytes"),
        ("POST", "/v1/ask", {"content": iter([b"x" * BODY_LIMIT, b"x"])}, 413, "bytes"),
        ("GET", "/v1/ask", {}, 422, "query.q"),
        ("GET", "/v1/ask?q=a&k=0", {}, 422, "query.k"),
        ("GET", "/v1/ask?q=a&kk=3", {}, 422, "query.kk"),
        ("GET", "/v1/ask?q=a&k=3&q=b", {}, 422, "'q' stands twice"),
        ("GET", "/v1/ask?q=ma%FFyor", {}, 422, "not valid Unicode. Send it as UTF-8"),
        ("GET", "/v1/ask?q=%ED%A0%80", {}, 422, "not valid Unicode. Send it as UTF-8"),
        ("GET", "/v1/documents/nope", {}, 404, "nope"),
        ("GET", "/v1/nope", {}, 404, "Not Found"),
        ("GET", "/v1/ask/", {"follow_redirects": False}, 404, "Not Found"),
        ("DELETE", "/v1/ask", {}, 405, "Method Not Allowed"),
    ],
)
def test_every_error_is_a_problem_document(
    client: TestClient, method: str, path: str, options: dict, status: int, words: str
) -> None:
    """RFC 9457: media type, status and a detail that names what is wrong."""
    headers = {"content-type": "application/json"}
    response = client.request(method, path, headers=headers, **options)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert words in problem["detail"]


def test_without_an_index_it_says_so(no_settings: Path) -> None:
    """Alive but not ready: 503 with Retry-After, and no path of the machine in it."""
    with TestClient(create_app(load_settings())) as client:
        assert client.get("/healthz").status_code == 200
        for path in ("/readyz", "/v1/ask?q=tram", "/v1/documents", "/"):
            response = client.get(path)
            assert (response.status_code, response.headers["retry-after"]) == (503, "5")
            assert str(no_settings) not in response.text


def test_an_unexpected_error_tells_nothing(client: TestClient) -> None:
    """A fault of our own is a 500 problem without its inner words."""
    client.app.state.live._engine = object()
    response = client.get("/v1/documents")
    assert response.status_code == 500
    assert "object" not in response.json()["detail"]


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/v1/ask", "GET, HEAD, POST"), ("/healthz", "GET, HEAD"), ("/widget/rinvio.js", "GET, HEAD")],
)
def test_a_wrong_method_hears_of_all_right_ones(
    client: TestClient, path: str, methods: str
) -> None:
    """405 with the methods of every route of the path, not of the first."""
    refused = client.delete(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)


def test_a_page_asks_nothing_but_what_was_sent(client: TestClient) -> None:
    """Of bytes that are no text another question would be made."""
    told = client.get("/?q=ma%FFyor&lang=en")
    assert told.status_code == 422
    assert "has to be text" in told.text
    assert client.get("/?q=perch%C3%A9").status_code == 200


def test_a_form_that_posts_is_told_how_to_send(client: TestClient) -> None:
    """Whoever made it can mend it; to try again would not help."""
    told = client.post("/", data={"q": "trams"}, headers={"Accept-Language": "en"})
    assert told.status_code == 405
    assert "method=&#34;get&#34;" in told.text
    assert "try again" not in told.text
