"""Finds the headings and the blocks of running text in a document.

Every word of the text stands in a heading or in a block, front matter and
Markdown's own marks apart: nothing is lost on the way to the index.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import Block, Heading

LINE_END = re.compile(r"\r\n|\r|\n")
BULLET = re.compile(r"\s*(?:[-*+•‣◦▪·–—]|\d{1,3}[.)]|[A-Za-z][.)])\s+(?=\S)")
NUMBER = re.compile(r"\s*\d{1,3}\.\s")
BULLETS = frozenset("•‣◦▪")  # that stand for nothing else
QUOTE_MARK = re.compile(r"(?:[ \t]*>)+[ \t]?")
TITLE_LENGTH = 90  # characters; the longest title of the case studies has 78
TITLE_WORDS = 12
NESTING = 1000  # levels of lists and quotations that Markdown is read to
NOT_A_TITLE = tuple(".!?:;,…”\"'»)]")
Span = tuple[int, int]
Layout = tuple[tuple[Heading, ...], tuple[Block, ...]]


def plain_layout(text: str) -> Layout:
    """Headings and blocks of plain text.

    A heading is a short line that stands alone, does not end like a sentence, and has
    running text below it; a title line above nothing is text like any other.
    """
    paragraphs = _paragraphs(text)
    titles = [_is_title(text[start:end]) for start, end in paragraphs]
    is_heading = [here and not below for here, below in pairwise([*titles, True])]
    for number in _page_numbers(text, paragraphs):
        is_heading[number] = False
    numbered = sum(bool(NUMBER.match(text, *span)) for span in paragraphs)
    headings: list[Heading] = []
    blocks: list[Block] = []
    for (start, end), heading in zip(paragraphs, is_heading, strict=True):
        if heading:
            headings.append(Heading(text[start:end], 1, start, end))
        else:
            blocks += _items(text, start, end, numbered)
    return tuple(headings), tuple(blocks)


def markdown_layout(text: str, body: int) -> Layout:
    """Headings and blocks of the CommonMark text that begins at offset `body`."""
    parser = MarkdownIt("commonmark", {"maxNesting": NESTING}).enable("table")
    lines = _line_spans(text, body, len(text))
    headings: list[Heading] = []
    spans: dict[Span, bool] = {}  # whether an item begins there; a table row's cells share one
    level, heading_lines, item = 0, [0, 0], False
    for token in parser.parse(text[body:]):
        if token.type == "heading_open" and token.map:
            level, heading_lines = int(token.tag[1]), token.map  # its underline included
        elif token.type in {"inline", "fence", "code_block", "html_block"} and token.map:
            first, stop = heading_lines if level else token.map
            start, end = lines[first][0], lines[stop - 1][1]
            if level:
                headings.append(Heading(_words_of(token), level, start, end))
            else:
                spans[start, end] = item
                item = False
        elif token.type == "list_item_open":
            item = True
        elif token.type == "heading_close":
            level = 0
    blocks: list[Block] = []
    for (start, end), item in spans.items():
        for mark in (QUOTE_MARK, BULLET if item else None):
            if mark and (match := mark.match(text, start, end)):
                start = match.end()
        blocks += _items(text, start, end)
    kept = [heading for heading in headings if heading.text]
    return tuple(kept), tuple(blocks)


def heading_paths(headings: tuple[Heading, ...]) -> Callable[[int], tuple[str, ...]]:
    """A function that gives the headings a place stands under, outermost first."""
    starts: list[int] = []
    paths: list[tuple[str, ...]] = [()]
    path: list[Heading] = []
    for heading in headings:
        path = [above for above in path if above.level < heading.level] + [heading]
        starts.append(heading.start)
        paths.append(tuple(above.text for above in path))
    return lambda place: paths[bisect_right(starts, place)]


def _line_spans(text: str, begin: int, end: int) -> list[Span]:
    spans = []
    for match in LINE_END.finditer(text, begin, end):
        spans.append((begin, match.start()))
        begin = match.end()
    return [*spans, (begin, end)]


def _paragraphs(text: str) -> list[Span]:
    """Runs of lines between blank ones, without the white space around them."""
    found: list[Span] = []
    open_paragraph = False
    for start, end in _line_spans(text, 0, len(text)):
        blank = not text[start:end].strip()
        if not blank and open_paragraph:
            found[-1] = (found[-1][0], end)
        elif not blank:
            found.append((start, end))
        open_paragraph = not blank
    return [trimmed(text, start, end) for start, end in found]


def _page_numbers(text: str, paragraphs: list[Span]) -> Iterator[int]:
    """Which paragraphs are a number beside a form feed: the page's, in what was a PDF."""
    ends = [0, *(end for _, end in paragraphs)]
    starts = [*(start for start, _ in paragraphs), len(text)]
    for number, (start, end) in enumerate(paragraphs):
        around = text[ends[number] : start] + text[end : starts[number + 1]]
        if text[start:end].isdigit() and "\f" in around:
            yield number


def _is_title(line: str) -> bool:
    first = next((character for character in line if character.isalnum()), "")
    return (
        len(line) <= TITLE_LENGTH
        and len(line.split()) <= TITLE_WORDS
        and not LINE_END.search(line)
        and not BULLET.match(line)
        and (first.isupper() or first.isdigit() or (first.isalpha() and not first.islower()))
        and (not line.endswith(NOT_A_TITLE) or (line.endswith(")") and "(" in line))
    )


def _items(text: str, start: int, end: int, numbered: int = 0) -> list[Block]:
    """A paragraph cut at its list items, their marks left out.

    `numbered` is how many paragraphs of the document begin with a number.
    """
    lines = [line for line, _ in _line_spans(text, start, end)]
    marks = [BULLET.match(text, line, end) for line in lines]
    often = Counter(_kind(mark) for mark in marks if mark)
    spans = [(start, end)]
    for line, mark in zip(lines, marks, strict=True):
        before = text[start:line].rstrip()
        alike = often[_kind(mark)] if mark else 0
        if line == start and NUMBER.match(text, start, end):
            alike = max(alike, numbered)
        if mark and _is_item(_kind(mark), alike, before, len(spans) > 1):
            spans[-1] = (spans[-1][0], line)
            spans.append((mark.end(), end))
    trim = [trimmed(text, *span) for span in spans]
    return [Block(*span) for span in trim if span[0] < span[1]]


def _kind(mark: re.Match[str]) -> str:
    """A mark of its own, or the last character of a numbered one: a point or a bracket."""
    return mark[0].strip()[-1]


def _is_item(kind: str, alike: int, before: str, in_list: bool) -> bool:
    """Whether a line that begins with a mark is an item, and not the middle of a sentence.

    Lines are broken anywhere: at a dash, before "12. March" or "A. Rossi", after "tables 1 and".
    `alike` is how many lines have such a mark, `before` what of the paragraph stands above.
    """
    if kind in BULLETS or alike > 1 or before.endswith((":", ";")):
        return True
    if kind == ".":
        return False
    return not before or (in_list if kind == ")" else before.endswith((".", "!", "?")))


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _words_of(heading: Token) -> str:
    """A heading's words on one line, without its marks; of a picture, what stands for it."""
    shown = [each for each in heading.children or () if each.type != "html_inline"]
    words = (each.content or " " * each.type.endswith("break") for each in shown)
    return " ".join("".join(words).split())
