"""Makes the proof of a quote: where it stands, what stands around it, and its link."""

from collections.abc import Iterable
from urllib.parse import quote as percent_encoded

from corpus.document import Document, Sentence
from corpus.layout import heading_paths
from index.ledger import citation_id
from qa.answer import Citation

CONTEXT = 64  # code points of the prefix and of the suffix
MARK = "cited"  # the id of the marked sentence on the reader's page


def cite(document: Document, span: Sentence, headings: tuple[str, ...]) -> Citation:
    """The citation of `document.text[span.start:span.end]`."""
    text = document.text
    quote = text[span.start : span.end]
    identity = citation_id(document.id, quote)
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
    )


def cite_place(document: Document, span: Sentence) -> Citation:
    """The citation of a place whose headings are still to be found."""
    return cite(document, span, heading_paths(document.headings)(span.start))


def find_cited(document: Document, places: Iterable[Sentence], identity: str) -> Sentence | None:
    """The one of `places` whose citation has the id `identity`, None when none has."""
    for span in places:
        if citation_id(document.id, document.text[span.start : span.end]) == identity:
            return span
    return None
