"""Finds, in each of the best passages, the sentence that answers the question."""

from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from corpus.document import Passage, Sentence
from index.encoder import Vectors
from index.generation import Generation
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

    A passage whose best sentence an earlier one has shown is left out. With `k` above READ
    the passages that follow keep the order of the retrieval.
    """
    languages = generation.manifest.languages
    words = {language: generation.lexical.weights(question, language) for language in languages}
    found = [
        _best_sentence(generation, retrieval, place, vector, words)
        for place in range(min(max(READ, k), len(retrieval.numbers)))
    ]
    read = sorted(found[:READ], key=lambda evidence: (-evidence.score, evidence.number))
    distinct: dict[tuple[str, Sentence], Evidence] = {}
    for item in read + found[READ:]:
        distinct.setdefault((item.passage.document_id, item.sentence), item)
    return list(distinct.values())


def _best_sentence(
    generation: Generation,
    retrieval: Retrieval,
    place: int,
    vector: Vectors,
    words: dict[str, dict[str, float]],
) -> Evidence:
    number = int(retrieval.numbers[place])
    passage = generation.store.passage(number)
    asked = words[str(generation.store.language_of_passage[number])]
    likeness = similarities(generation, passage, vector)
    shares = [
        coverage(asked, generation.sentence_stems(sentence))
        for sentence in range(passage.first, passage.last + 1)
    ]
    scores = SIMILARITY_WEIGHT * likeness + COVERAGE_WEIGHT * np.array(shares)
    best = int(scores.argmax())
    fused = float(retrieval.fused[place])
    [sentence] = generation.store.sentences(passage.first + best, passage.first + best)
    return Evidence(
        number=number,
        passage=passage,
        sentence=sentence,
        dense=float(retrieval.dense[place]),
        lexical=float(retrieval.lexical[place]),
        fused=fused,
        similarity=float(likeness[best]),
        coverage=shares[best],
        score=FUSED_WEIGHT * fused + float(scores[best]),
    )


def similarities(generation: Generation, passage: Passage, vector: Vectors) -> Vectors:
    """Cosines of the question and each sentence of `passage`, on the encoder's own scale."""
    rows = generation.sentence_vectors[passage.first : passage.last + 1]
    unrelated, related = generation.encoder.card.background
    return (restored(rows) @ vector - np.float32(unrelated)) / np.float32(related - unrelated)


def coverage(words: dict[str, float], stems: Set[str]) -> float:
    """The share of the weights of `words` that `stems` hold, 0 to 1."""
    total = sum(words.values())
    return sum(weight for word, weight in words.items() if word in stems) / total if total else 0.0
