"""Says what has become of a citation: unchanged, moved, changed or gone."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from corpus.document import Document, Sentence
from index.ledger import Given
from index.lexical import words
from qa.answer import Citation
from qa.citation import cite_place

ALIKE = 0.5  # difflib's ratio of words from which on a sentence counts as the old one, changed
COMPARED = 200  # sentences around the old place: difflib is slow
PARTS = 100  # words of a sentence that are compared: difflib's time grows with their square
Status = Literal["unchanged", "moved", "changed", "gone"]


@dataclass(frozen=True)
class Proof:
    """A citation as it was given out, and the citation that stands for it today.

    "unchanged" and "moved" say that the quote stands there word for word, wherever sentences
    begin and end today. `now` is null when the quote is gone; when `status` is "changed" it
    cites the nearest sentence of the same document.
    """

    id: str
    status: Status
    document_id: str
    quote: str
    start: int
    end: int
    sha256: str
    now: Citation | None
    index_version: str


def prove(
    identity: str,
    given: Given,
    document: Document | None,
    span: Sentence | None,
    places: list[Sentence],
    index_version: str,
) -> Proof:
    """What has become of `given` in `document` (None when it is no longer there).

    `span` is where it stands there today; where that is None the nearest of `places` is looked for.
    """
    status: Status = "gone"
    now = None
    if document is not None:
        if span is not None:
            status = "unchanged" if span.start == given.start else "moved"
        else:
            span = _nearest(document, places, given.quote, given.start)
            status = "changed" if span else "gone"
        if span is not None:
            now = cite_place(document, span, None if status == "changed" else identity)
    return Proof(
        id=identity,
        status=status,
        document_id=given.document_id,
        quote=given.quote,
        start=given.start,
        end=given.end,
        sha256=given.sha256,
        now=now,
        index_version=index_version,
    )


def _nearest(document: Document, places: list[Sentence], quote: str, place: int) -> Sentence | None:
    """The sentence around the old `place` that has most words of the quote in their order.

    By characters this would take seconds, in which Python answers no question.
    """
    spaced = len(words(quote)) > 1
    near = sorted(places, key=lambda span: abs(span.start - place))[:COMPARED]
    likeness, nearest = ALIKE, None
    compared = SequenceMatcher(b=_parts(quote, spaced), autojunk=False)  # often is not junk
    for span in reversed(near):  # of equal sentences the one nearest to the place
        compared.set_seq1(_parts(document.text[span.start : span.end], spaced))
        bounds = (compared.real_quick_ratio, compared.quick_ratio, compared.ratio)
        if all(bound() >= likeness for bound in bounds):
            likeness, nearest = compared.ratio(), span
    return nearest


def _parts(text: str, spaced: bool) -> list[str]:
    """What is compared: words, or characters where a sentence is written without spaces."""
    return words(text)[:PARTS] if spaced else list(text[:PARTS])
