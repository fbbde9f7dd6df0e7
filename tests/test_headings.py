"""Which lines of plain text are headings."""

import pytest
from fakes import laid_out

from corpus.layout import plain_layout
from settings import SHIPPED_DOCUMENTS


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
    for running in ("Uptake of O\n2 is fast.", "A city\nof trams.", "Trams\n- One.\n- two."):
        assert not laid_out(running)[0]


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


def test_the_number_of_an_article_and_its_title_are_one_heading() -> None:
    """On two lines of one paragraph, as in agreements; and where paragraphs are long lines."""
    prose = "Each party pays for itself."
    for number in ("Article 8", "Art. 8", "ARTICOLO 8", "Annex A", "Sezione IV"):
        assert laid_out(f"{number}\nCosts of travel\n\n{prose}") == (
            [f"{number} Costs of travel"],
            [prose],
        )
    long = "The parties pay for what they use, " * 8 + "and for no more."
    assert laid_out(f"Article 8\nCosts\n{long}\n") == (["Article 8 Costs"], [long])
    for other in ("Article 8\nthe parties", "Chapter three\nCosts", "Turin\nCosts"):
        assert laid_out(f"{other}\n\n{prose}") == ([], [other, prose])


def test_a_title_directly_above_a_list_of_sentences_is_a_heading() -> None:
    """Not above what goes on with its words, above one item, or as an item itself."""
    items = "- Begin small.\n- Do not open\nevery day."
    for title in ("For beginners", "6) Other business"):
        assert laid_out(f"{title}\n{items}") == (
            [title],
            ["Begin small.", "Do not open\nevery day."],
        )
    for text in (
        "The city pays for\n- trams.\n- buses.",
        "Members\n- Turin\n- Graz",
        "Budget: EUR 5\n- It is paid.\n- It is spent.",
        "1. Trams\n- They run.\n- They stop.\n2. Buses\n- They run.",
    ):
        assert not laid_out(text)[0]


@pytest.mark.parametrize("title", ['2. CALL "OPEN SCHOOLS"', "Il progetto «Orti in città»"])
def test_a_title_may_end_in_a_quoted_name(title: str) -> None:
    """But is no quotation, nor who says one."""
    assert laid_out(f"{title}\n\nIt began.") == ([title], ["It began."])
    for said in ('"Open schools"', 'Rossi: "Open schools"', 'Rossi said, "Open"', 'They "go on"'):
        assert not laid_out(f"{said}\n\nIt began.")[0]


@pytest.mark.parametrize("rule", ["-----", "________", "====="])
def test_a_rule_ends_a_paragraph_and_belongs_to_none(rule: str) -> None:
    """But one below the heads of a table."""
    text = f"{rule}\nTRAMS\n{rule}\nThey run\nagain.\n{rule}\nThey stop."
    assert laid_out(text) == (["TRAMS"], ["They run\nagain.", "They stop."])
    table = f"City     Trams\n{rule}\nTurin    12\nGraz     30"
    assert {block.columns for block in plain_layout(table)[1]} == {"City Trams"}


def test_the_first_of_several_facts_is_no_heading() -> None:
    """However long the next one is."""
    wide = "The city lends what is used once a year, and\nit is free of charge to all\nwho live"
    wide += "\nin it, as well as to those\nwho only work there. "
    facts = ["Theme: reuse", "Lead: The City of Turin, department of works", "Contact: A. Rossi"]
    assert laid_out("\n".join([*facts, "", wide]))[0] == []
