"""A document as the reader shows it: whole, in order, the cited words marked once."""

import re
from pathlib import Path

import pytest
from fakes import build_fake, documents_of, open_fake
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from test_citations import TEXTS

from api import create_app
from corpus.document import Document, Sentence
from index.ledger import LEDGER_FILE, citation_id
from qa.citation import cite_place
from settings import load_settings
from views.reader import Block, reader_blocks

FRONT = "---\ntitle: Trams\n---\n"
LED = "The network was led by the U.S."


def read(folder: Path, name: str, text: str) -> Document:
    [document] = documents_of(folder, {name: text})
    return document


def shown(blocks: list[Block]) -> str:
    return "".join(block.before + block.marked + block.after for block in blocks)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(TEXTS, st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_is_lost_and_the_words_are_marked_once(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    """Whatever a text holds, every word is shown in order, and any stretch of it can be marked."""
    document = read(tmp_path_factory.mktemp("r"), "a.txt", text)
    block = data.draw(st.sampled_from(document.blocks))
    start = data.draw(st.integers(block.start, block.end - 1))
    end = data.draw(st.integers(start + 1, block.end))
    blocks = list(reader_blocks(document, cite_place(document, Sentence(start, end))))
    assert [each.marked for each in blocks if each.marked] == [document.text[start:end]]
    assert bare(shown(blocks)) == bare(document.text)
    addresses = [each.id for each in blocks if each.id]
    assert len(set(addresses)) == len(addresses)


def test_paragraphs_end_at_blank_lines_of_any_kind(tmp_path: Path) -> None:
    """A line end is not a paragraph's, a blank line is, with or without carriage returns."""
    for end in ("\n", "\r\n", "\r"):
        text = f"One goes{end}on here.{end}{end} {end}Two ends here.{end}"
        blocks = list(reader_blocks(read(tmp_path, "a.txt", text)))
        assert [block.before for block in blocks] == [f"One goes{end}on here.", "Two ends here."]


def test_headings_descend_one_step_at_a_time(tmp_path: Path) -> None:
    """Levels that a document leaves out are closed up, and the title of the page is above all."""
    text = "# A\n\nText.\n\n#### B\n\nText.\n\n# A\n\nText.\n\nA 2\n===\n\nText."
    blocks = list(reader_blocks(read(tmp_path, "a.md", text)))
    headings = [(each.before, each.level, each.id) for each in blocks if each.kind == "heading"]
    assert headings == [("A", 2, "s-a"), ("B", 3, "s-b"), ("A", 2, "s-a.2"), ("A 2", 2, "s-a-2")]


def test_front_matter_stands_aside(tmp_path: Path) -> None:
    """The fields at the top of a Markdown file are a block of their own."""
    blocks = list(reader_blocks(read(tmp_path, "a.md", FRONT + "The tram stops.")))
    assert [(block.kind, block.before) for block in blocks] == [
        ("front", FRONT.strip()),
        ("paragraph", "The tram stops."),
    ]


@pytest.mark.parametrize("text", [FRONT + "The tram stops.", "---\n\nLines\n\nIt stops.\n---\n"])
def test_what_is_cited_is_never_folded_away(tmp_path: Path, text: str) -> None:
    """Lines that only look like front matter stay in sight where they hold cited words."""
    document = read(tmp_path, "a.txt", text)
    for block in document.blocks:
        blocks = reader_blocks(document, cite_place(document, Sentence(block.start, block.end)))
        assert "".join(each.marked for each in blocks if each.kind == "paragraph")


def client_after(folder: Path, *versions: dict[str, str]) -> TestClient:
    """A client of the service whose documents were these files, one version after another."""
    for number, files in enumerate(versions):
        build_fake(folder / "i", documents_of(folder / str(number), files))
    engine = open_fake(folder / "i")
    return TestClient(create_app(load_settings(index=folder / "i"), lambda *_: engine))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", LED + " Nine cities joined."),
        ("a.txt", "It is new. " + LED + " Nine cities joined."),
        ("a.txt", LED + " government\n\nNine cities joined."),
        ("a.md", f"{LED}\n---\n\nNine cities joined."),
        ("a.md", f"---\ntitle: {LED}\n---\nNine cities joined."),
    ],
)
def test_an_old_link_marks_words_that_are_no_sentence_now(
    tmp_path: Path, no_settings: Path, name: str, text: str
) -> None:
    """Words that a link of a report leads to are marked wherever they stand, and can be taken."""
    identity = citation_id("a", LED)
    with client_after(tmp_path, {"a.txt": LED}, {name: text}) as client:
        page = client.get(f"/read/a?lang=en&c={identity}").text
        assert page.count(f'<mark id="cited">{LED}</mark>') == page.count("<mark") == 1
        assert "The cited sentence</h2>" in page
        assert client.get(f"/v1/citations/{identity}/plain").status_code == 200


def test_words_of_another_document_are_not_marked(tmp_path: Path, no_settings: Path) -> None:
    """A citation belongs to its document, even where another one has its words."""
    files = {"a.txt": LED, "b.txt": LED + " Nine cities joined."}
    with client_after(tmp_path, files) as client:
        page = client.get(f"/read/b?lang=en&c={citation_id('a', LED)}").text
        assert "<mark" not in page


def test_a_document_is_shown_whatever_became_of_the_ledger(
    tmp_path: Path, no_settings: Path
) -> None:
    """A link whose sentence has changed still leads to the document it was taken from."""
    with client_after(tmp_path, {"a.txt": LED}, {"a.txt": "Nine cities joined."}) as client:
        (tmp_path / "i" / LEDGER_FILE).write_bytes(b"?" * 8192)
        page = client.get(f"/read/a?lang=en&c={citation_id('a', LED)}")
        assert page.status_code == 200
        assert "Nine cities joined." in page.text


@pytest.mark.parametrize(
    ("quote", "language"), [("La mensa costa 4 euro.", "it"), ("تفتح المكتبة في التاسعة.", "")]
)
def test_a_quote_whose_document_is_gone_is_in_a_language_of_those_here(
    tmp_path: Path, no_settings: Path, quote: str, language: str
) -> None:
    """A guess among all languages takes short Italian sentences for Spanish; none is Arabic."""
    kept = {"b.txt": "La biblioteca comunale apre alle nove di ogni mattina."}
    files = {"a.txt": quote, "a.yaml": f"language: {language or 'ar'}\n", **kept}
    with client_after(tmp_path, files, kept) as client:
        page = client.get(f"/read/a?lang=en&c={citation_id('a', quote)}").text
        assert f'<blockquote lang="{language}" dir="auto"><p>{quote}</p>' in page


def test_a_language_without_a_name_is_left_out(tmp_path: Path, no_settings: Path) -> None:
    """In the list of documents and above the document: its code is no word."""
    sidecar = "language: ar\npublisher: Comune\nurl: https://a.example/\n"
    with client_after(tmp_path, {"a.txt": "تفتح المكتبة في التاسعة.", "a.yaml": sidecar}) as client:
        for path in ("/?lang=en", "/read/a?lang=en"):
            assert 'class="place"><bdi lang="ar">Comune</bdi> · <a' in client.get(path).text
