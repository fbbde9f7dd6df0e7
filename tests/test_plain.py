"""What models read of a document, and what of its marks they do not."""

from pathlib import Path

import pytest

from corpus.document import Document
from corpus.reading import File


def _read(folder: Path, name: str, text: str) -> Document:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return File("it", path).read()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It costs **two** _euros_, ~~three~~ `four`.", "It costs two euros, three four."),
        ("See [the *call*](https://x.example/a_(b) 'a title').", "See the call."),
        ("![The hall in Graz](hall.png) opened.", "The hall in Graz opened."),
        ("A <b class='x'>new</b> hall&nbsp;for &euro;3.", "A new hall for €3."),
        ("A hall <!-- or two? --> opened.", "A hall opened."),
        ("> The hall\n> **opened**.", "The hall opened."),
        (
            "Mind snake_case, 3 * 4, 2 < 3 and [notes].",
            "Mind snake_case, 3 * 4, 2 < 3 and [notes].",
        ),
        (
            "Ask at <https://x.example/hall> or &nosuch; us.",
            "Ask at <https://x.example/hall> or &nosuch; us.",
        ),
    ],
)
def test_marks_of_markdown_are_not_read(tmp_path: Path, written: str, read: str) -> None:
    document = _read(tmp_path, "a.md", written)
    assert len(document.plain) == len(document.text)
    assert "".join(document.plain.split()) == "".join(read.split())


def test_every_word_stays_in_its_place(tmp_path: Path) -> None:
    text = (
        "# Halls\n\n- **Graz** has [a hall](x.html).\n\n| City | Year |\n|--|--|\n| Graz | 1998 |\n"
    )
    document = _read(tmp_path, "a.md", text)
    for word in ("Halls", "- ", "Graz", "a hall", "Year", "1998"):
        assert document.plain.index(word) == text.index(word)
    assert not set(document.plain) & set("*[]|")
    assert document.text == text


def test_a_comment_in_one_cell_cuts_the_row_once(tmp_path: Path) -> None:
    text = "| City | Fee |\n|--|--|\n| Graz <!-- or Linz? --> | 40 euros |\n"
    document = _read(tmp_path, "a.md", text)
    rows = [document.plain[block.start : block.end].split() for block in document.blocks]
    assert rows == [["City", "Fee"], ["Graz"], ["40", "euros"]]
    assert "Linz" not in document.plain
    assert len(document.plain) == len(text)


def test_what_is_hidden_is_not_read_with_its_neighbours(tmp_path: Path) -> None:
    text = "<p>It costs 3 euros.</p>\n<p hidden>It costs 999 euros.</p>\n<p>Ask us.</p>\n"
    document = _read(tmp_path, "a.md", text)
    assert document.plain.split() == ["It", "costs", "3", "euros.", "Ask", "us."]


def test_the_footer_of_a_page_is_not_read_within_a_sentence(tmp_path: Path) -> None:
    footer = "Harbour Cities, brief no. 7"
    pages = [
        "The line is new.",
        "The buses of the new line run",
        "every ten minutes.",
        "It is red.",
    ]
    text = "\f".join(f"{words}\n\n{footer}\n\n{n}\n" for n, words in enumerate(pages))
    document = _read(tmp_path, "a.txt", text)
    sentence = document.plain[text.index("The buses") : text.index("minutes")]
    assert sentence.split() == ["The", "buses", "of", "the", "new", "line", "run", "every", "ten"]


def test_plain_text_is_read_as_it_is(tmp_path: Path) -> None:
    text = "Halls\n\nIt has:\n- *one* hall\n- two <b>halls</b> &amp; more\n"
    document = _read(tmp_path, "a.txt", text)
    assert document.blanked is None
    assert document.plain == text


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        (
            "a.txt",
            "Raffaele Grif-\nfini, of Do-\r\nnau-\n dampf",
            "Raffaele Griffini, of Donaudampf",
        ),
        ("a.md", "he:\n\n> Raffaele Grif-\n> fini", "he: Raffaele Griffini"),
        ("a.md", "Zo&euml; M&uuml;ller dell&rsquo;ann&eacute;e", "Zoë Müller dell’année"),
        ("a.txt", "short-\nand long-term, EU-\nfunded", "short- and long-term, EU- funded"),
        ("a.txt", "a two-year-\nold, tables A-\nb", "a two-year- old, tables A- b"),
        ("a.txt", "Cross-border and cross-\nborder", "Cross-border and cross- border"),
        (
            "a.txt",
            "a self-\nemployed low-\nincome pro-\nject of John Bright-\nwell",
            "a self- employed low- income project of John Brightwell",
        ),
        ("a.txt", "work-\nshop after workshop", "workshop after workshop"),
        ("a.txt", "vor-\net après", "vor- et après"),
    ],
)
def test_a_word_that_is_broken_is_read_whole(
    tmp_path: Path, name: str, written: str, read: str
) -> None:
    """By the end of a line or by an entity; a compound keeps its hyphen."""
    document = _read(tmp_path, name, f"It is {written}. The end.")
    assert len(document.plain) == len(document.text)
    assert document.plain.endswith(". The end.")
    assert document.plain[: -len(". The end.")].split() == f"It is {read}".split()
