"""Finds the headings and the blocks of running text in a Markdown document.

Every word that a reader of the rendered page sees stands in a heading or in a block; front
matter, marks, comments and the addresses of pictures do not.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import Block, Heading, Span
from corpus.layout import Layout, items
from corpus.paragraphs import BULLET, line_spans

QUOTE_MARK = re.compile(r"(?:[ \t]*>)+[ \t]?")
NESTING = 1000  # more than Python goes down: what is too deep is refused, rather than left out
CODE = ("fence", "code_block")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
TAG = re.compile(r"<[^<>]*>|&\w+;|\{[#.][^{}]*\}")
LABEL = re.compile(r"\s*\{[#.][^{}]*\}$")  # that pandoc and Google Docs put behind a heading


def markdown_layout(text: str, body: int) -> Layout:
    """Headings and blocks of the CommonMark text that begins at offset `body`."""
    parser = MarkdownIt("commonmark", {"maxNesting": NESTING}).enable("table")
    lines = line_spans(text, body, len(text))
    headings: list[Heading] = []
    spans: dict[Span, bool] = {}  # whether an item begins there; a table row's cells share one
    level, heading_lines, item = 0, [0, 0], False
    for token in parser.parse(text[body:]):
        if token.type == "heading_open" and token.map:
            level, heading_lines = int(token.tag[1]), token.map  # its underline included
        elif token.type == "heading_close":
            level = 0
        elif token.type == "list_item_open":
            item = True
        elif token.type in {"inline", "html_block", *CODE} and token.map:
            first, stop = heading_lines if level else token.map
            start, end = lines[first][0], lines[stop - 1][1]
            if level:
                headings.append(Heading(_words_of(token), level, start, end))
            elif _shows(token):
                spans[start, end] = item
            item = item and bool(level)
    kept = [heading for heading in headings if heading.text]
    return tuple(kept), tuple(_blocks(text, spans))


def _blocks(text: str, spans: dict[Span, bool]) -> Iterator[Block]:
    for (start, end), item in spans.items():
        for mark in (QUOTE_MARK, BULLET if item else None):
            if mark and (match := mark.match(text, start, end)):
                start = match.end()
        yield from items(text, start, end)


def _words_of(heading: Token) -> str:
    """A heading's words on one line, without its marks; of a picture, what stands for it."""
    shown = [each for each in heading.children or () if each.type != "html_inline"]
    words = (each.content or " " * each.type.endswith("break") for each in shown)
    return LABEL.sub("", " ".join("".join(words).split()))


def _shows(token: Token) -> bool:
    """Whether a reader sees words of it: of a comment or a tag nobody does."""
    if token.type in CODE:
        words = token.content
    elif token.type == "html_block":
        words = TAG.sub("", COMMENT.sub("", token.content))
    else:
        words = TAG.sub("", "".join(map(_shown, token.children or ())))
    return any(map(str.isalnum, words))


def _shown(part: Token) -> str:
    """The words of a part of a line; a picture's are those that stand for it, if it has a name."""
    picture = part.type == "image" and str(part.attrs.get("src", "")).startswith("data:")
    return "" if picture or part.type == "html_inline" else part.content
