"""What a question gets back: the names and meanings of every field of the JSON."""

from dataclasses import dataclass, field
from typing import Literal

Reason = Literal["no_match", "name_not_found", "direction_not_supported", "low_confidence"]


@dataclass(frozen=True)
class Citation:
    """Proof of a quote: `text[start:end] == quote` in the document with this sha256.

    `start` and `end` count Unicode code points; `prefix` and `suffix` are the words
    around the quote, so that no client has to slice. `id` depends on the document's id
    and the quote only. `link` opens the document here with the quote marked. `original` is
    `url` with the text fragment or page that leads to the quote where one is sure, else `url`.
    """

    id: str
    document_id: str
    title: str
    url: str | None
    sha256: str
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    headings: tuple[str, ...]
    language: str
    link: str
    original: str | None

    @property
    def sections(self) -> tuple[str, ...]:
        """The headings without one that only repeats the title, as people are shown them."""
        return self.headings[self.headings[:1] == (self.title,) :]


@dataclass(frozen=True)
class RankedPassage:
    """A passage that was found, with its own best sentence.

    `score` orders the first 20 passages of one answer: higher is better, and that is all
    it says; one that the verifier prefers goes before them whatever its score. The passages
    that follow keep the order of the retrieval.
    """

    rank: int
    document_id: str
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    score: float
    citation: Citation


@dataclass(frozen=True)
class Answer:
    """The answer, or the plain statement that the documents do not say.

    `confidence` is the probability that the first passage's citation answers the
    question. When `answered` is false, `citation` is null, `reason` says why, and
    `passages` are the nearest ones: not an answer. `names_not_found` are the names of the
    question that stand nowhere in the documents.
    """

    question: str
    language: str
    answered: bool
    confidence: float
    reason: Reason | None
    names_not_found: tuple[str, ...]
    citation: Citation | None
    passages: tuple[RankedPassage, ...]
    index_version: str
    explain: dict[str, list[dict[str, float]]] | None = field(default=None)
