"""Headings and blocks of Markdown."""

import pytest

from corpus.layout import heading_paths
from corpus.markdown import markdown_layout


def test_markdown_says_itself_what_is_an_item() -> None:
    """One item is a list there, and a quotation's mark no part of what is quoted."""
    text = "7. Turin joined.\n\n> - Graz left.\n\n> It grew.\n"
    _, blocks = markdown_layout(text, 0)
    found = [text[block.start : block.end] for block in blocks]
    assert found == ["Turin joined.", "Graz left.", "It grew."]


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
