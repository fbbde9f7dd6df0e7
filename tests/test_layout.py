"""Headings, blocks, sentences and passages."""

from pathlib import Path

import pytest
from fakes import documents_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.document import Block
from corpus.layout import heading_paths, plain_layout
from corpus.markdown import markdown_layout
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
        (
            "de",
            "Es ist, z. B. für Schulen, d. h. Kinder. | Die 2. Phase war 2018. | „Ja!“ sagte er.",
        ),
        (
            "fr",
            "Le projet (cf. p. 12) coûte env. 1,2 million. | Mme. Durand vint le 1er janv. 2018.",
        ),
        (
            "es",
            "El plan (pág. 12) costó aprox. 2 euros. | La Sra. López fue a EE. UU. en 2018. | Fin.",
        ),
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
        ("en", "The network grew.1 | Turin paid 2.5 million.³ | See Fig.1 The map shows it."),
        ("it", "La rete crebbe.1 | Torino pagò.12 | Vale l'art.5 Comma due."),
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


def laid_out(text: str) -> tuple[list[str], list[str]]:
    """The headings and the blocks of plain text, in words."""
    headings, blocks = plain_layout(text)
    return [heading.text for heading in headings], [text[b.start : b.end] for b in blocks]


def test_what_pages_repeat_is_none_of_the_document() -> None:
    """Headers, footers and page numbers at form feeds; a number elsewhere may be a year."""
    text = (
        "TURIN CASE STUDY\n\nThe city began.\n\nResults\n\nIt grew.\n\nIUC\n\nPage 1 of 3\n"
        "\n\fTURIN CASE STUDY\n\nThe mayor came.\n\n2019\n\nIt ended.\n\nIUC\n\nPage 2 of 3\n"
        "\n\fTURIN CASE STUDY\n\nThen it was over.\n\n2021\n"
    )
    headings, blocks = laid_out(text)
    assert headings == ["TURIN CASE STUDY", "Results", "2019"]
    assert blocks == [
        *("The city began.", "It grew.", "The mayor came.", "It ended."),
        *("Then it was over.", "2021"),
    ]
    assert laid_out("It grew.\n\n12\n\n\fThe mayor came.") == ([], ["It grew.", "The mayor came."])


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    """It stays one, with what stands between on the page; its half is no heading."""
    over = "of both\n\nIUC\n\n7\n\n\fcities, in 2018."
    text = f"Costs\n\nThere were visits.\n\nThe mayors {over}\n\nIt ended.\n\nIUC\n\n8\n\n\f"
    assert laid_out(text) == (
        ["Costs"],
        ["There were visits.", f"The mayors {over}", "It ended."],
    )
    cut_off = "It began.\n\nThe sum, of which\n\n\fTurin paid half.\n\fResults\n\nIt grew."
    assert laid_out(cut_off) == (
        ["Results"],
        ["It began.", "The sum, of which", "Turin paid half.", "It grew."],
    )


def test_numbered_headings_are_headings_with_levels() -> None:
    """Alone between paragraphs they are none of a list; the number says what they are part of."""
    text = (
        "1. Introduction\n\nIt began.\n\n2. Results\n\n2.1 Budget\n\nIt cost much.\n\n"
        "3) Lessons\n\nIt takes:\n\n1. Time\n\n2. Money\n\nNo more.\n"
    )
    headings, blocks = plain_layout(text)
    assert [(heading.text, heading.level) for heading in headings] == [
        ("1. Introduction", 1),
        ("2. Results", 1),
        ("2.1 Budget", 2),
        ("3) Lessons", 1),
    ]
    assert [text[block.start : block.end] for block in blocks][2:] == [
        *("It takes:", "Time", "Money", "No more."),
    ]


def test_lines_that_are_not_broken_are_paragraphs() -> None:
    """As word processors write plain text; a short line above a long one is its heading."""
    long = "The museum was paid for by the ministry, " * 6 + "and opened in 2017."
    text = f"Who paid\n{long}\nWhat it shows\n{long}\nIt has H\n2O and\u200b\n\u200b\nEnd.\n"
    assert laid_out(text) == (
        ["Who paid", "What it shows"],
        [long, long, "It has H\n2O and", "End."],
    )


@pytest.mark.parametrize("bullet", "•●○■►✓\uf0b7")
def test_bullets_of_every_kind_are_known(bullet: str) -> None:
    """What pdftotext and Word write is a mark even where it stands once."""
    assert laid_out(f"The sums are\n{bullet} two million") == ([], ["The sums are", "two million"])


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


@pytest.mark.parametrize(
    "unseen",
    [
        "<!-- not to be published -->",
        "<!--\nnot to be\n\npublished\n-->",
        "<br>",
        "&nbsp;",
        "[]{#_Toc1 .anchor}",
        "![](x.png)",
        "![a map](data:image/png;base64,iVBORw0KGgo)",
        '<img src="x.png">',
    ],
)
def test_what_markdown_never_shows_cannot_be_quoted(unseen: str) -> None:
    """Comments, tags, and pictures without words; a label behind a heading is none of it."""
    text = f"# Costs {{#costs}}\n\nIt grew.\n\n{unseen}\n\n    code 1\n"
    headings, blocks = markdown_layout(text, 0)
    assert [heading.text for heading in headings] == ["Costs"]
    assert [text[block.start : block.end].strip() for block in blocks] == ["It grew.", "code 1"]


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
