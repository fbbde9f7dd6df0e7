"""Finds the words of raw HTML: of each block and each row, and what the page is called."""

import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from corpus.document import Span
from corpus.paragraphs import BULLET, BULLETS
from corpus.plain import TAG

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# Where one piece of raw HTML ends: a comment, what nobody reads, the tag of a block or of a row.
BLOCKS = (
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody "
    "tfoot thead tr ul"
)
LONGEST = 5_000  # characters of a menu, or of an element that says that it is not shown
# Behind the name of an element: that it is a menu, or that it is not shown.
HIDDEN = (
    r"(?:(?<=<nav)|[^<>]*\s(?:hidden\b|style\s*=\s*[\"'][^\"'<>]*\bdisplay\s*:\s*none\b))[^<>]*>"
)
CUT = re.compile(
    rf"{COMMENT.pattern}|<(script|style|head|template)\b.*?(?:</\1\s*>|\Z)|<!doctype[^<>]*>|"
    rf"<(?P<element>[a-z]\w*)\b{HIDDEN}.{{0,{LONGEST}}}?</(?P=element)\s*>|"
    rf"<h(?P<level>[1-6])\b[^<>]*>|(?P<row><(?:tr|dt)\b[^<>]*>)|"
    rf"(?P<block></?(?:{BLOCKS.replace(' ', '|')})\b[^<>]*>)",
    re.DOTALL | re.IGNORECASE,
)
BLOCK = re.compile(rf"</?(?:{BLOCKS.replace(' ', '|')})\b[^<>]*>", re.IGNORECASE)
# What is left of a row of a table, or of terms (few at once) with their meanings; headings and
# lists are no part of one.
PART = r"(?:[^<]|<(?!(?:/?(?:tr|table|ul|ol|dl)|d[td]|h[1-6])\b))*+"
ROW = re.compile(rf"(?:(?:{PART}<dt\b){{0,5}}(?:{PART}<dd\b)+)?{PART}", re.IGNORECASE)
CELL_TAG = re.compile(r"</?(?:t[dh]|d[td])\b[^<>]*>", re.IGNORECASE)
SHORT = 30  # characters of several blocks in a cell that are one fact: hours, an address
TABLE = re.compile(r"</?table\b", re.IGNORECASE)
HEAD = re.compile(r"<th\b", re.IGNORECASE)
CELL = re.compile(r"<td\b", re.IGNORECASE)
MARKUP = re.compile(r"<[^<>]*>")
UNSPOKEN = re.compile(rf"{MARKUP.pattern}|&\w+;|\{{[#.][^{{}}]*\}}")
UNSEEN = re.compile(rf"{TAG}|&(?:nbsp|#160);", re.IGNORECASE)
BLANK = re.compile(r"\s+|&(?:nbsp|#160);", re.IGNORECASE)
NAMED = re.compile(r"<(?P<closes>/?)(?P<name>[a-z][\w:-]*)(?=[\s/>])[^<>]*>", re.IGNORECASE)
TITLE = re.compile(
    r"\s*(?=<(?:!doctype|html|head|title)\b)(?:(?!<body\b).)*?<title\b[^<>]*>([^<>]*)</title\s*>",
    re.DOTALL | re.IGNORECASE,
)


def page_title(text: str, body: int) -> str:
    """What a document that is a page of HTML from `body` on calls itself; nothing if it is none."""
    found = TITLE.match(text, body)
    return said(found[1]) if found else ""


def said(html: str) -> str:
    """The words on one line, without tags."""
    return " ".join(unescape(MARKUP.sub("", html)).split())


def has_words(html: str) -> bool:
    """Whether anything is read of it."""
    return any(map(str.isalnum, UNSPOKEN.sub("", html)))


class Piece(NamedTuple):
    """A piece of raw HTML: its level as a heading, 0 if it is none; as a block, its columns."""

    start: int
    end: int
    level: int = 0
    columns: str | None = None


def pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of raw HTML that have words, without the tags of blocks around them.

    A row of a table is one piece, but for one that lays out a page, and so are terms with their
    meanings. Rows below one of heads alone have those as their columns.
    """
    level = row_end = 0
    heads = columns = None
    for cut in [*CUT.finditer(text, start, end), None]:
        if cut and (cut["block"] or cut["row"]) and cut.start() < row_end:
            continue
        stop = cut.start() if cut else end
        if has_words(text[start:stop]):
            if level:
                yield Piece(start, stop, level)
            else:
                yield Piece(*_worded(text, start, stop), columns=columns)
        if not cut:
            break
        start, level, columns = cut.end(), int(cut["level"] or 0), None
        if cut["block"] and TABLE.match(cut["block"]):
            heads = None
        elif cut["row"]:
            row = next(ROW.finditer(text, start, end))[0]
            if _is_one(row):
                row_end, columns = start + len(row), heads
            if HEAD.search(row) and not CELL.search(row):
                heads = " ".join(unescape(MARKUP.sub(" ", row)).split())


def _is_one(row: str) -> bool:
    """Whether no cell holds several blocks, which lay out a page, unless they are short."""
    return all(
        len(said(cell)) <= SHORT or sum(map(has_words, BLOCK.split(cell))) <= 1
        for cell in CELL_TAG.split(row)
    )


def _worded(text: str, start: int, end: int) -> Span:
    """A piece from its first word to its last, with the tags of which only one stands outside.

    An item's mark that is a bullet, or that Word sets apart by several blanks, is no word.
    """
    seen = UNSEEN.sub(lambda mark: " " * len(mark[0]), text[start:end])
    first, last = start + len(seen) - len(seen.lstrip()), start + len(seen.rstrip())
    if mark := BULLET.match(seen, first - start):
        sign = mark[0].strip()
        apart = MARKUP.sub("", text[first + len(sign) : start + mark.end()])
        if sign in f"·{BULLETS}" or len(BLANK.findall(apart)) > 1:
            first = start + mark.end()
    opened: dict[str, list[int]] = defaultdict(list)
    for tag in NAMED.finditer(text, start, end):
        places = opened[tag["name"].lower()]
        if not tag["closes"]:
            places.append(tag.start())
        elif places:
            opens, closed = places.pop(), tag.end()
            if opens < first < closed <= last:
                first = opens
            elif first <= opens < last < closed:
                last = closed
    return first, last
