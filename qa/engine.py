"""Answers questions from one generation: the whole way from words to citations."""

from collections.abc import Sequence
from pathlib import Path

from corpus.document import Document, Sentence
from corpus.errors import QuestionError
from corpus.language import LANGUAGES, detect_language
from index.encoder import OnnxEncoder, Vectors
from index.generation import Generation, OpenEncoder
from qa.answer import Answer, RankedPassage
from qa.citation import cite, find_cited
from qa.confidence import Confidence
from qa.evidence import Evidence, find_evidence
from qa.retrieval import retrieve

QUESTION_LIMIT = 1000  # characters
K_LIMIT = 100


class Engine:
    """Holds a generation and answers from it; safe to share between threads."""

    def __init__(self, generation: Generation, confidence: Confidence) -> None:
        """Use what is handed in; `Engine.open` is the way to get it from a folder."""
        self.generation = generation
        self._confidence = confidence

    @classmethod
    def open(cls, index: Path, open_encoder: OpenEncoder = OnnxEncoder) -> "Engine":
        """The engine of the generation that `index` serves; GenerationError when not intact."""
        generation = Generation.open(index, open_encoder=open_encoder)
        return cls(generation, Confidence.load())

    def ask(
        self, question: str, k: int = 5, language: str | None = None, explain: bool = False
    ) -> Answer:
        """The answer to `question`, with at most `k` passages.

        `language` is a code of `LANGUAGES`; None has it detected. QuestionError says why a
        question cannot be asked.
        """
        check_question(question, k, language)
        question = question.strip()
        language = language or detect_language(question)
        vector: Vectors = self.generation.encoder.encode_queries([question])[0]
        retrieval = retrieve(self.generation, vector, question, language)
        found = find_evidence(self.generation, retrieval, vector, question)
        kept = _distinct(found)[:k]
        passages = tuple(self._passage(rank, item) for rank, item in enumerate(kept, 1))
        confidence = self._confidence.of(kept[0], passages[0].citation.language == language)
        answered = confidence >= self._confidence.threshold
        matched = kept[0].coverage > 0 or confidence >= self._confidence.threshold / 2
        return Answer(
            question=question,
            language=language,
            answered=answered,
            confidence=confidence,
            reason=None if answered else "low_confidence" if matched else "no_match",
            citation=passages[0].citation if answered else None,
            passages=passages,
            index_version=self.generation.id,
            explain={"passages": [_scores(item) for item in kept]} if explain else None,
        )

    @property
    def index_version(self) -> str:
        """The id of the generation."""
        return self.generation.id

    @property
    def document_count(self) -> int:
        """How many documents there are."""
        return self.generation.manifest.documents

    def documents(self, offset: int, limit: int) -> list[Document]:
        """At most `limit` documents from number `offset` on, in the order of their ids."""
        end = min(offset + limit, self.document_count)
        return [self.generation.store.document(number) for number in range(offset, end)]

    def document(self, document_id: str) -> Document | None:
        """A document with its text, None when there is no such id."""
        number = self.generation.store.number_of(document_id)
        return None if number is None else self.generation.store.document(number)

    def cited(self, document: Document, citation_id: str) -> Sentence | None:
        """The place of a citation in `document`, None when it is not there."""
        sentences = self.generation.store.sentences_of(document.id)
        return find_cited(document, sentences, citation_id)

    def _passage(self, rank: int, evidence: Evidence) -> RankedPassage:
        store = self.generation.store
        passage = evidence.passage
        document = store.document(int(store.document_of_passage[evidence.number]))
        return RankedPassage(
            rank=rank,
            document_id=document.id,
            start=passage.start,
            end=passage.end,
            text=document.text[passage.start : passage.end],
            headings=passage.headings,
            score=round(evidence.score, 4),
            citation=cite(document, evidence.sentence, passage.headings),
        )


def check_question(question: str, k: int, language: str | None) -> None:
    """QuestionError when a question, a number of passages or a language is out of bounds."""
    if not question.strip():
        raise QuestionError("The question is empty.", "Ask one in a sentence.")
    if len(question) > QUESTION_LIMIT:
        raise QuestionError(
            f"The question has {len(question)} characters, more than {QUESTION_LIMIT}.",
            "Ask one thing in a sentence or two.",
        )
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("The question is not valid Unicode.", "Send it as UTF-8.")
    if not 1 <= k <= K_LIMIT:
        raise QuestionError(f"k is {k}.", f"Ask for 1 to {K_LIMIT} passages.")
    if language is not None and language not in LANGUAGES:
        raise QuestionError(
            f"The language {language!r} is not known.", f"Use one of {', '.join(LANGUAGES)}."
        )


def _distinct(found: Sequence[Evidence]) -> list[Evidence]:
    """The evidence without passages whose best sentence an earlier one has shown."""
    seen = set()
    kept = []
    for item in found:
        place = (item.passage.document_id, item.sentence)
        if place not in seen:
            seen.add(place)
            kept.append(item)
    return kept


def _scores(evidence: Evidence) -> dict[str, float]:
    return {
        "dense": round(evidence.dense, 4),
        "lexical": round(evidence.lexical, 4),
        "fused": round(evidence.fused, 4),
        "similarity": round(evidence.similarity, 4),
        "coverage": round(evidence.coverage, 4),
        "score": round(evidence.score, 4),
    }
