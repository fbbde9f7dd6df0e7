"""Tables of plain text, whose columns are set with blanks."""

import pytest

from corpus.layout import plain_layout
from corpus.markdown import markdown_layout

TABLE = """Fares of the boats
                        Trieste   La Spezia   Mantova
   Single               4,90      9,00        3,00
   Bicycle              1,20      2,50        free of charge up to the
                                              age of six
   Residents            2,60      4,00        1,50
Children pay nothing on Sundays. They need
a ticket all the same."""


def test_rows_set_in_columns_are_sentences_with_the_heads_above() -> None:
    headings, blocks = plain_layout(TABLE)
    assert [heading.text for heading in headings] == ["Fares of the boats"]
    rows = [(block, TABLE[block.start : block.end]) for block in blocks]
    assert [" ".join(words.split()) for _, words in rows] == [
        "Trieste La Spezia Mantova",
        "Single 4,90 9,00 3,00",
        "Bicycle 1,20 2,50 free of charge up to the age of six",
        "Residents 2,60 4,00 1,50",
        "Children pay nothing on Sundays. They need a ticket all the same.",
    ]
    heads = {block.columns for block, _ in rows[:-1]}
    assert heads == {"Trieste La Spezia Mantova"}
    assert rows[-1][0].columns is None


@pytest.mark.parametrize(
    ("first", "heads"),
    [
        ("No.  What      Who\n---  ----      ---", "No. What Who"),
        ("Line      2023      2024", "Line 2023 2024"),
        ("Fee       none", ""),
        ("Bus       14        2", ""),
    ],
)
def test_the_first_row_is_heads_only_where_it_looks_it(first: str, heads: str) -> None:
    text = f"{first}\n1    Tram      Ana 3\n2    Bus       Bo 4\n3    Ship      Cy 5\n"
    _, blocks = plain_layout(text)
    assert blocks[-1].columns == heads
    assert not any("--" in text[block.start : block.end] for block in blocks)


@pytest.mark.parametrize(
    "text",
    [
        "the line runs from    and the buses of\nthe harbour to the    the city stop at\n"
        "old town and back.    seven in winter.\nIt was opened late    because nobody is\n"
        "and by the mayor.     there to use them.",
        "The minutes were read.\nThe secretary      The president\nAna Neri      Bo Sala",
    ],
)
def test_two_columns_of_prose_and_two_signatures_are_no_table(text: str) -> None:
    _, blocks = plain_layout(text)
    assert [block.columns for block in blocks] == [None]


@pytest.mark.parametrize("mark", ["•\t", "1.   "])
def test_what_stands_behind_the_mark_of_an_item_is_no_gap(mark: str) -> None:
    """As word processors write lists."""
    items = ["a letter of the mayor", "a work plan", "a budget"]
    text = "\n".join(
        ["Hand in:", *(mark.replace("1", str(n)) + item for n, item in enumerate(items, 1))]
    )
    _, blocks = plain_layout(text)
    assert [text[block.start : block.end] for block in blocks] == ["Hand in:", *items]


def test_a_table_may_end_a_text_with_blank_lines() -> None:
    """In a block of code blank lines are lines too."""
    text = "```\nTram    4\nBus     5\nShip    6\n\n   \n"
    _, blocks = markdown_layout(text, 0)
    assert [text[block.start : block.end] for block in blocks] == [
        "Tram    4",
        "Bus     5",
        "Ship    6",
    ]
