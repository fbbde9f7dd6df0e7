"""The service over HTTP, with a small world behind it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from fakes import build_fake, documents_of, open_fake
from starlette.testclient import TestClient

from api import create_app
from settings import load_settings
from views.schemas import BODY_LIMIT

EVIL = '<script>alert(1)</script> <img src=x onerror="alert(2)"> \u202eharbour & "tram" stop.'
FILES = {
    "lines/tram.md": "# Trams\n\nThe tram runs every ten minutes. It stops at the old harbour.",
    "evil.txt": EVIL,
    "evil.yaml": 'title: "<b>Evil</b>"',
}
ASKED = {"question": "where does the tram stop, at the harbour?"}


@pytest.fixture
def client(tmp_path: Path, no_settings: Path) -> Iterator[TestClient]:
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", FILES))
    settings = load_settings(index=tmp_path / "i", cors_origins="https://www.comune.example")
    app = create_app(settings, lambda *_: open_fake(tmp_path / "i"))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_post_and_get_answer_alike(client: TestClient) -> None:
    """Both ways give the contract's fields and the same bytes."""
    posted = client.post("/v1/ask", json=ASKED)
    got = client.get("/v1/ask", params={"q": ASKED["question"]})
    assert posted.content == got.content
    body = posted.json()
    assert list(body) == [
        "question",
        "language",
        "answered",
        "confidence",
        "reason",
        "names_not_found",
        "citation",
        "passages",
        "index_version",
    ]
    assert list(body["passages"][0]["citation"]) == [
        "id",
        "document_id",
        "title",
        "url",
        "sha256",
        "start",
        "end",
        "quote",
        "prefix",
        "suffix",
        "headings",
        "language",
        "link",
        "original",
    ]


def test_a_citation_can_be_checked_against_its_document(client: TestClient) -> None:
    """The document's text at the citation's place is the quote; ids may hold slashes."""
    citation = client.post("/v1/ask", json=ASKED).json()["passages"][0]["citation"]
    document = client.get(f"/v1/documents/{citation['document_id']}").json()
    assert document["id"] == "lines/tram"
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert document["sha256"] == citation["sha256"]


def test_documents_are_listed_in_pages(client: TestClient) -> None:
    """The list says how many there are and gives those asked for."""
    assert [d["id"] for d in client.get("/v1/documents").json()["documents"]] == [
        "evil",
        "lines/tram",
    ]
    page = client.get("/v1/documents", params={"offset": 1, "limit": 1}).json()
    assert (page["total"], [d["id"] for d in page["documents"]]) == (2, ["lines/tram"])


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
        ("GET", "/v1/documents/nope", {}, 404, "nope"),
        ("GET", "/v1/nope", {}, 404, "Not Found"),
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


def test_head_is_answered_like_get(client: TestClient) -> None:
    """Monitors and link checkers get the headers of GET without its body."""
    for path in ("/", "/healthz", "/v1/documents"):
        response = client.head(path)
        assert (response.status_code, response.content) == (200, b"")


def test_ready_names_the_generation(client: TestClient) -> None:
    """/readyz gives the version that answers carry."""
    version = client.get("/readyz").json()["index_version"]
    assert client.post("/v1/ask", json=ASKED).json()["index_version"] == version


def test_only_listed_origins_may_ask(client: TestClient) -> None:
    """CORS names exactly the listed origin, never a wildcard, and nothing for others."""
    listed, other = "https://www.comune.example", "https://comune.example"
    allowed = client.post("/v1/ask", json=ASKED, headers={"Origin": listed})
    assert allowed.headers["access-control-allow-origin"] == listed
    refused = client.post("/v1/ask", json=ASKED, headers={"Origin": other})
    assert "access-control-allow-origin" not in refused.headers


def test_pages_are_protected(client: TestClient) -> None:
    """Pages allow no script at all; every response has its id and is not sniffed."""
    page = client.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "script" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    ids = {client.get("/healthz").headers["x-request-id"] for _ in range(2)}
    assert len(ids) == 2


def test_html_in_documents_is_inert(client: TestClient) -> None:
    """Markup in titles, texts and questions is shown as words, never as markup."""
    for path in ("/?q=<script>alert(3)</script> harbour", "/read/evil", "/"):
        page = client.get(path).text
        assert "<script" not in page
        assert "<img src=x" not in page
        assert "<b>Evil" not in page
        assert "&lt;b&gt;Evil&lt;/b&gt;" in page


@pytest.mark.parametrize(("language", "words"), [("en", "Your question"), ("it", "La tua domanda")])
def test_the_page_answers_without_javascript(client: TestClient, language: str, words: str) -> None:
    """A plain form gives the quote with its link, in the language of the browser or the link."""
    header = {"Accept-Language": f"{language}-XX, fr;q=0.5"}
    page = client.get("/", params={"q": ASKED["question"]}, headers=header).text
    assert words in page
    assert "It stops at the old harbour." in page
    assert client.get("/", params={"lang": language}).text.count(words) == 1


def test_the_reader_marks_the_cited_sentence(client: TestClient) -> None:
    """The link of a citation opens the whole document with exactly that sentence marked."""
    citation = client.post("/v1/ask", json=ASKED).json()["passages"][0]["citation"]
    page = client.get(citation["link"]).text
    assert f'<mark id="cited">{citation["quote"]}</mark>' in page
    assert "The tram runs every ten minutes." in page
    gone = client.get("/read/lines/tram?c=c-0000000000000000").text
    assert "<mark" not in gone
    assert "no longer" in gone


def test_the_schema_describes_the_answers(client: TestClient) -> None:
    """OpenAPI has an example question, and every schema that a route refers to."""
    schema = client.get("/openapi.json").json()
    assert "Torino City Lab" in str(schema["components"]["schemas"]["Question"]["examples"])
    assert {"Answer", "Citation", "Problem", "WholeDocument"} <= set(
        schema["components"]["schemas"]
    )


def test_the_schema_says_what_is_refused(client: TestClient) -> None:
    """A client made from it knows the languages, and that a question is not blank."""
    schema = client.get("/openapi.json").json()
    posted = schema["components"]["schemas"]["Question"]["properties"]
    linked = {part["name"]: part for part in schema["paths"]["/v1/ask"]["get"]["parameters"]}
    for language in (posted["language"], linked["language"]["schema"]):
        assert {"en", "it", None} <= set(language["enum"])
    for question in (posted["question"], linked["q"]["schema"]):
        assert question["pattern"] == r"\S"


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/v1/ask", "GET, POST"), ("/healthz", "GET"), ("/widget/rinvio.js", "GET")],
)
def test_a_wrong_method_hears_of_all_right_ones(
    client: TestClient, path: str, methods: str
) -> None:
    """405 with the methods of every route of the path, not of the first."""
    refused = client.delete(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)


def test_two_processes_answer_in_the_same_bytes(case_study: Path) -> None:
    """Promise 5: same generation and question, byte-identical JSON."""
    script = f"""
import sys
from pathlib import Path
from qa.engine import Engine
from views.schemas import answer_json
engine = Engine.open(Path({str(case_study)!r}))
for question in ("What is Homes4all?", "Che cos'è Homes4all?", "Who is the mayor?"):
    sys.stdout.buffer.write(answer_json(engine.ask(question, explain=True)))
"""
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=True)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    assert len(runs[0].stdout) > 1000


def test_the_application_of_the_module_is_made_when_asked_for(no_settings: Path) -> None:
    """`uvicorn api:app` finds an application; another name is an AttributeError."""
    import api

    assert api.app.title == "Rinvio"
    with pytest.raises(AttributeError, match="nope"):
        api.nope  # noqa: B018
