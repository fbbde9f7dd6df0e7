"""Headings, blocks, sentences and passages."""

from pathlib import Path

import pytest
from fakes import documents_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.document import Block
from corpus.layout import heading_paths, markdown_layout, plain_layout
from corpus.passages import context, passages, sentences
from corpus.sentences import sentence_spans
from settings import SHIPPED_DOCUMENTS


def split(text: str, language: str) -> list[str]:
    spans = sentence_spans(text, Block(0, len(text)), language)
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "See e.g. the plan. | Dr. Rossi of Fiat S.p.A. came. | “It works.” | Then he left."),
        ("en", "Issues – blight, equity – remain. | Is it $5.5 million? | Yes!"),
        ("it", "Il dott. Rossi della FIAT S.p.A. è arrivato. | Ad es. la S.r.l. ha chiuso."),
        ("it", "«Perché no?» disse. | Vale l'art. 5 della legge. | È finita."),
        ("de", "Das kostet z.B. 5 Euro. | Gut."),
        ("en", "Twelve U.S. cities and the E.U. took part. | See Fig. 3 and pp. 5-7. | It ended."),
        ("en", "It is near Mt. Vernon. | Smith et al. (2015) found it. | The year? | In 2019."),
        ("it", "Il 3 apr. 2006 nacque. | Cfr. pag. 5. | L'arch. Rossi venne. | Nel sec. XIX finì."),
        (
            "it",
            "Vale il D.Lgs. n. 152. | Il comma 3, lett. b) vale. | Libri, mostre, ecc. ci sono.",
        ),
        (
            "en",
            "**It opened in 2018.** | The line *cost 40 million.* | See ![a map](m.png) for it.",
        ),
        ("en", "The network grew.[1] | Turin paid half.[2] | Graz left."),
        ("en", "it grew. | turin paid. | graz left."),
    ],
)
def test_sentences_end_where_a_reader_would(language: str, text: str) -> None:
    """Quotes, dashes and abbreviations do not cut a sentence, full stops do."""
    expected = text.split(" | ")
    assert split(" ".join(expected), language) == expected


def test_no_sentence_is_without_letters() -> None:
    """The last bar of a table's row, or the number of a lone item, belong to what is beside."""
    for text in ("| Turin joined. |", "1. Turin joined."):
        assert split(text, "en") == [text]


def test_list_items_are_blocks_without_their_marks() -> None:
    """A bullet line is a sentence of its own, and its bullet no part of it."""
    text = "The plan:\n- trams run late\n• buses run early\n2) bikes for all"
    _, blocks = plain_layout(text)
    assert [text[b.start : b.end] for b in blocks] == [
        "The plan:",
        "trams run late",
        "buses run early",
        "bikes for all",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Die Konferenz begann am\n12. März 2019 in Turin.",
        "The prize was won by\nA. Rossi of the city.",
        "A. Rossi won the prize.",
        "Prices fell by about\n100. The city then acted.",
        "The city of Turin\n– a member since 2010 – adopted it.",
        "The sums stand in tables 1 and\n2) below.",
        "> 50 % of the households agreed.",
    ],
)
def test_lines_are_broken_anywhere(text: str) -> None:
    """What looks like a mark of a list in the middle of a sentence is a part of it."""
    _, blocks = plain_layout(text)
    assert [text[block.start : block.end] for block in blocks] == [text]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Members\n- Turin\n- Graz", ["Members", "Turin", "Graz"]),
        ("1. Turin\n2. Graz", ["Turin", "Graz"]),
        ("1. Turin joined.\n\n2. Graz left.", ["Turin joined.", "Graz left."]),
        ("It has members:\n1. Turin", ["It has members:", "Turin"]),
        ("It grew.\n– Turin joined", ["It grew.", "Turin joined"]),
        ("•\nTurin\n•\nGraz", ["Turin", "Graz"]),
    ],
)
def test_a_list_is_known_by_what_stands_around_its_marks(text: str, items: list[str]) -> None:
    """By marks alike, by what comes before the first, or by a mark that is nothing else."""
    for layout in (plain_layout(text), markdown_layout(text, 0)):
        assert [text[block.start : block.end] for block in layout[1]] == items


