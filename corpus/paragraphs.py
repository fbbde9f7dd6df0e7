"""Cuts plain text into paragraphs, and tells which lines are titles or begin an item of a list."""

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from statistics import median

from corpus.document import Span
from corpus.pages import ENDING, FACT, FEED, RULE

LINE_END = re.compile(r"\r\n|\r|\n")
# Those that stand for nothing else; two are what Word's font of symbols leaves.
BULLETS = "•‣◦▪●○■□►▶➢➤✓✔∙⁃\uf0b7\uf0a7"
MARK = (  # of an item
    rf"(?:[-*+·–—{BULLETS}]|\d{{1,3}}[.)]|[A-Za-z]\d{{0,2}}[.)]|[ivx]{{2,4}}\)"
    r"|\((?:\d{1,3}|[A-Za-z]|[ivx]{2,4})\))"
)
# Before a figure (011) and (C) are none: of a telephone, of a copyright.
BULLET = re.compile(rf"[^\S\r\n]*(?!\((?:\d{{1,3}}|[cC])\)\s+\d){MARK}\s+(?=\S)")
# A line that is a fact of its own: behind a label ("Contact: A. Rossi") or a time ("09:00 Start").
LABELLED = re.compile(
    r"[*_]*[A-ZÀ-Ý][^:.!?]{1,40}\.?:[*_]*[^\S\r\n]+\S|"
    r"\d{1,2}[:.]\d\d(?:\s?[-–]\s?\d{1,2}[:.]\d\d)?[^\S\r\n]+[A-ZÀ-Ý“«\"]"
)
# Begins a line of a list of dates: 3 March, 15-17 ottobre
DATED = re.compile(
    r"\s*\d{1,2}°?(?:(?:\s?[-–]\s?|\s(?:and|e)\s)\d{1,2})?\s(?i:january|february|march|april|may|"
    r"june|july|august|september|october|november|december|gennaio|febbraio|marzo|aprile|maggio|"
    r"giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)\b"
)
REACHED = re.compile(r"\w@\w|\d{3,}[ /-]\d{3}[ /-]?\d{2,}")  # by mail, by telephone
# Place and date, and those who sign below them; a day ("Friday, 6 June 2025") may be a title.
SIGNED = re.compile(
    r"(?!\w*(?:day|dì|tag|Sabato|Domenica|Mittwoch)\b)[A-ZÀ-Ý][^,:.;!?\d]{1,40},"
    r"\s+(?:(?:lì|li|den|le)\s+)?"
    r"(?:\d{1,2}[.°º]?\s+(?:de\s+)?[^\W\d_]{3,}\s+(?:de\s+)?|[^\W\d_]{3,}\s+\d{1,2},\s+|"
    r"\d{1,2}[./-]\d{1,2}[./-])(?:19|20)\d\d"
)
SIGNER = re.compile(r"(?:(?:For|Per|Pour|Für)\s[^:\d]{1,40}:)?[^:\d]{1,60}(?<![.!?;,])")
SIGNERS = 4  # lines: the office and the name of two
ORNAMENT = re.compile(r"([-–—])(?:[^\S\r\n]+[^\W\d_][^\s–—-]*){1,4}[^\S\r\n]+\1")  # - ENDS -
INITIAL = re.compile(r"[A-ZÀ-Ý]\.\s+[A-ZÀ-Ý][^\W\d_]")  # of a person, not an item's letter
NUMBERED = re.compile(r"\(?\d{1,3}[.)]\s+(?=[^\W\d_])")
# The number of an article of an agreement, which its title stands below.
ARTICLE = re.compile(
    r"(?i:art\.|article|articolo|section|sezione|annex|allegato|chapter|capitolo)"
    r"\s+(?:\d{1,3}|[IVXLC]+|[A-Z])\.?[^\S\r\n]*(?:\r\n|\r|\n)\s*"
)
# A title ends in the name of something: 2. BANDO "SCUOLE APERTE".
NAME = re.compile(r"[^\s“«\"][^,:“«\"]*\s(?:“[A-ZÀ-Ý][^“”]*”|«[A-ZÀ-Ý][^«»]*»|\"[A-ZÀ-Ý][^\"]*\")")
GAP = re.compile(r"(?<=\S)(?: {3,}|[ ]*\t[ \t]*)(?=\S)")  # between two cells
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"  # no white space to Python, and none to be seen
FULL = 0.85  # of the usual width of lines: what is shorter was not broken to fit
WRAPPED = 3  # lines that tell what the usual width is
NARROW = 50  # characters, below which nobody breaks lines
UNWRAPPED = 200  # characters of a line that holds a whole paragraph
TITLE_LENGTH = 90  # characters; the longest title of the case studies has 78
TITLE_WORDS = 12
FULL_STOP = re.compile(r"[^\W\d_]{4,}\. [A-ZÀ-Ý]")  # within a line, which ends a sentence there
NOT_A_TITLE = tuple(".!?:;,…”\"'»)]")
# fmt: off
# Small words behind which a line was broken, and no title ends.
GOES_ON = {
    "a", "al", "alla", "an", "and", "at", "by", "che", "con", "da", "dal", "dalla", "degli",
    "dei", "del", "della", "delle", "dello", "di", "e", "ed", "for", "from", "fra", "gli", "i",
    "il", "in", "la", "le", "lo", "nel", "nella", "of", "on", "or", "per", "su", "the", "to",
    "tra", "un", "una", "with",
}
# fmt: on


