"""Headings, lists and pages of plain text."""

import pytest

from corpus.layout import plain_layout
from corpus.markdown import markdown_layout
from settings import SHIPPED_DOCUMENTS


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


def laid_out(text: str) -> tuple[list[str], list[str]]:
    """The headings and the blocks of plain text, in words."""
    headings, blocks = plain_layout(text)
    return [heading.text for heading in headings], [text[b.start : b.end] for b in blocks]


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


@pytest.mark.parametrize(
    "fact",
    [
        "Deadline: 30 June 2025",
        "Budget: up to EUR 50,000",
        "Press office: Ada Roth, tel. +49 341 555 0199",
        "Press office: Ada Roth, press@city.example",
    ],
)
def test_a_fact_behind_its_label_is_text(fact: str) -> None:
    """Of a call's first lines none is a heading that nobody could quote."""
    assert laid_out(f"{fact}\n\nThe call is open to all.") == (
        [],
        [fact, "The call is open to all."],
    )


def test_a_contact_has_a_title_above_it_and_no_fact() -> None:
    """Nor is an event with its date a contact, which is the title of the prose below it."""
    contact, prose = "Contact: Ada Roth, press@city.example", "The office answers in two days."
    assert laid_out(f"Press\n\n{contact}\n{prose}") == (["Press"], [contact, prose])
    for above in ("Kanal Street 12", "Subject: one item"):
        assert laid_out(f"{above}\n\n{contact}\n\n{prose}")[0] == []
    for event in ("Day 1: Tuesday 12 March 2024", "Workshop: Turin, 12 March 2024"):
        assert laid_out(f"{event}\n\n{prose}") == ([event], [prose])


@pytest.mark.parametrize(
    "fact", ["Via Po 5, Turin", "Kanal Street 12", "Open every day also in August"]
)
def test_a_fact_above_lines_with_labels_is_text(fact: str) -> None:
    """And a title above the title of such lines stays one."""
    lines = ["Tel.: 011 555", "Hours: 9-12"]
    assert laid_out("\n".join(["Offices", "", fact, *lines])) == (["Offices"], [fact, *lines])
    titles = ["Offices", "THURSDAY 9 - TURIN"]
    assert laid_out("\n".join([titles[0], "", titles[1], *lines])) == (titles, lines)


@pytest.mark.parametrize(
    "below", ["THE MAYOR\nA. Rossi", "For the City: Prof. A. Rossi\nFor us: B. Verdi"]
)
@pytest.mark.parametrize(
    "signed",
    ["Torino, lì 12 gennaio 2025", "Signed at Port Arlen, June 15, 2023", "Turin, 12.01.2025"],
)
def test_place_and_date_above_a_signature_are_text(signed: str, below: str) -> None:
    """Above anything else they are a title: running text, a programme, who was there."""
    assert laid_out(f"It is so.\n\n{signed}\n\n{below}")[0] == []
    for text in (
        "The mayor spoke first.",
        "09:00 Start\n10:00 Visit",
        "Speaker: A. Rossi\nTheme: water",
        f"{below}\n\nThe mayor spoke first.",
    ):
        assert laid_out(f"{signed}\n\n{text}")[0] == [signed]
    day = "Friday, 6 June 2025"
    assert laid_out(f"{day}\n\nVisit\nDinner")[0] == [day]


def test_a_line_between_dashes_is_text_that_heads_nothing() -> None:
    """No item either, and no text that a line above it could be a title of."""
    text = "Notes\n\n– NEWS –\n\nThe park opened.\n\nKanal Street 12\n\n{}"
    for end in ("- ENDS -", "— la fine —"):
        blocks = ["– NEWS –", "The park opened.", "Kanal Street 12", end]
        assert laid_out(text.format(end)) == (["Notes"], blocks)
    items = ["the library - opened in 2015 -\n  which lends books", "the garden"]
    assert laid_out(f"- {items[0]}\n- {items[1]}") == ([], items)


def test_what_stands_between_two_questions_answers_the_first() -> None:
    """However short it is, it is no title of the second."""
    text = "What is the grant?\n\nEUR 5,000 per city\n\nWho signs?\n\nThe mayor"
    assert laid_out(text) == ([], text.split("\n\n"))


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


def test_a_title_directly_above_its_text_is_a_heading() -> None:
    """Its line was not broken to fit; a short first line of running text was."""
    wrapped = "The trams of the city run\nuntil late at night, and\nthe users like them. No\n"
    text = f"Trams\n{wrapped}other city has that.\n\n4. Night taxis\nUsers rated them well.\n"
    assert laid_out(text) == (
        ["Trams", "4. Night taxis"],
        [f"{wrapped}other city has that.", "Users rated them well."],
    )
    said = "A. Kovač presents the plan."
    assert laid_out(f"Point 3\n{said}\n") == (["Point 3"], [said])
    long = "Fees for the use of the municipal swimming pool"
    assert laid_out(f"{long}\nAdults pay 5 euros.\n") == ([long], ["Adults pay 5 euros."])
    for running in ("Uptake of O\n2 is fast.", "A city\nof trams.", "Trams\n- One.\n- Two."):
        assert not laid_out(running)[0]


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
