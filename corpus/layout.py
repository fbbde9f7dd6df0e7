"""Finds the headings and the blocks of running text in a document of plain text.

Every word stands in a heading or in a block, but for the headers and footers of a PDF's pages:
nothing else is lost on the way to the index.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from corpus.columns import cut_at_tables
from corpus.document import Block, Heading, Span
from corpus.pages import FEED, broken_by_page, furniture, last_of_page
from corpus.paragraphs import (
    BULLET,
    BULLETS,
    DATED,
    LABELLED,
    LINE_END,
    NUMBERED,
    ORNAMENT,
    SIGNERS,
    TITLE_LENGTH,
    cut_into_paragraphs,
    is_article,
    is_contact,
    is_signed,
    is_title,
    line_spans,
    may_head_facts,
    trimmed,
)

NUMBER = re.compile(r"\s*\d{1,3}\.\s")
SECTION = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)[.)]?\s+(?=[^\W\d_])")  # the number of a heading
# Behind a clause of a preamble, which a capital follows
CLAUSE = re.compile(r";[^\S\r\n]*(?:\r\n|\r|\n)[^\S\r\n]*(?=[A-ZÀ-Ý])")
NOTE = re.compile(r"\d{1,2}\s+[A-ZÀ-Ý]")  # begins a footnote
NEAR = 100  # characters above a line that say whether it is an item
Layout = tuple[tuple[Heading, ...], tuple[Block, ...]]


def plain_layout(text: str, body: int = 0) -> Layout:
    """Headings and blocks of plain text from `body` on.

    A heading is a short line that stands alone, does not end like a sentence, and has
    running text below it; a title line above nothing is text like any other, and so is
    an ornament (- ENDS -), which stands neither for a title nor for running text.
    """
    paragraphs = _without_pages(text, cut_into_paragraphs(text, body))
    plain = [span for span in paragraphs if not ORNAMENT.fullmatch(text, *span)]
    levels = dict(zip(plain, _levels(text, plain), strict=True))
    numbered = sum(bool(NUMBER.match(text, *span)) for span in plain if not levels[span])
    headings: list[Heading] = []
    blocks: list[Block] = []
    for start, end in paragraphs:
        if (start, end) not in levels:
            blocks.append(Block(start, end))
        elif level := levels[start, end]:
            headings.append(Heading(" ".join(text[start:end].split()), level, start, end))
        else:
            blocks += items(text, start, end, numbered)
    return tuple(headings), tuple(blocks)


def asides(text: str, body: int) -> list[Span]:
    """The headers, footers and numbers of pages, which may stand within a sentence."""
    if FEED not in text:
        return []
    paragraphs = cut_into_paragraphs(text, body)
    return [paragraphs[place] for place in sorted(furniture(text, paragraphs))]


def _levels(text: str, paragraphs: list[Span]) -> list[int]:
    """Of each paragraph the level as a heading, which is that of its number; 0 where it is none."""
    words = [text[start:end] for start, end in paragraphs]
    titles = [*(_is_title_among(words, place) for place in range(len(words))), True]
    numbers = [match[1] if (match := SECTION.match(each)) else "" for each in [*words, ""]]
    levels = []
    for place, number in enumerate(numbers[:-1]):
        part = number and numbers[place + 1].startswith(number + ".")
        near = paragraphs[place : place + 3]
        heading = titles[place] and (part or not titles[place + 1] or _above_facts(text, near))
        if heading and place and words[place - 1].endswith("?"):
            heading = not words[place + 1].endswith("?")  # between two questions: an answer
        if heading and place and not titles[place - 1]:
            heading = not last_of_page(text, paragraphs, place)  # a sentence that the page cuts off
        last = words[place + 1 : place + 2 + SIGNERS]
        heading = heading and not is_contact(words[place]) and not is_signed(words[place], last)
        levels.append(heading * (1 + number.count(".")))
    return levels


def _above_facts(text: str, near: list[Span]) -> bool:
    """Whether the first of three paragraphs may head facts, though the second looks like a title.

    That is such a fact, or their title, and directly above them.
    """
    title, below, facts = [text[start:end] for start, end in near] + [""] * (3 - len(near))
    if is_contact(below):
        return may_head_facts(title)
    lines = [line.strip() for line in LINE_END.split(facts)]
    if len(lines) == 1 or not all(map(LABELLED.match, lines)):
        return False
    return may_head_facts(below) and len(LINE_END.findall(text, near[1][1], near[2][0])) == 1


def _is_title_among(paragraphs: list[str], place: int) -> bool:
    """Whether a paragraph is a title; a numbered one not beside one alike, which makes a list."""
    if not (mark := NUMBERED.match(paragraphs[place])):
        return is_title(paragraphs[place]) or is_article(paragraphs[place])
    near = paragraphs[max(place - 1, 0) : place] + paragraphs[place + 1 : place + 2]
    near = [each for each in near if each.startswith("(") == mark[0].startswith("(")]
    return not any(map(NUMBERED.match, near)) and is_title(paragraphs[place][mark.end() :])


def _without_pages(text: str, paragraphs: list[Span]) -> list[Span]:
    """The paragraphs of the document, whole where a page ended within one."""
    aside = furniture(text, paragraphs)
    found: list[Span] = []
    for place, span in enumerate(paragraphs):
        if place in aside:
            continue
        broken = found and broken_by_page(text, found[-1], span)
        if broken and not NOTE.match(text, *found[-1]) and _goes_on(text, found[-1], span):
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    return found


def _goes_on(text: str, before: Span, after: Span) -> bool:
    """Whether what a page breaks is one sentence: the rest has no capital, or no title begins it.

    Behind a short paragraph, which may be the last item of a list, only the first is sure.
    """
    if text[after[0]].islower():
        return True
    short = before[1] - before[0] <= TITLE_LENGTH
    return not (short or BULLET.match(text, *after) or is_title(text[slice(*after)]))


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


def items(text: str, start: int, end: int, numbered: int = 0) -> list[Block]:
    """A paragraph cut at its list items, their marks left out, or into lines with labels, or rows.

    `numbered` is how many paragraphs of the document begin with a number.
    """
    found: list[Block] = []
    lines = [trimmed(text, *line) for line in line_spans(text, start, end)]
    for group, heads in cut_at_tables(text, [line for line in lines if line[0] < line[1]]):
        if heads is None:
            found += _items(text, group[0][0], group[-1][1], numbered)
        else:
            found += [Block(*row, heads) for row in group]
    return found


def _items(text: str, start: int, end: int, numbered: int) -> list[Block]:
    whole = line_spans(text, start, end)
    labelled = [LABELLED.match(text, *line) is not None for line in whole]
    if all(labelled[1:]) and sum(labelled) > 1:
        return [Block(*trimmed(text, *line)) for line in whole]
    cuts = [clause.end() for clause in CLAUSE.finditer(text, start, end)]
    dated = [begin for begin, stop in whole if DATED.match(text, begin, stop)]
    if dated[:1] == [start]:
        cuts = dated[1:]
    elif len(cuts) < 2 or any(BULLET.match(text, *line) for line in whole):
        cuts = []
    edges = pairwise([start, *cuts, end])
    return [block for edge in edges for block in _listed(text, *edge, numbered)]


def _listed(text: str, start: int, end: int, numbered: int) -> list[Block]:
    """A paragraph cut at its list items, their marks left out."""
    whole = line_spans(text, start, end)
    lines = [line for line, _ in whole]
    marks = [BULLET.match(text, line, end) for line in lines]
    often = _often([mark for mark in marks if mark])
    spans = [(start, end)]
    for line, mark in zip(lines, marks, strict=True):
        if not mark:
            continue
        before = text[max(start, line - NEAR) : line].rstrip()
        alike = often[_sign(mark)]
        if line == start and NUMBER.match(text, start, end):
            alike = max(alike, numbered)
        if _is_item(_sign(mark), alike, before, len(spans) > 1):
            spans[-1] = (spans[-1][0], line)
            spans.append((mark.end(), end))
    trim = [trimmed(text, *span) for span in spans]
    return [Block(*span) for span in trim if span[0] < span[1]]


def _sign(mark: re.Match[str]) -> str:
    return mark[0].strip()


def _kind(mark: re.Match[str]) -> str:
    """A mark of its own, or the last character of a numbered one: a point or a bracket."""
    return _sign(mark)[-1]


def _often(marks: list[re.Match[str]]) -> dict[str, int]:
    """How many of `marks` are like each of them.

    Of letters and numbers with a point ("M.", "12.") only those that follow each other or recur.
    """
    kinds = Counter(map(_kind, marks))
    signs = Counter(map(_sign, marks))
    places = {_place(sign) for sign in signs}
    return {
        sign: kinds[sign[-1]]
        if sign[-1] != "." or count > 1 or places & {_place(sign) - 1, _place(sign) + 1}
        else 1
        for sign, count in signs.items()
    }


def _place(sign: str) -> int:
    """A number, or that of a letter."""
    digits = re.sub(r"\D", "", sign)
    return int(digits) if digits else ord(sign.lstrip("(")[0].lower())


def _is_item(sign: str, alike: int, before: str, in_list: bool) -> bool:
    """Whether a line that begins with a mark is an item, and not the middle of a sentence.

    Lines are broken anywhere: at a dash, before "12. March" or "A. Rossi", after "tables 1 and".
    `alike` is how many lines have such a mark, `before` what of the paragraph stands above.
    """
    kind = sign[-1]
    if kind in BULLETS or alike > 1 or before.endswith((":", ";")):
        return True
    if kind == ".":  # no initial has a number: Q1., A1.
        return sign[0].isalpha() and len(sign) > 2 and (not before or before.endswith((".", "?")))
    return not before or (in_list if kind == ")" else before.endswith((".", "!", "?")))
