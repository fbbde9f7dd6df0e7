"""Answers questions from one generation: the whole way from words to citations."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from corpus.document import Document, Sentence, Summary
from corpus.errors import GenerationError
from corpus.language import LANGUAGES, detect_language
from corpus.quotes import citable
from index.encoder import Encoder, OnnxEncoder, Vectors
from index.generation import Generation
from index.languages import map_languages
from index.ledger import Given, recall
from index.store import Store
from qa.answer import Answer, Citation, RankedPassage
from qa.citation import cite, cite_place, find_cited
from qa.confidence import Confidence
from qa.evidence import Evidence, quoted
from qa.features import unknown_names
from qa.proof import Proof, prove
from qa.question import as_read, check_question
from qa.reading import STAGES as READING
from qa.reading import Stage, read
from qa.reasons import explained, reason
from qa.retrieval import retrieve
from qa.verifier import Verifier

PAGE_LANGUAGES = ("en", "it")  # of the pages, and so of most questions
log = logging.getLogger("rinvio")
CITATIONS_KEPT = 2_000  # that stay in memory: some 4 MB
STAGES = ("encode", "retrieve", *READING)  # of an answer, in order
# Of a generation of the index, given the engine until now, whose models it may share.
OpenEngine = Callable[[str, "Engine | None"], "Engine"]


class Engine:
    """Holds a generation and answers from it; safe to share between threads."""

    def __init__(
        self,
        index: Path,
        generation: Generation,
        confidence: Confidence,
        verifier: Verifier | None = None,
        stage: Stage = nullcontext,
    ) -> None:
        """Use what is handed in; `Engine.open` is the way to get it from a folder.

        Each of STAGES runs within `stage(name)`, to be timed.
        """
        self._index = index
        self.generation = generation
        self._verifier = verifier
        self._stage = stage
        known = {*PAGE_LANGUAGES, *generation.manifest.languages}
        self.likely = known.intersection(LANGUAGES)  # what is asked or quoted is in these
        self._confidence = confidence
        self._cite = lru_cache(maxsize=CITATIONS_KEPT)(partial(_cite, generation.store))

    @classmethod
    def open(
        cls,
        index: Path,
        verified: bool = True,
        threshold: float | None = None,
        threads: int | None = None,
        stage: Stage = nullcontext,
        previous: "Engine | None" = None,
        generation_id: str | None = None,
    ) -> "Engine":
        """The engine of the generation that `index` serves; GenerationError when not intact.

        `generation_id` names another one.

        Without the verifier it answers sooner and refuses less reliably. `threshold` stands
        for the fitted confidence from which on a question counts as answered. The verifier runs
        on `threads`, by default one for each core. The models of `previous`, opened in the same
        way, are shared where they are the same.
        """

        def encoder(folder: Path) -> Encoder:
            if previous and previous.generation.manifest.encoder == folder.name:
                return previous.generation.encoder
            return OnnxEncoder(folder)

        known = previous._verifier if previous else None
        with ThreadPoolExecutor() as pool:  # reading these files lets go of Python's lock
            reading = None if known or not verified else pool.submit(Verifier, threads=threads)
            pool.submit(_open_languages, index)
            generation = Generation.open(index, generation_id, encoder)
        verifier = reading.result() if reading else known
        confidence = Confidence.load()
        if threshold is not None:
            confidence = replace(confidence, threshold=threshold)
        return cls(index, generation, confidence, verifier, stage)

    def ask(
        self, question: str, k: int = 5, language: str | None = None, explain: bool = False
    ) -> Answer:
        """The answer to `question`, with at most `k` passages.

        `language` is a code of `LANGUAGES`; None has it detected. QuestionError says why a
        question cannot be asked.
        """
        check_question(question, k, language)
        question = question.strip()
        said = as_read(question)
        with self._stage("encode"):
            vector: Vectors = self.generation.encoder.encode_queries([said])[0]
        with self._stage("retrieve"):
            lexicon = self.generation.lexical
            language = language or detect_language(said, self.likely, lexicon.share, asked=True)
            retrieval = retrieve(self.generation, vector, lexicon.scores(said), language)
        reading = read(
            self.generation, self._verifier, said, vector, language, retrieval, k, self._stage
        )
        best, *rest = reading.found
        kept = [best, *(item for item in rest if item.sentence_number != best.sentence_number)][:k]
        passages = tuple(self._passage(rank, item) for rank, item in enumerate(kept, 1))
        judged = reading.verdict is not None
        judgement = self._confidence.of(reading.signs, best.same_language, judged)
        answered = judgement.confidence >= self._confidence.threshold
        missing = tuple(unknown_names(self.generation, reading.question, language))
        return Answer(
            question=question,
            language=language,
            answered=answered,
            confidence=judgement.confidence,
            reason=None if answered else reason(missing, judgement, reading.signs),
            names_not_found=missing,
            citation=passages[0].citation if answered else None,
            passages=passages,
            index_version=self.generation.id,
            explain=explained(kept, judgement, reading.signs) if explain else None,
        )

    @property
    def index_version(self) -> str:
        """The id of the generation."""
        return self.generation.id

    @property
    def document_count(self) -> int:
        """How many documents there are."""
        return self.generation.manifest.documents

    def documents(self, offset: int, limit: int) -> list[Summary]:
        """At most `limit` documents from number `offset` on, by their ids, without their texts."""
        end = min(offset + limit, self.document_count)
        return [self.generation.store.summary(number) for number in range(offset, end)]

    def document(self, document_id: str) -> Document | None:
        """A document with its text, None when there is no such id."""
        number = self.generation.store.number_of(document_id)
        return None if number is None else self.generation.store.document(number)

    def cited(self, document: Document, citation_id: str) -> Citation | None:
        """A citation as it stands in `document` today, None when it is not there."""
        try:
            known = recall(self._index, citation_id)
            known = [place for place in known if place.document_id == document.id]
        except GenerationError as error:  # the document's own sentences will do for most
            log.error("earlier citations cannot be read: %s", error)
            known = []
        span = self._where(document, citation_id, known)
        return cite_place(document, span, citation_id) if span else None

    def prove(self, citation_id: str, sha256: str | None = None) -> Proof | None:
        """What has become of a citation of any generation, None when it was never given out.

        `sha256` names the version of the document that it was given out for, by default
        the first that held it.
        """
        known = recall(self._index, citation_id)
        given = [place for place in known if sha256 in {None, place.sha256}]
        if not given:
            return None
        document = self.document(given[0].document_id)
        span = self._where(document, citation_id, [given[0], *known]) if document else None
        places = self._citable(document) if document and not span else []
        return prove(citation_id, given[0], document, span, places, self.index_version)

    def _where(
        self, document: Document, citation_id: str, known: Sequence[Given]
    ) -> Sentence | None:
        """Where a citation stands in `document` today; `known` are its places, if any.

        One in this very text needs no search.
        """
        here = next((place for place in known if place.sha256 == document.sha256), None)
        if here:
            return Sentence(here.start, here.end)
        given = known[0] if known else None
        return find_cited(document, self._citable(document), citation_id, given)

    def _citable(self, document: Document) -> list[Sentence]:
        return citable(document.text, self.generation.store.sentences_of(document.id))

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
            citation=self._cite(evidence.number, evidence.sentence_number),
        )


def _cite(store: Store, number: int, sentence_number: int) -> Citation:
    """The citation of a sentence of passage `number`."""
    document = store.document(int(store.document_of_passage[number]))
    span = quoted(store, number, sentence_number)
    return cite(document, span, store.passage(number).headings)


def _open_languages(index: Path) -> None:
    """What tells the language of the first question, ready before it comes."""
    if not map_languages(index):
        detect_language("Which language?")
