"""What a citation says of its source, whatever the format that it is written in."""

from dataclasses import dataclass
from urllib.parse import quote as percent_encoded

from corpus.document import Document
from corpus.layout import asides
from corpus.pages import FEED
from qa.answer import Citation
from views.strings import Strings

LEFT_OUT = "[…]"
URL_SAFE = "/:?#[]@!$&'()*+,;=%~"


@dataclass(frozen=True)
class Reference:
    """A quote, where it comes from, and the words around it in the language of a page.

    `quote` has LEFT_OUT for what the end of a page puts into the middle of a sentence.
    `link` is the whole address at which the quote is seen marked, `original` that of its place
    in the document elsewhere, empty when it has none. `authors`, `publisher` and `date` are as the
    document's metadata say.
    """

    id: str
    quote: str
    title: str
    authors: tuple[str, ...]
    publisher: str
    date: str
    language: str
    place: str
    link: str
    original: str


def reference(document: Document, citation: Citation, words: Strings, base: str) -> Reference:
    """What a citation of `document` says in every format; `base` begins the service's links."""
    said = document.metadata
    place = words["place"].format(start=citation.start, end=citation.end)
    section = " › ".join(citation.sections)
    return Reference(
        id=citation.id,
        quote=_quote(document, citation),
        title=document.title,
        authors=_several(said.get("authors") or said.get("author") or ()),
        publisher=", ".join(_several(said.get("publisher", ()))),
        date=", ".join(_several(said.get("date") or said.get("year") or ())),
        language=document.language,
        place=f"{section}, {place}" if section else place,
        link=_url(base + citation.link),
        original=_url(citation.original or ""),
    )


def _quote(document: Document, citation: Citation) -> str:
    """The quote, with LEFT_OUT for the headers, footers and numbers of pages."""
    if FEED not in citation.quote:
        return citation.quote
    text, begin, parts = document.text, citation.start, []
    for start, end in asides(text, 0):
        within = begin <= start and end <= citation.end
        if not within or document.plain[start:end].strip():  # of Markdown it is read
            continue
        if text[begin:start].strip():  # else it stands beside another
            parts += [text[begin:start], LEFT_OUT]
        begin = end
    return "".join([*parts, text[begin : citation.end]])


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _url(address: str) -> str:
    """An address without white space, brackets or braces that would end it in some format."""
    return percent_encoded(address, safe=URL_SAFE)