def cut_into_paragraphs(text: str, body: int) -> list[Span]:
    """Runs of lines between blank ones from `body` on, without the white space around them.

    Where most of a text stands in long lines, a line that ends like a sentence is one, and so is
    a title above such a line; a page ends a paragraph too, and a title its own.
    """
    lines = [trimmed(text, *line) for line in line_spans(text, body, len(text))]
    long = sum(end - start for start, end in lines if end - start > UNWRAPPED)
    unwrapped = 2 * long > sum(end - start for start, end in lines)
    words = _without_rules([text[start:end] for start, end in lines])
    width, longest = _width(words), max(map(len, words))
    if longest <= NARROW:
        longest = 0  # of none that was broken to fit
    found: list[Span] = []
    fact = -1  # the line of the first fact below a title, which heads no others
    for place, (start, end) in enumerate(lines):
        above = words[place - 1] if place else ""
        if not words[place]:
            continue
        article = is_article(f"{above}\n{words[place]}")
        ends = unwrapped and not article and _ends(above, text[start])
        first = bool(found) and found[-1] == lines[place - 1] and place - 1 != fact
        near = words[place : place + 2]
        titled = first and _heads(above, *near, width=width, longest=longest)
        titled = titled or (first and _heads_list(words, place, width or longest))
        if first and _heads_facts(words, place):
            fact, titled = place, True
        paged = place > 0 and FEED in text[lines[place - 1][1] : start]
        if not above or paged or ends or titled:
            found.append((start, end))
        else:
            found[-1] = (found[-1][0], end)
    return found


def _without_rules(lines: Sequence[str]) -> list[str]:
    """The lines, those of dashes alone as blank ones, but for what rules a table."""
    return [
        "" if RULE.fullmatch(line) and not in_columns(above) else line
        for above, line in zip(["", *lines], lines, strict=False)
    ]


def _ends(line: str, following: str) -> bool:
    """Whether a line is a paragraph, as it ends and as the `following` character begins."""
    return line.endswith(ENDING) or (following.isupper() and is_title(line))


def _width(lines: Sequence[str]) -> float:
    """How long the lines are that were broken to fit: those above a small letter; 0 if unknown."""
    broken = [len(line) for line, below in pairwise(lines) if line and below[:1].islower()]
    return median(broken) if len(broken) >= WRAPPED else 0.0


def _heads(line: str, below: str, beyond: str = "", *, width: float, longest: int) -> bool:
    """Whether a paragraph's first line is a title over the others.

    They are rows set in columns, or run on or end a sentence; then the title's end is its
    author's: the next word would have fitted, and is none that goes on. Where no `width` is
    known the `longest` line of the text may be one that was broken to fit.
    """
    title = line[mark.end() :] if (mark := NUMBERED.match(line)) else line
    if not is_title(title) or in_columns(title):
        return False
    if all(map(LABELLED.match, (line, below, beyond))):
        return False
    if in_columns(below) and in_columns(beyond):
        return True
    return (
        (not BULLET.match(below) or below[0] == "(" or INITIAL.match(below) is not None)
        and _broken_by_author(line, below, width or longest)
        and (
            below.endswith(ENDING) or (beyond != "" and not _broken_by_author(below, beyond, width))
        )
    )


