"""Finds, in each of the best passages, the sentence that answers the question."""

from dataclasses import dataclass

import numpy as np

from corpus.document import Passage, Sentence
from index.encoder import Vectors
from index.generation import Generation
from index.lexical import stems
from index.vectors import restored
from qa.retrieval import Retrieval

READ = 20  # passages that are ranked again by their sentences
# What the score is made of (benchmarks/README.md): the passage's fused score, the
# sentence's similarity, the question's words in the sentence.
FUSED_WEIGHT, SIMILARITY_WEIGHT, COVERAGE_WEIGHT = 0.3, 0.25, 0.45


@dataclass(frozen=True)
class Evidence:
    """The best sentence of a passage, with the scores that put it there.

    `similarity` is the cosine of question and sentence on the encoder's own scale: 0 for
    unrelated text, 1 for a typical answer; `coverage` is the share of the question's words,
    weighted by rarity, that the sentence holds.
    """

    number: int
    passage: Passage
    sentence: Sentence
    dense: float
    lexical: float
    fused: float
    similarity: float
    coverage: float
    score: float


def find_evidence(
    generation: Generation, retrieval: Retrieval, vector: Vectors, question: str, k: int = READ
) -> list[Evidence]:
    """The best sentence of each of the first passages, the likeliest answer first.

    With `k` above READ the passages that follow keep the order of the retrieval.
    """
    store = generation.store
    found = []
    for place, number in enumerate(retrieval.numbers[: max(READ, k)].tolist()):
        passage = store.passage(number)
        spans = store.sentences(passage.first, passage.last)
        text = store.document(int(store.document_of_passage[number])).text
        language = str(store.language_of_passage[number])
        likeness = similarities(generation, passage, vector)
        words = generation.lexical.weights(question, language)
        shares = [
            coverage(words, set(stems(text[span.start : span.end], language))) for span in spans
        ]
        scores = SIMILARITY_WEIGHT * likeness + COVERAGE_WEIGHT * np.array(shares)
        best = int(scores.argmax())
        fused = float(retrieval.fused[place])
        found.append(
            Evidence(
                number=number,
                passage=passage,
                sentence=spans[best],
                dense=float(retrieval.dense[place]),
                lexical=float(retrieval.lexical[place]),
                fused=fused,
                similarity=float(likeness[best]),
                coverage=shares[best],
                score=FUSED_WEIGHT * fused + float(scores[best]),
            )
        )
    read = sorted(found[:READ], key=lambda evidence: (-evidence.score, evidence.number))
    return read + found[READ:]


def similarities(generation: Generation, passage: Passage, vector: Vectors) -> Vectors:
    """Cosines of the question and each sentence of `passage`, on the encoder's own scale."""
    rows = generation.sentence_vectors[passage.first : passage.last + 1]
    unrelated, related = generation.encoder.card.background
    return (restored(rows) @ vector - np.float32(unrelated)) / np.float32(related - unrelated)


def coverage(words: dict[str, float], stems: set[str]) -> float:
    """The share of the weights of `words` that `stems` hold, 0 to 1."""
    total = sum(words.values())
    return sum(weight for word, weight in words.items() if word in stems) / total if total else 0.0
