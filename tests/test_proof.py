"""What has become of a citation, over generations."""

from pathlib import Path

import pytest
from fakes import build_fake, documents_of, open_fake
from starlette.testclient import TestClient

from api import create_app
from corpus.document import Document
from corpus.errors import GenerationError
from index.generation import verify_spans
from index.ledger import Given, citation_id
from index.publishing import current
from index.store import STORE_FILE, Store
from qa.citation import find_cited
from qa.proof import Proof, prove
from settings import load_settings

TRAM = "The tram stops at the old harbour every morning."
LED = "The network was led by the U.S."
LAW = "Il dott. Bianchi parla della legge. La legge è del 2019."


def built(folder: Path, name: str, text: str) -> None:
    """Publish a generation whose only document is `text`."""
    build_fake(folder / "i", documents_of(folder / name, {f"{name}.txt": text}))


@pytest.mark.parametrize(
    ("text", "status", "quote"),
    [
        (TRAM + " A new line opens soon.", "unchanged", TRAM),
        ("A new line opens soon. " + TRAM, "moved", TRAM),
        (TRAM.replace("morning", "evening"), "changed", TRAM.replace("morning", "evening")),
        ("Swimming is free of charge on Sundays.", "gone", None),
    ],
)
def test_a_citation_is_followed_through_later_generations(
    tmp_path: Path, text: str, status: str, quote: str | None
) -> None:
    """A citation given out earlier is unchanged, moved, changed or gone, with its new place."""
    index = tmp_path / "i"
    build_fake(index, documents_of(tmp_path / "d", {"a.txt": TRAM}))
    given = open_fake(index).ask("where does the tram stop?").passages[0].citation
    for later in ("Nothing of it here, for a while.", text):
        build_fake(index, documents_of(tmp_path / "d", {"a.txt": later}))
    proof = open_fake(index).prove(given.id)
    assert (proof.status, proof.quote, proof.sha256) == (status, TRAM, given.sha256)
    assert (proof.now.quote if proof.now else None) == quote


def followed(
    folder: Path, before: dict[str, str], after: dict[str, str], quote: str
) -> tuple[Proof, Document]:
    """What has become of a quote of document `a` after these files took the place of those."""
    for number, files in enumerate((before, after)):
        build_fake(folder / "i", documents_of(folder / str(number), files))
    engine = open_fake(folder / "i")
    proof = engine.prove(citation_id("a", quote))
    assert proof is not None
    return proof, engine.document("a")


@pytest.mark.parametrize(
    ("before", "after", "quote"),
    [
        (
            {"a.txt": LAW, "a.yaml": "language: en"},
            {"a.txt": LAW, "a.yaml": "language: it"},
            "Il dott.",
        ),
        ({"a.txt": LED}, {"a.txt": LED + " Nine cities joined."}, LED),
        ({"a.txt": "# " + TRAM}, {"a.md": "# " + TRAM + "\n\nIt is new."}, "# " + TRAM),
        ({"a.txt": "The tram\n- stops."}, {"a.md": "The tram\n- stops."}, "The tram\n- stops."),
        ({"a.txt": "Free entry"}, {"a.txt": "Free entry\n\nIt is new."}, "Free entry"),
        ({"a.txt": TRAM}, {"a.txt": TRAM + "[1]"}, TRAM),
    ],
)
def test_words_that_stand_where_they_stood_are_unchanged(
    tmp_path: Path, before: dict[str, str], after: dict[str, str], quote: str
) -> None:
    """Wherever sentences begin and end today, words in their old place are the citation."""
    proof, document = followed(tmp_path, before, after, quote)
    assert (proof.status, proof.now.id, proof.now.start) == ("unchanged", proof.id, proof.start)
    assert document.text[proof.now.start : proof.now.end] == proof.now.quote == quote


def test_words_are_found_nearest_to_their_old_place(tmp_path: Path) -> None:
    """Where no sentence is the quote, it has moved to the nearest place that has its words."""
    [document] = documents_of(tmp_path, {"a.txt": f"-----{TRAM:95}" * 3})
    for old, new in ((0, 5), (100, 105), (140, 105), (160, 205), (400, 205)):
        given = Given("a", "", old, old + len(TRAM), TRAM)
        span = find_cited(document, [], "c-0", given)
        proof = prove("c-0", given, document, span, [], "")
        assert (proof.status, proof.now.start, proof.now.quote) == ("moved", new, TRAM)


@pytest.mark.parametrize(
    ("quote", "later"),
    [
        ("It rose by 3.", "It rose by 3.5 percent."),
        ("5 million came.", "It is new: 3.5 million came."),
        ("Maria came.", "Then Anna-Maria came."),
        ("It is a caffe", "It is a caffe\u0300"),
        ("The tram", "The trams are new."),
    ],
)
def test_parts_of_words_and_numbers_are_not_the_quote(
    tmp_path: Path, quote: str, later: str
) -> None:
    """Where a word or a number goes on, other words stand there than were cited."""
    proof, _ = followed(tmp_path, {"a.txt": quote}, {"a.txt": later}, quote)
    assert proof.status in {"changed", "gone"}


def test_a_quote_within_every_word_is_found_where_it_is_whole(tmp_path: Path) -> None:
    """However often one letter stands inside of words before."""
    [document] = documents_of(tmp_path, {"a.txt": "x" + "xy" * 100_000 + " x"})
    given = Given("a", "", 0, 1, "x")
    assert find_cited(document, [], "c-0", given).start == len(document.text) - 1


