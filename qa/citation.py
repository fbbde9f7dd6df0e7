"""Makes the proof of a quote: where it stands, what stands around it, and its link."""

import re
from collections.abc import Iterable
from urllib.parse import quote as percent_encoded

from corpus.document import Document, Sentence
from corpus.layout import heading_paths
from corpus.quotes import pattern_of
from index.ledger import Given, citation_id
from qa.answer import Citation
from qa.fragments import original

CONTEXT = 64  # code points of the prefix and of the suffix
MARK = "cited"  # the id of the marked sentence on the reader's page


def cite(
    document: Document, span: Sentence, headings: tuple[str, ...], identity: str | None = None
) -> Citation:
    """The citation of `document.text[span.start:span.end]`.

    `identity` is the id that it was given out with, where lines were broken otherwise then.
    """
    text = document.text
    quote = text[span.start : span.end]
    identity = identity or citation_id(document.id, quote)
    return Citation(
        id=identity,
        document_id=document.id,
        title=document.title,
        url=document.url,
        sha256=document.sha256,
        start=span.start,
        end=span.end,
        quote=quote,
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
        headings=headings,
        language=document.language,
        link=f"/read/{percent_encoded(document.id)}?c={identity}#{MARK}",
        original=original(document, span),
    )


def cite_place(document: Document, span: Sentence, identity: str | None = None) -> Citation:
    """The citation of a place whose headings are still to be found; see `cite`."""
    return cite(document, span, heading_paths(document.headings)(span.start), identity)


def find_cited(
    document: Document, places: Iterable[Sentence], identity: str, given: Given | None = None
) -> Sentence | None:
    """Where the citation `identity` stands in `document` today, None when it does not.

    The first of `places` that has its id. Sentences may be cut otherwise than when it was
    `given`: where no place has it, its words are looked for in the text itself.
    """
    for span in places:
        if citation_id(document.id, document.text[span.start : span.end]) == identity:
            return span
    return _find_words(document, given) if given else None


def _find_words(document: Document, given: Given) -> Sentence | None:
    """The words of a quote, whole, nearest to where they stood."""
    matches = re.finditer(pattern_of(given.quote), document.text)
    found = (Sentence(*match.span()) for match in matches)
    return min(found, key=lambda span: abs(span.start - given.start), default=None)
