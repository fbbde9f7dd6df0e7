"""Finds the tables of plain text: lines whose columns are set with spaces or tabs."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.document import Span
from corpus.paragraphs import GAP, in_columns

ROWS = 3  # lines that make a table
HEADS = 3  # columns that heads are told by: of two, "Fee   none" may be a row like any other
INDENT = 8  # blanks before heads whose first column has none
YEAR = re.compile(r"(?:19|20)\d\d\W?")


def cut_at_tables(text: str, lines: Sequence[Span]) -> Iterator[tuple[list[Span], str | None]]:
    """The trimmed `lines` of a paragraph in groups: running text, and rows with the heads above.

    The heads are None for running text and empty where a table has none. Most lines of a page
    in two columns begin in the middle of a sentence: that is no table.
    """
    running: list[Span] = []
    for in_rows, group in groupby(_rows(text, lines), lambda row: row[1]):
        rows = [span for span, _ in group]
        small = sum(text[start].islower() for start, _ in rows)
        if not in_rows or len(rows) < ROWS or 2 * small > len(rows):
            running += rows
            continue
        if running:
            yield running, None
        yield [row for row in rows if _has_words(text, row)], _heads(text, rows)
        running = []
    if running:
        yield running, None


def _rows(text: str, lines: Sequence[Span]) -> Iterator[tuple[Span, bool]]:
    """The lines, and whether they are set in columns; a row with those that go on with it."""
    row: Span | None = None
    for start, end in lines:
        if in_columns(text[start:end]) or (row and not _has_words(text, (start, end))):
            if row:
                yield row, True
            row = start, end
        elif row and (text[start].islower() or _indent(text, start) > _indent(text, row[0])):
            row = row[0], end
        else:
            if row:
                yield row, True
            row = None
            yield (start, end), False
    if row:
        yield row, True


def _heads(text: str, rows: Sequence[Span]) -> str:
    """The words of the first row where they are heads: over a rule, or without figures over some.

    Of two columns they could be a row like any other.
    """
    (start, end), *others = rows
    words = " ".join(text[start:end].split())
    if not _has_words(text, others[0]):
        return words
    told = _indent(text, start) >= INDENT or len(GAP.split(text[start:end])) >= HEADS
    with_figures = sum(_has_figures(text[slice(*row)]) for row in others)
    return words if told and 2 * with_figures > len(others) and not _has_figures(words) else ""


def _has_words(text: str, row: Span) -> bool:
    return any(map(str.isalnum, text[slice(*row)]))


def _has_figures(words: str) -> bool:
    """Whether any word is a number, and no year."""
    return any(word[0].isdigit() and not YEAR.fullmatch(word) for word in words.split())


def _indent(text: str, start: int) -> int:
    return start - text.rfind("\n", 0, start) - 1
