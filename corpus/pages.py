"""Finds what stands around the text of a page: running headers, footers, page numbers.

`pdftotext` ends every page of a PDF with a form feed; a text without any has no pages.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from corpus.document import Span

FEED = "\f"
EDGE = 3  # paragraphs at either end of a page that may be header or footer
ENDING = tuple('.!?:;…”"»')  # a sentence
LONGEST = 90  # characters of one
# A fact behind its label, which is text: "Deadline: 30 June", "Budget: up to EUR 50,000".
FACT = re.compile(
    r"[^\d:]{2,40}:\s+(?:(?:about|circa|ca\.|up to|fino a)\s+)?(?:(?:EUR|USD|GBP)\s*|[€$£]\s*)?\d"
)
RULE = re.compile(r"[-_=*~]{4,}")  # a line across the page
NUMBER = re.compile(r"\W*\d{1,4}\W*")
PAGE = re.compile(r"(?<![\d.,])\d{1,4}(?![.,]?\d)")


def furniture(text: str, paragraphs: Sequence[Span]) -> set[int]:
    """The places of those `paragraphs` that are a page's and not the document's.

    From a page's edge on: what stands at an edge of another page too, whatever its digits are,
    and numbers. The first paragraph is the document's title, though later pages may repeat it.
    """
    if FEED not in text:
        return set()
    words = [" ".join(RULE.sub(" ", text[start:end]).split()) for start, end in paragraphs]
    alike = [_alike(each) for each in words]
    edges = list(_edges(text, paragraphs))
    pages: dict[str, set[int]] = defaultdict(set)
    for page, edge in edges:
        for place in edge:
            pages[alike[place]].add(page)
    found: set[int] = set()
    for _, edge in edges:
        for place in edge:
            again = len(words[place]) <= LONGEST and len(pages[alike[place]]) > 1
            if place == 0 or not (again or NUMBER.fullmatch(words[place])):
                break
            found.add(place)
    return found


def _alike(words: str) -> str:
    """What is the same on another page, whatever its number is; an amount is none."""
    return (words if FACT.match(words) else PAGE.sub("#", words)).casefold()


def _edges(text: str, paragraphs: Sequence[Span]) -> Iterator[tuple[int, list[int]]]:
    """The paragraphs at the top of each page and at each form feed, outermost first; the page."""
    starts = [start for start, _ in paragraphs]
    cuts = [0, *(bisect_left(starts, feed.start()) for feed in re.finditer(FEED, text))]
    for page, (begin, end) in enumerate(zip(cuts, [*cuts[1:], len(starts)], strict=True)):
        inside = range(begin, end)
        yield page, list(inside[:EDGE])
        if page < len(cuts) - 1:
            yield page, list(inside[: -EDGE - 1 : -1])


def broken_by_page(text: str, before: Span, after: Span) -> bool:
    """Whether a page ends between two paragraphs, and no sentence does."""
    return FEED in text[before[1] : after[0]] and not text.endswith(ENDING, *before)


def last_of_page(text: str, paragraphs: Sequence[Span], place: int) -> bool:
    """Whether a page ends behind a paragraph that follows another one on it."""
    start, end = paragraphs[place]
    following = paragraphs[place + 1][0]
    return FEED in text[end:following] and FEED not in text[paragraphs[place - 1][1] : start]
