"""Promise 1: every citation is a slice of its document, whatever the document holds."""

import re
from itertools import count
from pathlib import Path

import pytest
from fakes import build_fake, documents_of, open_fake
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.document import Document
from corpus.language import in_other_script
from index.ledger import Given
from qa.citation import find_cited

PIECES = st.one_of(
    st.sampled_from(
        [
            "tram",
            "Perché",
            "e\u0301",
            "so\u00adft",
            "👩‍👩‍👧",
            "🇮🇹",
            "שלום עולם",
            "\u202eabc\u202c",
            "x" * 900,
            "<script>alert(1)</script>",
            "“quoted”",
            "S.p.A.",
            "\u00a0",
            "\ufeff",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12),
)
ENDS = st.sampled_from([" ", " ", ". ", ".\n", "\r\n", "\n\n", "\r\n\r\n", "? ", "…", "\t"])
TEXTS = (
    st.lists(st.tuples(PIECES, ENDS), min_size=1, max_size=60)
    .map(lambda parts: "Tram. " + "".join(word + end for word, end in parts))
    .filter(lambda text: not in_other_script(text))  # which would have to be called so
)
numbers = count()


@given(st.lists(TEXTS, min_size=10, max_size=10))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_citation_is_a_slice_of_its_document(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """1,000 documents: quote, prefix and suffix are what the text holds at their places."""
    folder = tmp_path_factory.mktemp("c")
    documents = documents_of(
        folder / "d", {f"{n}{['.txt', '.md'][n % 2]}": text for n, text in enumerate(texts)}
    )
    by_id = {document.id: document for document in documents}
    build_fake(folder / "i", documents)
    engine = open_fake(folder / "i")
    for question in ("where is the tram?", "perché " + texts[0][6:40]):
        answer = engine.ask(question, k=100)
        assert answer.passages
        for passage in answer.passages:
            document = by_id[passage.document_id]
            assert document.text[passage.start : passage.end] == passage.text
            check(document, passage.citation)
            assert engine.cited(document, passage.citation.id) is not None


def check(document: Document, citation: object) -> None:
    text = document.text
    start, end = citation.start, citation.end
    assert text[start:end] == citation.quote != ""
    assert text[:start].endswith(citation.prefix)
    assert text[end:].startswith(citation.suffix)
    assert citation.sha256 == document.sha256


@given(TEXTS, st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_words_are_found_in_a_later_text(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    """Whatever stood between white space is found again, word for word, without its sentence."""
    folder = tmp_path_factory.mktemp("w")
    [before] = documents_of(folder, {"a.txt": text})
    [after] = documents_of(folder, {"a.txt": "A new line opened. " + text})
    words = list(re.finditer(r"\S+", before.text))
    first = data.draw(st.integers(0, len(words) - 1))
    start, end = words[first].start(), data.draw(st.sampled_from(words[first:])).end()
    quote = before.text[start:end]
    place = find_cited(after, [], "c-0", Given("a", before.sha256, start, end, quote))
    assert after.text[place.start : place.end].split() == quote.split()


def test_a_citation_keeps_its_id_when_text_is_added_before_it(tmp_path: Path) -> None:
    """The id depends on document and quote only, and the reader finds the new place."""
    tram = "The tram stops at the harbour."
    ids = []
    for number, text in enumerate([tram, "A new line opened. " + tram]):
        folder = tmp_path / str(number)
        build_fake(folder, documents_of(tmp_path / f"d{number}", {"a.txt": text}))
        ids.append(open_fake(folder).ask("where does the tram stop?").passages[0].citation.id)
    assert ids[0] == ids[1]
    engine = open_fake(tmp_path / "1")
    place = engine.cited(engine.document("a"), ids[0])
    assert (place.start, place.end) == (19, 19 + len(tram))
