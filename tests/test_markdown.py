"""Headings and blocks of Markdown."""

import pytest

from corpus.layout import heading_paths
from corpus.markdown import markdown_layout
from corpus.plain import blanked
from corpus.sentences import sentence_spans


def split(text: str) -> list[str]:
    """The sentences of one paragraph."""
    headings, [block] = markdown_layout(text, 0)
    plain = blanked(text, headings, [block], markdown=True) or text
    spans = sentence_spans(text, block, "en", plain)
    return [text[span.start : span.end] for span in spans]


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
        "[plan]: https://turin.example/plan",
    ],
)
def test_what_markdown_never_shows_cannot_be_quoted(unseen: str) -> None:
    """Comments, tags, and pictures without words; a label behind a heading is none of it."""
    text = f"# Costs {{#costs}}\n\nIt grew.\n\n{unseen}\n\n    code 1\n"
    headings, blocks = markdown_layout(text, 0)
    assert [heading.text for heading in headings] == ["Costs"]
    assert [text[block.start : block.end].strip() for block in blocks] == ["It grew.", "code 1"]


def test_a_comment_within_a_paragraph_is_cut_out() -> None:
    """What stands before and behind it is shown; in code it is shown itself."""
    text = "It grew. <!-- secret --> It fell.\n\n<!-- note --> It ended.\n\n```\n<!-- 1 -->\n```\n"
    _, blocks = markdown_layout(text, 0)
    found = [text[block.start : block.end] for block in blocks]
    assert found == ["It grew.", "It fell.", "It ended.", "<!-- 1 -->"]


def test_code_is_quoted_without_its_fence() -> None:
    """One that is not closed, or stands in a quotation, as well."""
    text = "```text\nIt grew.\n```\n\n> ~~~\n> It fell.\n> ~~~\n\n```\nIt ended."
    for end in ("", "\n"):
        _, blocks = markdown_layout(text + end, 0)
        assert [text[b.start : b.end] for b in blocks] == ["It grew.", "It fell.", "It ended."]


@pytest.mark.parametrize("fence", ["```", "~~~", "```python", "> ```", "- ```"])
def test_a_fence_that_ends_the_file_holds_nothing(fence: str) -> None:
    """What stands before it is there all the same."""
    text = f"It grew.\n\n{fence}"
    _, blocks = markdown_layout(text, 0)
    assert [text[block.start : block.end] for block in blocks] == ["It grew."]


def test_footnotes_of_one_word_are_text() -> None:
    """CommonMark takes them for addresses; readers see them."""
    text = "It grew.[^1]\n\n[^1]: Eurostat.\n[^2]: https://turin.example\n"
    _, blocks = markdown_layout(text, 0)
    assert [text[block.start : block.end] for block in blocks] == [
        "It grew.[^1]",
        "[^1]: Eurostat.",
        "[^2]: https://turin.example",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It grew in 2019.<sup>1</sup> | The city paid half.<sup>2</sup> | It ended.",
        "<u>It costs EUR 3.</u> | The rest is free.[1](#fn1) | *It is* **big.** | *The end* came.",
        "[“Come in.”](https://a.example) | They came.[^2] | It is done.",
        "Type `?` or `!` for help. | <strong>Tel.</strong> 011 442. | Read it. | [PDF](call.pdf)",
        "A proper toolchain, like [GCC](https://gcc.example)",
        "[EN](en.md)",
    ],
)
def test_marks_belong_to_their_sentence(text: str) -> None:
    """And no mark hides where one ends."""
    expected = text.split(" | ")
    assert split(" ".join(expected)) == expected


@pytest.mark.parametrize("end", ["<br>\n", "<br/>", "\\\n"])
def test_a_line_that_its_author_breaks_ends_no_sentence_by_itself(end: str) -> None:
    text = f"A day costs 5 euros.{end}Dogs of any{end}size are free."
    assert split(text) == ["A day costs 5 euros.", f"Dogs of any{end}size are free."]


def test_a_row_of_a_table_is_one_sentence() -> None:
    """An amount stands with its label, whatever full stops there are."""
    row = "| Travel. And more. | EUR 3. |"
    text = f"| Cost | Sum |\n|---|---|\n{row}\n"
    _, blocks = markdown_layout(text, 0)
    [span] = sentence_spans(text, blocks[1], "en")
    assert text[span.start : span.end] == row