def _heads_facts(lines: Sequence[str], place: int) -> bool:
    """Whether the line above `place` is a title over a paragraph of facts behind labels."""
    title, several = lines[place - 1], any(lines[place + 1 : place + 2])
    if not several or not is_title(title) or not may_head_facts(title):
        return False
    below = takewhile(bool, (lines[line] for line in range(place, len(lines))))
    return all(map(LABELLED.match, below))


def _heads_list(lines: Sequence[str], place: int, width: float) -> bool:
    """Whether the line above `place` is a title over a list of two sentences or more."""
    line = lines[place - 1]
    title = line[mark.end() :] if (mark := NUMBERED.match(line)) else line
    if not is_title(title) or ":" in title or (width and len(line) > FULL * width):
        return False
    listed = [*takewhile(bool, lines[place:])]
    marks = [mark for each in listed if (mark := BULLET.match(each))]
    if not BULLET.match(listed[0]) or (title != line and any(map(NUMBERED.match, listed))):
        return False  # or itself an item of that list
    first = marks[0][0].strip("(.) \t")
    begins = not first.isalnum() or first in ("1", "a", "A")
    capital = all(mark.string[mark.end()].isupper() for mark in marks)
    return len(marks) > 1 and begins and capital and listed[-1].endswith((".", "!", "?"))


def _broken_by_author(line: str, below: str, width: float) -> bool:
    word = below.split()[0]
    begins = not below[0].islower() and not below[0].isdigit()  # O, 2: a subscript
    return begins and (not width or len(line) + 1 + len(word) <= FULL * width)


def in_columns(line: str) -> bool:
    """Whether a line is set in columns; what stands between an item and its mark is no gap."""
    mark = BULLET.match(line)
    return GAP.search(line, mark.end() if mark else 0) is not None


def is_title(line: str) -> bool:
    """Whether a line looks like a title: short, with a capital, and without a sentence's end."""
    first = next((character for character in line if character.isalnum()), "")
    return (
        len(line) <= TITLE_LENGTH
        and len(line.split()) <= TITLE_WORDS
        and not LINE_END.search(line)
        and not FULL_STOP.search(line)
        and not BULLET.match(line)
        and not FACT.match(line)
        and not {*line.split()[-1:]} & GOES_ON
        and (first.isupper() or first.isdigit() or (first.isalpha() and not first.islower()))
        and (
            not line.endswith(NOT_A_TITLE)
            or (line.endswith(")") and "(" in line)
            or NAME.fullmatch(line) is not None
        )
    )


def is_article(paragraph: str) -> bool:
    """Whether a paragraph is the number of an article and, on the next line, its title."""
    number = ARTICLE.match(paragraph)
    return number is not None and is_title(paragraph[number.end() :])


def may_head_facts(title: str) -> bool:
    """Whether a title is not rather a fact itself: Via Po 5; Seat: Turin; Open in August, too."""
    words = title.split()
    small = sum(word[0].islower() for word in words)
    stated = any(map(str.isdigit, title)) and not title.isupper()
    return ":" not in title and not stated and (len(words) <= 4 or 2 * small <= len(words))


def is_contact(title: str) -> bool:
    """Whether what looks like a title says behind its label how somebody is reached."""
    return LABELLED.match(title) is not None and REACHED.search(title) is not None


def is_signed(title: str, below: Sequence[str]) -> bool:
    """Whether a title is place and date, and the paragraphs `below` it are those who sign."""
    if not SIGNED.fullmatch(title):
        return False
    lines = [line for paragraph in below for line in LINE_END.split(paragraph)]
    return len(lines) <= SIGNERS and all(map(SIGNER.fullmatch, lines))


def line_spans(text: str, begin: int, end: int) -> list[Span]:
    """The lines of `text[begin:end]`, without their ends."""
    spans = []
    for match in LINE_END.finditer(text, begin, end):
        spans.append((begin, match.start()))
        begin = match.end()
    return [*spans, (begin, end)]


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends, and what else cannot be seen."""
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    return start, end
