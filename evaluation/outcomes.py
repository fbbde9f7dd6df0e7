"""Asks every question of a set and notes what came of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from corpus.document import Sentence
from evaluation.datasets import ANSWERABLE, Query, Spans
from qa.answer import Answer, Citation
from qa.engine import Engine

DEPTH = 100  # passages asked for: enough for recall@20 over documents
SHOWN = 3  # citations that are looked at for evidence


@dataclass(frozen=True)
class Outcome:
    """What a question got.

    `documents` are the ids found, best first; `evidence_rank` is the place (1 to 3) of the
    first citation that holds a gold answer, None without one or without gold spans; `f1` is
    the character overlap of the first quote with the nearest gold span.
    """

    query: Query
    answered: bool
    confidence: float
    documents: tuple[str, ...]
    evidence_rank: int | None
    f1: float | None
    quote: str

    @property
    def right(self) -> bool:
        """Whether the first citation answers: it holds a gold answer."""
        return self.query.kind == ANSWERABLE and self.evidence_rank == 1

    @property
    def judged(self) -> bool:
        """Whether it can be said if the citation is right: gold spans, or none to be found."""
        return self.query.kind != ANSWERABLE or bool(self.query.spans)


def ask_all(
    engine: Engine, queries: Iterable[Query], heard: Callable[[], None] = lambda: None
) -> list[Outcome]:
    """One outcome for each question, in order; `heard` is told of each."""
    outcomes = []
    for query in queries:
        outcomes.append(outcome(query, engine.ask(query.text, DEPTH)))
        heard()
    return outcomes


def outcome(query: Query, answer: Answer) -> Outcome:
    """What `answer` is worth as an answer to `query`."""
    citations = [passage.citation for passage in answer.passages]
    ranks = [
        rank
        for rank, citation in enumerate(citations[:SHOWN], 1)
        if holds(citation, query.spans.get(citation.document_id, ()))
    ]
    first = citations[0]
    return Outcome(
        query=query,
        answered=answer.answered,
        confidence=answer.confidence,
        documents=tuple(dict.fromkeys(citation.document_id for citation in citations)),
        evidence_rank=ranks[0] if ranks else None,
        f1=_f1(first, query.spans.get(first.document_id, ())) if query.spans else None,
        quote=first.quote,
    )


def holds(place: Citation | Sentence, spans: Spans) -> bool:
    """Whether any of `spans` stands whole within `place`."""
    return any(place.start <= start and end <= place.end for start, end in spans)


def _f1(citation: Citation, spans: Spans) -> float:
    """The best character F1 of the quote with a span: 2 |overlap| / (|quote| + |span|)."""
    scores = [
        2
        * max(0, min(end, citation.end) - max(start, citation.start))
        / (end - start + citation.end - citation.start)
        for start, end in spans
        if end > start
    ]
    return max(scores, default=0.0)