def test_markdown_says_itself_what_is_an_item() -> None:
    """One item is a list there, and a quotation's mark no part of what is quoted."""
    text = "7. Turin joined.\n\n> - Graz left.\n\n> It grew.\n"
    _, blocks = markdown_layout(text, 0)
    found = [text[block.start : block.end] for block in blocks]
    assert found == ["Turin joined.", "Graz left.", "It grew."]


def test_equal_headings_are_sections_of_their_own(tmp_path: Path) -> None:
    """No passage holds the words of two, though both are called the same."""
    text = "Answer\n\nThe city said yes.\n\nAnswer\n\nThe city said no.\n"
    [document] = documents_of(tmp_path, {"a.txt": text})
    cut = passages(document, sentences(document, tokens, 500), tokens, 500)
    assert [text[passage.start : passage.end] for passage in cut] == [
        "The city said yes.",
        "The city said no.",
    ]


def test_the_page_numbers_of_a_pdf_are_no_headings() -> None:
    """A number beside a form feed is text; one that stands alone may be a year."""
    text = "Results\n\nIt grew.\n\n12\n\n\fThe mayor came.\n\n2019\n\nIt ended."
    headings, blocks = plain_layout(text)
    assert [heading.text for heading in headings] == ["Results", "2019"]
    assert text[blocks[1].start : blocks[1].end] == "12"


def test_the_case_study_has_its_three_headings() -> None:
    """Short title lines over text are headings; title lines over nothing stay text."""
    text = (SHIPPED_DOCUMENTS / "baltimore-turin.txt").read_text(encoding="utf-8")
    headings, blocks = plain_layout(text)
    assert [heading.text for heading in headings] == [
        "Social Innovation",
        "Neighborhood (Urban) Regeneration",
        "Equitable Economic Development",
    ]
    assert text[blocks[0].start : blocks[0].end] == "Baltimore & Turin, Italy"


def test_markdown_headings_nest_and_code_is_none() -> None:
    """The path of a place follows the levels; a # in a code block is no heading."""
    text = "# A\n\none.\n\n## B\n\ntwo.\n\n```\n# no\n```\n\nC\n=\n\nthree.\n"
    headings, _ = markdown_layout(text, 0)
    path = heading_paths(headings)
    assert [path(text.index(word)) for word in ("one", "two", "# no", "three")] == [
        ("A",),
        ("A", "B"),
        ("A", "B"),
        ("C",),
    ]
    assert [text[h.start : h.end] for h in headings] == ["# A", "## B", "C\n="]


def test_markdown_headings_are_words_without_marks() -> None:
    """Emphasis, links and tags are left out of what is shown; a picture's words stay."""
    text = (
        "# Annual **report** of [Turin](https://turin.example) & <b>Graz</b>\n"
        "![a map](m.png)\n===\n\nIt.\n"
    )
    headings, _ = markdown_layout(text, 0)
    assert [heading.text for heading in headings] == ["Annual report of Turin & Graz", "a map"]


WORDS = st.sampled_from(
    ["tram", "Perché", "🚋", "e\u0301", "so\u00adft", "שלום", "3.5", "(due)", "“x”", "a" * 300]
)
LINES = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
TEXTS = st.lists(
    st.tuples(
        LINES, st.sampled_from([". ", "\n", "\r\n", "\n\n", "\r\n\r\nHeading\r\n\r\n", "? "])
    ),
    min_size=1,
    max_size=12,
).map(lambda parts: "".join(words + end for words, end in parts))


def tokens(text: str) -> int:
    return sum(len(word) // 6 + 1 for word in text.split()) + 2


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
        above = context(document, passage.headings, tokens, limit)
        assert tokens(above + document.text[passage.start : passage.end]) <= limit
        covered |= set(range(passage.start, passage.end))
    for block in document.blocks:
        for place in range(block.start, block.end):
            assert place in covered or document.text[place].isspace()


def test_passages_overlap_by_a_sentence(tmp_path: Path) -> None:
    """Two passages of one section share the sentence between them."""
    text = " ".join(f"Sentence {word} has five words." for word in ["one", "two", "six", "ten"])
    [document] = documents_of(tmp_path, {"a.txt": text})
    spans = sentences(document, tokens, 500)
    cut = passages(document, spans, tokens, 500, words=10)
    assert [(passage.first, passage.last) for passage in cut] == [(0, 1), (1, 2), (2, 3)]
