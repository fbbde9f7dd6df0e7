"""Headings and blocks of raw HTML in Markdown."""

from pathlib import Path

import pytest
from fakes import documents_of

from corpus.markdown import markdown_layout
from corpus.plain import blanked
from corpus.sentences import sentence_spans


def test_raw_html_is_cut_at_its_blocks() -> None:
    """Rows and paragraphs too; no scripts, comments, bare tags, no menus, and nothing hidden."""
    text = (
        "<!DOCTYPE html>\n<html><head><title>x</title></head><body>\n"
        "<h2 class=a>Trams &amp; <i>buses</i></h2>\n"
        "<script>\nlet secret;\n</script><!-- hidden --><p>It <b>grew</b>.</p>\n"
        "<p hidden>Not yet.</p><div class=a style='color: red; display:none'>Never.</div>\n"
        "<nav class=menu><ul><li>Home</li></ul></nav><navy>It fell.\n"
        "<table><tr><td>Trams</td><td>EUR 3</td></tr><tr><td>Buses</td></tr></table>\n"
        "<style>p {}</style><hr></body></html>\n"
    )
    [heading], blocks = markdown_layout(text, 0)
    assert (heading.text, heading.level) == ("Trams & buses", 2)
    assert [text[block.start : block.end] for block in blocks] == [
        "It <b>grew</b>.",
        "It fell.",
        "<td>Trams</td><td>EUR 3</td>",
        "Buses",
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<table><tr><td>\n<p>Fee</p></td><td><p>7</p><p>a day</p></td></tr>\n"
            "<tr><td><h2>A</h2><p>It grew</p><p>It fell</p></td></tr></table>",
            ["<td>\n<p>Fee</p></td><td><p>7</p><p>a day</p></td>", "It grew", "It fell"],
        ),
        (
            "<dl><dt>Fee</dt>\n<dd><p>It is paid.</p></dd><dd>Or not.</dd><dt>Tram<dd>A car.</dl>",
            ["Fee</dt>\n<dd><p>It is paid.</p></dd><dd>Or not.</dd>", "Tram<dd>A car."],
        ),
        (
            "<dl><dt>Seat<dt><b>Address</b></dt><dd>Elm Road<dd>Oak Road<dt>Tram</dt></dl>",
            ["Seat<dt><b>Address</b></dt><dd>Elm Road<dd>Oak Road", "Tram"],
        ),
    ],
)
def test_a_row_and_a_term_are_whole(html: str, expected: list[str]) -> None:
    """An amount stands with its label and meanings with their terms, short blocks included."""
    _, blocks = markdown_layout(html, 0)
    assert [html[block.start : block.end] for block in blocks] == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<table><tr><td><p>The tram is 400 metres long</p><p>Elm Road is closed</p></td>"
            "<td><p>It rains</p></td></tr></table>",
            ["The tram is 400 metres long", "Elm Road is closed", "It rains"],
        ),
        (
            "<dl><dt>Fee</dt><dd><p>It is paid every year.</p><p>Children ride free</p></dd></dl>",
            ["Fee", "It is paid every year.", "Children ride free"],
        ),
    ],
)
def test_what_lays_out_a_page_is_cut_at_its_blocks(html: str, expected: list[str]) -> None:
    """Statements of which several stand in one cell, or in the meaning of one term."""
    _, blocks = markdown_layout(html, 0)
    assert [html[block.start : block.end] for block in blocks] == expected


def test_rows_have_the_heads_of_their_columns() -> None:
    """Those of a row of heads alone, until the table ends; of no table for layout."""
    html = (
        "<table><tr><th>Fee</th><th scope=col><p>per <b>day</b></p></th></tr>\n"
        "<tr><th>Tram</th><td><p>It is 3. Or 4.</p></td></tr></table>\n"
        "<table><tr><td>Bus</td></tr></table>"
    )
    _, blocks = markdown_layout(html, 0)
    assert [block.columns for block in blocks] == [None, "Fee per day", None]
    assert html[blocks[1].start : blocks[1].end] == "<th>Tram</th><td><p>It is 3. Or 4.</p></td>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>It</b> grew.<o:p></o:p>", "<b>It</b> grew."),
        ("<span lang=EN>It <b>grew.</b><o:p>&nbsp;</o:p></span>", "It <b>grew.</b>"),
        ("<![if !list]><span>·<span>&nbsp;&nbsp; </span></span><![endif]><i>It</i>", "It"),
        ("·&nbsp; It", "It"),
        ("Citt&agrave;", "Citt&agrave;"),
        ("&Egrave; in <a href='x'>Graz</a>", "&Egrave; in <a href='x'>Graz</a>"),
        ("1. <b>It</b> grew", "1. <b>It</b> grew"),
        ("1.<span>&nbsp;&nbsp; </span>It", "It"),
        ("•<span> </span>It", "It"),
        ("A.&nbsp;Rossi", "A.&nbsp;Rossi"),
        ("12.&nbsp;<b>May</b>", "12.&nbsp;<b>May</b>"),
        ("-&nbsp;5 degrees", "-&nbsp;5 degrees"),
    ],
)
def test_what_nobody_sees_stands_at_no_end_of_a_piece(html: str, expected: str) -> None:
    """Tags and blanks that Word leaves, and the mark of an item; no tag loses its other half."""
    text = f"<p class=MsoNormal>{html}</p>"
    _, [block] = markdown_layout(text, 0)
    assert text[block.start : block.end] == expected


@pytest.mark.parametrize("blank", ["&nbsp; ", "<span style='mso-spacerun:yes'>&nbsp; </span>"])
def test_the_blanks_of_word_begin_no_sentence(blank: str) -> None:
    text = f"<p>It grew.{blank}It fell.</p>"
    headings, [block] = markdown_layout(text, 0)
    plain = blanked(text, headings, [block], markdown=True)
    spans = sentence_spans(text, block, "en", plain)
    assert [text[span.start : span.end] for span in spans] == ["It grew.", "It fell."]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("<html><head><title>Trams &amp; buses</title></head><p>Skip</p>", "Trams & buses"),
        ("<html><head></head><p><b>Trams</b> of <i>Turin</i></p>", "Trams of Turin"),
        ("<html><head><title>x</title></head><h1>Trams</h1>", "Trams"),
        ("**Trams** of Turin\n\nUse `<head><title>x</title>` for it.\n\n", "Trams of Turin"),
    ],
)
def test_a_title_has_no_marks(tmp_path: Path, text: str, title: str) -> None:
    """Without a single highest heading it is what a page says of itself, or the first line."""
    [document] = documents_of(tmp_path, {"a.md": f"{text}\n<p>The tram is new.</p>"})
    assert document.title == title
