"""Finds the headings and the blocks of running text in a Markdown document.

Every word that a reader of the rendered page sees stands in a heading or in a block; front
matter, marks, comments and the addresses of pictures do not.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import Block, Heading, Span
from corpus.html import COMMENT, has_words, pieces, said
from corpus.layout import Layout, items
from corpus.paragraphs import BULLET, line_spans, trimmed

QUOTE_MARK = re.compile(r"(?:[ \t]*>)+[ \t]?")
NESTING = 1000  # more than Python goes down: what is too deep is refused, rather than left out
CODE = ("fence", "code_block")
LABEL = re.compile(r"\s*\{[#.][^{}]*\}$")  # that pandoc and Google Docs put behind a heading


class Place(NamedTuple):
    """Where words stand: lines `first` up to `stop`; the level of a heading, 0 if it is none."""

    first: int
    stop: int
    level: int
    item: bool  # whether an item of a list begins there
    head: int | None  # of a table's row: the line of its columns' heads
    columns: str | None = None  # of a row of raw HTML: the heads themselves


def markdown_layout(text: str, body: int) -> Layout:
    """Headings and blocks of the CommonMark text that begins at offset `body`."""
    parser = MarkdownIt("commonmark", {"maxNesting": NESTING}).enable("table")
    lines = line_spans(text, body, len(text))
    headings: list[Heading] = []
    spans: dict[Span, Place] = {}  # the cells of a row share one
    known: dict[str, Any] = {}
    for token, place in _placed(parser.parse(text[body:], known)):
        span = lines[place.first][0], lines[place.stop - 1][1]
        if place.level:
            headings.append(Heading(_words_of(token), place.level, *span))
        elif token.type == "html_block":
            for start, end, level, columns in pieces(text, *span):
                if level:
                    headings.append(Heading(said(text[start:end]), level, start, end))
                else:
                    spans[start, end] = place._replace(columns=columns)
        elif _shows(token):
            spans |= dict.fromkeys(_uncommented(text, span, token, place.head is not None), place)
    for label, address in known.get("references", {}).items():
        if label.startswith("^"):  # a footnote of one word, which CommonMark takes for an address
            first, stop = address["map"]
            spans[lines[first][0], lines[stop - 1][1]] = Place(first, stop, 0, False, None)
    kept = [heading for heading in headings if heading.text]
    return tuple(kept), tuple(_blocks(text, lines, dict(sorted(spans.items()))))


def _placed(tokens: list[Token]) -> Iterator[tuple[Token, Place]]:
    """The tokens that may hold words, and where."""
    level, heading_lines, item = 0, [0, 0], False
    head: int | None = None
    for token in tokens:
        if token.type == "heading_open" and token.map:
            level, heading_lines = int(token.tag[1]), token.map  # its underline included
        elif token.type == "heading_close":
            level = 0
        elif token.type == "list_item_open":
            item = True
        elif token.type in {"table_open", "table_close"}:
            head = token.map[0] if token.map else None
        elif token.type in {"inline", "html_block", *CODE} and token.map:
            first, stop = heading_lines if level else token.map
            if token.type == "fence":  # without the marks above and below
                unended = token.content[-1:] not in ("", "\n")  # as the file is
                first, stop = first + 1, first + 1 + token.content.count("\n") + unended
            if first < stop:  # a fence that the file's last line opens has nothing in it
                yield token, Place(first, stop, level, item, head)
            item = item and bool(level)


def _uncommented(text: str, span: Span, token: Token, row: bool) -> Iterator[Span]:
    """`span`, or its parts around comments: what looks like one in code is shown.

    All cells of a `row` have the span of the row, wherever the comment is.
    """
    start, end = span
    inside = token.children or ()
    if row or any(part.type == "html_inline" and COMMENT.search(part.content) for part in inside):
        for comment in COMMENT.finditer(text, start, end):
            yield start, comment.start()
            start = comment.end()
    yield start, end


def _blocks(text: str, lines: list[Span], spans: dict[Span, Place]) -> Iterator[Block]:
    for (start, end), place in spans.items():
        for mark in (QUOTE_MARK, BULLET if place.item else None):
            if mark and (match := mark.match(text, start, end)):
                start = match.end()
        columns = place.columns
        if place.head is not None:
            heads = text[slice(*lines[place.head])]
            columns = " ".join(heads.lstrip("> ").replace("|", " ").split())
        if columns is not None:
            row = trimmed(text, start, end)
            if row[0] < row[1]:
                yield Block(*row, columns)
        else:
            yield from items(text, start, end)


def _words_of(heading: Token) -> str:
    """A heading's words on one line, without its marks; of a picture, what stands for it."""
    shown = [each for each in heading.children or () if each.type != "html_inline"]
    words = (each.content or " " * each.type.endswith("break") for each in shown)
    return LABEL.sub("", " ".join("".join(words).split()))


def _shows(token: Token) -> bool:
    """Whether a reader sees words of it: of a comment or a tag nobody does."""
    if token.type in CODE:
        return any(map(str.isalnum, token.content))
    return has_words("".join(map(_shown, token.children or ())))


def _shown(part: Token) -> str:
    """The words of a part of a line; a picture's are those that stand for it, if it has a name."""
    picture = part.type == "image" and str(part.attrs.get("src", "")).startswith("data:")
    return "" if picture or part.type == "html_inline" else part.content