def test_what_stands_unchanged_keeps_its_id(tmp_path: Path) -> None:
    """Also where a blank line parts two sentences today that were one quote: the link works."""
    built(tmp_path, "a", "The tram opened in 2018. It runs to the harbour every day.")
    given = open_fake(tmp_path / "i").ask("where does it run?").passages[0].citation
    built(tmp_path, "a", "The tram opened in 2018.\n\nIt runs to the harbour every day.")
    engine = open_fake(tmp_path / "i")
    proof = engine.prove(given.id)
    assert (proof.status, proof.now.id) == ("unchanged", given.id)
    assert engine.cited(engine.document("a"), given.id) == proof.now


def test_words_broken_otherwise_are_the_same_words(tmp_path: Path) -> None:
    """Another line break, or a line end of Windows, changes no citation."""
    built(tmp_path, "a", "It was planted by forty volunteers from the town.\n\nThe end.")
    given = open_fake(tmp_path / "i").ask("who planted it?").passages[0].citation
    built(tmp_path, "a", "It was planted by forty\r\nvolunteers from the town.\r\n\r\nThe end.")
    proof = open_fake(tmp_path / "i").prove(given.id)
    assert proof.status == "unchanged"
    assert proof.now.quote == "It was planted by forty\r\nvolunteers from the town."


def test_a_citation_of_a_removed_document_is_gone(tmp_path: Path) -> None:
    """Without its document a citation is gone, and still known word for word."""
    built(tmp_path, "a", TRAM)
    given = open_fake(tmp_path / "i").ask("where does the tram stop?").passages[0].citation
    built(tmp_path, "b", "The pool is closed.")
    proof = open_fake(tmp_path / "i").prove(given.id)
    assert (proof.status, proof.now, proof.quote) == ("gone", None, TRAM)


def test_a_renamed_document_has_citations_of_its_own(tmp_path: Path) -> None:
    """The same text under another id is known as what it is cited as."""
    for name in ("a", "b"):
        (tmp_path / "d").mkdir(exist_ok=True)
        for old in (tmp_path / "d").iterdir():
            old.unlink()
        build_fake(tmp_path / "i", documents_of(tmp_path / "d", {f"{name}.txt": TRAM}))
    engine = open_fake(tmp_path / "i")
    citation = engine.ask("where does the tram stop?").passages[0].citation
    assert (citation.document_id, engine.prove(citation.id).status) == ("b", "unchanged")


def test_a_version_can_be_named(tmp_path: Path) -> None:
    """With the sha256 of the version it was cited from, a moved sentence is in its place."""
    index = tmp_path / "i"
    for text in (TRAM, "A new line opens soon. " + TRAM):
        build_fake(index, documents_of(tmp_path / "d", {"a.txt": text}))
    engine = open_fake(index)
    now = engine.ask("where does the tram stop?").passages[0].citation
    assert engine.prove(now.id).status == "moved"
    assert engine.prove(now.id, now.sha256).status == "unchanged"
    assert engine.prove(now.id, "0" * 64) is None


def test_citations_are_proved_over_http(tmp_path: Path, no_settings: Path) -> None:
    """The endpoint gives the proof; an id never given out is a 404, and so is another version."""
    built(tmp_path, "a", TRAM)
    engine = open_fake(tmp_path / "i")
    given = engine.ask("where does the tram stop?").passages[0].citation
    settings = load_settings(index=tmp_path / "i")
    with TestClient(create_app(settings, lambda *_: engine)) as client:
        proof = client.get(f"/v1/citations/{given.id}").json()
        assert (proof["status"], proof["now"]["quote"]) == ("unchanged", TRAM)
        for path, said in (
            ("c-0000000000000000", "There is no citation 'c-0000000000000000'."),
            (f"{given.id}?sha256=00", "No known version '00' of its document has the citation "),
        ):
            problem = client.get(f"/v1/citations/{path}").json()
            assert (problem["status"], problem["detail"][: len(said)]) == (404, said)


def test_words_in_other_lines_are_given_as_a_file(tmp_path: Path, no_settings: Path) -> None:
    """Their quote of today has another id, and is the same quote all the same."""
    built(tmp_path, "a", TRAM)
    given = open_fake(tmp_path / "i").ask("where does the tram stop?").passages[0].citation
    built(tmp_path, "a", TRAM.replace(" at ", "\nat "))
    engine = open_fake(tmp_path / "i")
    settings = load_settings(index=tmp_path / "i")
    with TestClient(create_app(settings, lambda *_: engine)) as client:
        assert client.get(f"/v1/citations/{given.id}").json()["status"] == "unchanged"
        assert TRAM in client.get(f"/v1/citations/{given.id}/ris").text


def test_verify_finds_a_place_without_text(tmp_path: Path) -> None:
    """Every stored place is checked against its text, and a wrong one is named."""
    import sqlite3

    built(tmp_path, "a", TRAM)
    folder = tmp_path / "i" / "generations" / current(tmp_path / "i")
    assert verify_spans(Store(folder)) == 2
    database = sqlite3.connect(folder / STORE_FILE)
    database.execute("UPDATE sentences SET end = 1000")
    database.commit()
    database.close()
    with pytest.raises(GenerationError, match="A place in a, 0 to 1000"):
        verify_spans(Store(folder))
