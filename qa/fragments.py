"""Leads into an original elsewhere, to the very words of a quote: by text fragment or page.

A text fragment (https://wicg.github.io/scroll-to-text-fragment/) names words, and the browser
goes to the first place that has them. One is made only where the document has them once.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from threading import Lock
from typing import NamedTuple
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from cachetools import LRUCache, cached

from corpus.document import Document, Sentence

EXACT = 120  # characters up to which a quote is named whole, else by its ends
END_WORDS = 5  # of such an end
CONTEXT_WORDS = 6  # on each side, at most, that tell a place from others like it
FOLDED_KEPT = 16 * 2**20  # bytes of folded documents that stay in memory
REACH = 500  # characters around a quote in which these words are looked for
MARKS = re.compile(r"[*_`\[\]<>|\\#]")  # of Markdown: the original shows something else
BARE = re.compile(r"(?<!\S)(?:[^\w\s]|_)+(?!\S)")  # a bullet or a dash, which may not be text there
# What browsers do not tell apart, besides case and kinds of space: accents, soft hyphens, quotes.
IGNORED = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\ufeff]")
QUOTES = str.maketrans("‘’‚‛“”„‟«»", '\'\'\'\'""""""')


class Words(NamedTuple):
    """A text directive. Without an `end`, `start` is all of the words."""

    prefix: str
    start: str
    end: str
    suffix: str

    def __str__(self) -> str:
        """As it stands in an address, after `:~:text=`."""
        prefix, start, end, suffix = (
            percent_encoded(part, safe="").replace("-", "%2D") for part in self
        )
        parts = (prefix and f"{prefix}-", start, end, suffix and f"-{suffix}")
        return ",".join(filter(None, parts))


def original(document: Document, span: Sentence) -> str | None:
    """The address of a place in the document's original, of its beginning where none is sure."""
    if document.url is None:
        return None
    if urlsplit(document.url).path.lower().endswith(".pdf"):
        page = _page(document.text, span.start)
        return f"{document.url}#page={page}" if page and "#" not in document.url else document.url
    words = fragment(document.text, span)
    mark = ":~:text=" if "#" in document.url else "#:~:text="
    return f"{document.url}{mark}{words}" if words else document.url


def fragment(text: str, span: Sentence) -> Words | None:
    """Words that lead to `text[span.start:span.end]` and nowhere else; None if there are none."""
    start, end = _whole_words(text, span)
    folded, quote = _folded_document(text), _folded(text[start:end])
    candidates = _candidates(text, start, end)
    return next((words for words in candidates if _leads(folded, quote, words)), None)


def _page(text: str, place: int) -> int | None:
    """The page of a place, where form feeds end the pages, as pdftotext writes them."""
    return text.count("\f", 0, place) + 1 if "\f" in text else None


def _whole_words(text: str, span: Sentence) -> tuple[int, int]:
    """The span, widened to the white space around it: browsers find no parts of words."""
    start, end = span.start, span.end
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _candidates(text: str, start: int, end: int) -> Iterator[Words]:
    """The words whole, then their first and last ones, each with more and more context.

    No part crosses the end of a line: that may be the end of a block of the page, over which
    browsers find nothing.
    """
    lines = _lines(text[start:end])
    before = (_lines(text[max(0, start - REACH) : start]) or [[]])[-1]
    after = (_lines(text[end : end + REACH]) or [[]])[0]
    forms = [(lines[0][:END_WORDS], lines[-1][-END_WORDS:])]
    if len(lines) == 1 and end - start <= EXACT:
        forms.insert(0, (lines[0], []))
    for first, last in forms:
        for count in range(CONTEXT_WORDS + 1):
            prefix = before[max(0, len(before) - count) :]
            yield Words(*map(" ".join, (prefix, first, last, after[:count])))


def _lines(text: str) -> list[list[str]]:
    """The words of each line that has any."""
    return [line.split() for line in text.splitlines() if line.strip()]


def _leads(text: str, quote: str, words: Words) -> bool:
    """Whether the first match of `words` in a folded text is the quote, and the only one."""
    if MARKS.search(" ".join(words)) or BARE.search(f"{words.prefix} {words.suffix}"):
        return False
    prefix, start, end, suffix = (_folded(part) for part in words)
    if not words.end:
        return _once(text, _joined(prefix, start, suffix))
    head, tail = _joined(prefix, start), _joined(end, suffix)
    if not (start and end and _once(text, head)):
        return False
    begin = text.index(head) + len(head) - len(start)
    return text.find(tail, begin + len(start)) == begin + len(quote) - len(end)


def _once(text: str, words: str) -> bool:
    first = text.find(words)
    return first >= 0 and text.find(words, first + 1) < 0


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _folded(text: str) -> str:
    """The text as browsers compare it, so that two places that they may confuse are equal."""
    plain = IGNORED.sub("", unicodedata.normalize("NFKD", text)).translate(QUOTES).casefold()
    return " ".join(plain.split())


_folded_document = cached(LRUCache(FOLDED_KEPT, sys.getsizeof), lock=Lock())(_folded)
