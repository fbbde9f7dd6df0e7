"""Lists and pages of plain text."""

import pytest
from fakes import laid_out

from corpus.layout import plain_layout
from corpus.markdown import markdown_layout


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
        "M. Bianchi spoke on the budget.\nG. Verdi asked about it.",
        "It is as laid down in article\n12. It stands in section\n14. The mayor signed.",
        "The network thanks the City of\nTurin for its support.",
        "The summit of 2018 was paid for by the Fondazione Giacomo\nBrodolini. It was held in May.",
        "The city pays for the rest of all this, as it is said in point\n(a) of the guide.",
        "Call us at\n(011) 442 1111.",
        "The fee for adults is\n12.50 euros a day, for children\n10.50 euros a day.",
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
        ("Members\ni) Turin\nii) Graz", ["Members", "Turin", "Graz"]),
        (
            "It pays for:\n(a) trams;\n(b) lunch (max. 9).",
            ["It pays for:", "trams;", "lunch (max. 9)."],
        ),
        ("Members:\nA. Trams;\nB. Buses;\nC. Bikes.", ["Members:", "Trams;", "Buses;", "Bikes."]),
        ("Q1. Who pays?\nA1. The mayor.", ["Who pays?", "The mayor."]),
    ],
)
def test_a_list_is_known_by_what_stands_around_its_marks(text: str, items: list[str]) -> None:
    """By marks alike, by what comes before the first, or by a mark that is nothing else."""
    for layout in (plain_layout(text), markdown_layout(text, 0)):
        assert [text[block.start : block.end] for block in layout[1]] == items


def test_each_line_with_a_label_is_a_fact_of_its_own() -> None:
    """Below a title of the same paragraph, which is their heading; not with other lines between."""
    facts = ["City: Turin", "Budget: EUR 3 million", "**Lead:** A. Rossi"]
    assert laid_out("\n".join(facts)) == ([], facts)
    assert laid_out("\n".join(["The project", *facts])) == (["The project"], facts)
    assert laid_out("\n".join(["the project", *facts])) == ([], ["the project", *facts])
    assert laid_out("\n".join(["Ref. no.: 7", *facts])) == ([], ["Ref. no.: 7", *facts])
    assert laid_out("Trams\nLead: A. Rossi\nHost: The city.")[0] == ["Trams"]
    for lines in (
        ["Address: Via Roma 1", "Tel.: 011 4432", "E-mail: a@b.example"],
        ["09:00 Registration", "9.30 – 10.00 Opening by the mayor"],
        ["VISTO il decreto;", "VISTA la legge;", "RITENUTO di farlo"],
    ):
        assert laid_out("\n".join(lines)) == ([], lines)
    prose = "City: Turin, where it\nbegan. Budget: all of\nNote: it is spent."
    assert laid_out(prose) == ([], [prose])


def test_amounts_are_no_page_numbers() -> None:
    """What differs by a sum from page to page is the document's, unlike a numbered header."""
    pages = [f"Report, page {n}\n\nBudget: EUR {n}20,000\n\nThe sum is paid." for n in (1, 2, 3)]
    _, blocks = laid_out("\f".join(["Title\n\nIt begins.\n", *pages]))
    assert [block for block in blocks if "EUR" in block] == [
        f"Budget: EUR {n}20,000" for n in (1, 2, 3)
    ]
    assert not any("page" in block for block in blocks)


def test_a_footnote_is_not_the_rest_of_a_sentence() -> None:
    """Where a page ends behind it, what goes on above it does so alone."""
    begun = "The population of the city grew by five percent in the last ten years of the plan, and"
    note = "1 Eurostat, City statistics, 2020"
    _, blocks = laid_out(f"It began.\n\n{begun}\n\n{note}\n\n12\n\f\nwill grow on. It is so.")
    assert blocks == ["It began.", begun, note, "will grow on. It is so."]


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
    long = "In 2015 the city began with taxis at night, and ever more people " * 2 + "came from"
    aside = "\n\nUrban Papers 3\n\n12\n\n\f"
    for rest in ("Torino era.", "2019 it was half of them."):
        whole = f"{long}{aside}{rest}"
        assert laid_out(f"{whole}\n\nUrban Papers 3\n\n13\n\n\f") == ([], [whole])
    for other in ("Results\n\nIt grew.", "- It grew."):
        assert laid_out(f"{long}\n\f{other}")[1] == [long, "It grew."]
    cut_off = "It began.\n\nThe sum, of which\n\n\fTurin paid half.\n\fResults\n\nIt grew."
    assert laid_out(cut_off) == (
        ["Results"],
        ["It began.", "The sum, of which", "Turin paid half.", "It grew."],
    )


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


def test_each_line_that_begins_with_a_day_is_its_own() -> None:
    """In a list of dates; a day where a line is broken begins nothing."""
    dates = ["3 March, 10.30 - Turin, board", "10-11 aprile - Graz, forum\nof cities", "8 May: end"]
    for layout in (plain_layout, lambda text: markdown_layout(text, 0)):
        text = "\n".join(dates)
        assert [text[block.start : block.end] for block in layout(text)[1]] == dates
    prose = "The board met on\n3 March and again on\n10 April in Graz."
    assert laid_out(prose) == ([], [prose])
