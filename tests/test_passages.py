"""Passages: whole sentences of one section, none left out."""

from pathlib import Path

import pytest
from fakes import documents_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.language import in_other_script
from corpus.layout import heading_paths
from corpus.passages import context_of, passages, sentences

WORDS = st.sampled_from(
    ["tram", "Perché", "🚋", "e\u0301", "so\u00adft", "שלום", "3.5", "(due)", "“x”", "a" * 300]
)
LINES = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
WORDED = st.lists(
    st.tuples(
        LINES, st.sampled_from([". ", "\n", "\r\n", "\n\n", "\r\n\r\nHeading\r\n\r\n", "? "])
    ),
    min_size=1,
    max_size=12,
).map(lambda parts: "".join(words + end for words, end in parts))
# A tram alone is no document, and Hebrew has to be called so.
TEXTS = WORDED.filter(lambda text: any(map(str.isalnum, text)) and not in_other_script(text))


def tokens(text: str) -> int:
    return sum(len(word) // 6 + 1 for word in text.split()) + 2


def test_equal_headings_are_sections_of_their_own(tmp_path: Path) -> None:
    """No passage holds the words of two, though both are called the same."""
    text = "Answer\n\nThe city said yes.\n\nAnswer\n\nThe city said no.\n"
    [document] = documents_of(tmp_path, {"a.txt": text})
    cut = passages(document, sentences(document, tokens, 500), tokens, 500)
    assert [text[passage.start : passage.end] for passage in cut] == [
        "The city said yes.",
        "The city said no.",
    ]


@given(TEXTS, st.sampled_from([".txt", ".md"]))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_passages_hold_every_word_within_bounds(
    tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str
) -> None:
    """Passages are whole sentences of one section, fit the encoder, and leave no block out."""
    [document] = documents_of(tmp_path_factory.mktemp("d"), {"a" + suffix: text})
    limit = 100
    spans = sentences(document, tokens, limit)
    cut = passages(document, spans, tokens, limit, words=30)
    covered = set()
    path = heading_paths(document.headings)
    for passage in cut:
        inside = spans[passage.first : passage.last + 1]
        assert (inside[0].start, inside[-1].end) == (passage.start, passage.end)
        assert {path(span.start) for span in inside} == {passage.headings}
        above = context_of(document, tokens, limit)(passage.start)
        assert tokens(above + document.text[passage.start : passage.end]) <= limit
        covered |= set(range(passage.start, passage.end))
    for block in document.blocks:
        for place in range(block.start, block.end):
            assert place in covered or document.text[place].isspace()


def test_the_rows_of_a_table_carry_the_heads_of_its_columns(tmp_path: Path) -> None:
    """Far below them too; what stands around the table does not."""
    rows = "".join(f"| Line {number} | {number} |\n" for number in range(9))
    text = f"# Trams\n\nThey run.\n\n| Name | Cost |\n|---|---|\n{rows}\nThey stop.\n"
    [document] = documents_of(tmp_path, {"a.md": text})
    above = context_of(document, tokens, 500)
    assert above(text.index("They run")) == "Trams\n"
    assert above(text.index("| Line 8")) == "Trams / Name Cost\n"
    assert above(text.index("They stop")) == "Trams\n"


def test_a_question_stands_with_what_answers_it(tmp_path: Path) -> None:
    """Where a passage would end with one, the next begins with it."""
    text = "The lab opened in May.\n\nMay I come?\n\nYes.\n\nIt is open all day.\n\nWho pays?"
    [document] = documents_of(tmp_path, {"a.txt": text})
    spans = sentences(document, tokens, 500)
    cut = passages(document, spans, tokens, 500, words=9)
    assert [(passage.first, passage.last) for passage in cut] == [(0, 0), (1, 3), (3, 4)]


def test_passages_overlap_by_a_sentence(tmp_path: Path) -> None:
    """Two passages of one section share the sentence between them."""
    text = " ".join(f"Sentence {word} has five words." for word in ["one", "two", "six", "ten"])
    [document] = documents_of(tmp_path, {"a.txt": text})
    spans = sentences(document, tokens, 500)
    cut = passages(document, spans, tokens, 500, words=10)
    assert [(passage.first, passage.last) for passage in cut] == [(0, 1), (1, 2), (2, 3)]
