"""What every response carries, and which bodies are read."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fakes import client_of
from starlette.types import Message

from service.bodies import BodyDeadline

PARTNER = "https://www.comune.example"
ASK = "/v1/ask?q=tram"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/", {}, 200),
        ("GET", "/assets/rinvio.css", {}, 200),
        ("GET", ASK, {}, 200),
        ("HEAD", ASK, {}, 200),
        ("GET", "/v1/nope", {}, 404),
        ("GET", "/read/nope", {}, 404),
        ("PUT", "/v1/ask", {}, 405),
        ("POST", "/v1/ask", {"content": b"x" * 20_000, "headers": JSON}, 413),
        ("POST", "/v1/ask", {"content": b"{"}, 415),
        ("GET", "/metrics", {}, 403),
        ("OPTIONS", "/v1/ask", {"headers": {"Origin": "https://evil.example"}}, 405),
        ("GET", "/?q=broken", {}, 500),
    ],
)
def test_every_response_is_protected(
    tmp_path: Path, no_settings: Path, method: str, path: str, options: dict, status: int
) -> None:
    """Whatever the status: an id, no sniffing, no referrer, no use by other sites, a policy."""
    with client_of(tmp_path, cors_origins=PARTNER) as client:
        if status == 500:
            client.app.state.live._engine = object()
        response = client.request(method, path, **options)
    assert response.status_code == status
    headers = response.headers
    assert len(headers["x-request-id"]) == 32
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "server" not in headers
    page = headers["content-type"].startswith("text/html")
    assert ("form-action 'self'" in headers["content-security-policy"]) is page
    assert ("permissions-policy" in headers) is page
    assert (headers.get("cross-origin-opener-policy") == "same-origin") is page
    for name in headers:  # none twice
        assert len(headers.get_list(name)) == 1, name


def preflight(origin: str, method: str = "POST", header: str = "content-type") -> dict[str, str]:
    """The headers by which a browser asks whether it may ask."""
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": header,
    }


def test_scripts_of_allowed_origins_may_ask_and_read(tmp_path: Path, no_settings: Path) -> None:
    """A preflight is answered without a key; answers show ETag, Retry-After and the id."""
    keys = "a-key-of-the-museum"
    with client_of(tmp_path, cors_origins=PARTNER, api_keys=keys, rate_limit="1/day") as client:
        for _ in range(3):  # nor do preflights count
            allowed = client.options("/v1/ask", headers=preflight(PARTNER))
            assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == PARTNER
        answer = client.get(ASK, headers={"Origin": PARTNER})
    assert answer.status_code == 200
    exposed = {name.strip() for name in answer.headers["access-control-expose-headers"].split(",")}
    assert exposed == {"ETag", "Retry-After", "X-Request-ID"}
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("origins", ["", PARTNER])
@pytest.mark.parametrize("origin", [PARTNER, "https://other.example", "null"])
def test_any_page_may_see_that_it_is_alive(
    tmp_path: Path, no_settings: Path, origins: str, origin: str
) -> None:
    """Whether it may ask or not, so that it can tell the one from the other."""
    with client_of(tmp_path, cors_origins=origins) as client:
        alive = client.get("/widget/alive", headers={"Origin": origin})
    assert alive.status_code == 204
    assert alive.headers["access-control-allow-origin"] == "*"
    assert alive.headers["cache-control"] == "no-store"


def test_scripts_hear_of_faults(tmp_path: Path, no_settings: Path) -> None:
    """A 500 carries what lets a script of an allowed origin see it."""
    with client_of(tmp_path, cors_origins=PARTNER) as client:
        client.app.state.live._engine = object()
        fault = client.get("/v1/documents", headers={"Origin": PARTNER})
    assert fault.status_code == 500
    assert fault.headers["access-control-allow-origin"] == PARTNER


@pytest.mark.parametrize(
    "asked",
    [
        preflight("https://evil.example"),
        preflight(f"{PARTNER}.evil.example"),
        preflight(PARTNER, method="DELETE"),
        preflight(PARTNER, header="authorization"),
    ],
)
def test_others_hear_a_problem(tmp_path: Path, no_settings: Path, asked: dict[str, str]) -> None:
    """A preflight that is refused is a problem document like any error."""
    with client_of(tmp_path, cors_origins=PARTNER) as client:
        refused = client.options("/v1/ask", headers=asked)
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("Disallowed CORS")
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["content-length"]) == len(refused.content)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b'{"question": "tram?"}', 200, ""),
        (b'{"question": "tram?", "k": 5.0}', 200, ""),
        (b'{"question": "tram?", "k": 5.5}', 422, "body.k"),
        (b'{"question": "a", "question": "b"}', 422, "'question' stands twice"),
        (b'{"question": "a", "k": NaN}', 422, "NaN is no JSON"),
        (b'{"question": "a", "k": -Infinity}', 422, "-Infinity is no JSON"),
        (b'{"question": "a", "k": 1e999}', 422, "body.k"),
        (b'{"question": "a", "k": ' + b"9" * 5000 + b"}", 422, "digits"),
        (b'{"question": "a", "k": ' + b"[" * 8000 + b"]" * 8000 + b"}", 422, "recursion"),
        ('{"question": "a"}'.encode("utf-16"), 422, "utf-8"),
        (b'{"question": "\xff"}', 422, "utf-8"),
        (b'\xef\xbb\xbf{"question": "a"}', 422, "JSON"),
        (b'{"question": "a"} x', 422, "JSON"),
        (b"[]", 422, "body"),
        (b"null", 422, "body"),
        (b"", 422, "body"),
    ],
)
def test_json_is_read_strictly(
    tmp_path: Path, no_settings: Path, body: bytes, status: int, words: str
) -> None:
    """Only JSON in UTF-8 with each field once; a problem document says what is wrong."""
    with client_of(tmp_path) as client:
        response = client.post("/v1/ask", content=body, headers=JSON)
    assert response.status_code == status
    if words:
        assert words in response.json()["detail"]


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "x"])
def test_a_body_says_that_it_is_json(tmp_path: Path, no_settings: Path, kind: str | None) -> None:
    """Forms and plain text, which any site may send, are answered 415."""
    headers = {"Content-Type": kind} if kind else {}
    with client_of(tmp_path) as client:
        response = client.post("/v1/ask", content=b'{"question": "tram?"}', headers=headers)
        assert (response.status_code, response.headers["accept"]) == (415, "application/json")
        named = {"Content-Type": "Application/JSON; charset=utf-8"}
        assert (
            client.post("/v1/ask", content=b'{"question": "a"}', headers=named).status_code == 200
        )


def test_a_slow_body_is_not_waited_for(tmp_path: Path, no_settings: Path) -> None:
    """408 in a problem document, and the connection is to be closed."""
    with client_of(tmp_path) as client:
        sent = asyncio.run(_post(BodyDeadline(client.app, seconds=0.05), b'{"question": "tr'))
    start, body = sent
    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]
    assert b"did not arrive within 0.05 seconds" in body["body"]


async def _post(app: Any, beginning: bytes) -> list[Message]:
    """What is sent to a client whose body never ends."""
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/ask",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "client": ("203.0.113.5", 1),
        "server": ("testserver", 80),
        "state": {},
    }
    arriving = iter([{"type": "http.request", "body": beginning, "more_body": True}])
    sent: list[Message] = []

    async def receive() -> Message:
        for message in arriving:
            return message
        return await asyncio.get_running_loop().create_future()

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent
