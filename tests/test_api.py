"""The service over HTTP, with a small world behind it."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from small_service import ASKED
from starlette.testclient import TestClient

from views.strings import page_language


def test_post_and_get_answer_alike(client: TestClient) -> None:
    """Both ways give the contract's fields and the same bytes, as with no language chosen."""
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
    chosen = client.get("/v1/ask", params={"q": ASKED["question"], "language": ""})
    assert chosen.content == got.content
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


def test_a_list_reads_no_texts(client: TestClient) -> None:
    """It gives what each document says of itself, and leaves those in memory that are asked of."""
    store = client.app.state.live.engine.generation.store
    store.document.cache.clear()
    listed = client.get("/v1/documents").json()["documents"]
    assert "Trams" in client.get("/").text
    assert not store.document.cache
    for each in listed:
        whole = client.get(f"/v1/documents/{each['id']}").json()
        assert each == {name: whole[name] for name in each}
        assert each["characters"] == len(whole["text"])


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


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("it", "it"),
        ("en; q=0.1, it", "it"),
        ("en;q=0.8,it;q=0.9", "it"),
        ("it;q=0, fr", "en"),
        ("fr, it-CH;q=0.2", "it"),
        ("it;q=much", "en"),
        ("", "en"),
    ],
)
def test_the_browser_s_languages_are_weighed(accepted: str, language: str) -> None:
    """As RFC 9110 has it: a weight may stand behind a space, and 0 means not at all."""
    assert page_language(None, accepted) == language


def test_the_reader_marks_the_cited_sentence(client: TestClient) -> None:
    """The link of a citation opens the whole document with exactly that sentence marked."""
    citation = client.post("/v1/ask", json=ASKED).json()["passages"][0]["citation"]
    page = client.get(citation["link"]).text
    assert f'<mark id="cited">{citation["quote"]}</mark>' in page
    assert "The tram runs every ten minutes." in page
    gone = client.get("/read/lines/tram?c=c-0000000000000000").text
    assert "<mark" not in gone
    assert "is not in this document" in gone


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
