"""Finds, in each of the best passages, the sentence that answers the question."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from corpus.document import Passage, Sentence
from index.encoder import Vectors
from index.generation import Generation
from index.vectors import restored
from qa.retrieval import Retrieval
from qa.verifier import Verdict, Verifier

READ = 20  # passages that are ranked again by their sentences
# What the score is made of (benchmarks/README.md): the passage's fused score, the
# sentence's similarity, the question's words in the sentence.
FUSED_WEIGHT, SIMILARITY_WEIGHT, COVERAGE_WEIGHT = 0.3, 0.25, 0.45
SHARE_WEIGHT = 0.5  # of the verifier's share, when it chooses among the sentences of a passage


@dataclass(frozen=True)
class Evidence:
    """The best sentence of a passage, with the scores that put it there.

    `similarity` is the cosine of question and sentence on the encoder's own scale: 0 for
    unrelated text, 1 for a typical answer; `coverage` is the share of the question's words,
    weighted by rarity, that the sentence holds.
    """

    number: int
    passage: Passage
    sentence_number: int
    sentence: Sentence
    dense: float
    lexical: float
    fused: float
    similarity: float
    coverage: float
    score: float

    @property
    def place(self) -> tuple[str, Sentence]:
        """The sentence and its document: what is to be shown once."""
        return self.passage.document_id, self.sentence


def find_evidence(
    generation: Generation, retrieval: Retrieval, vector: Vectors, question: str, k: int = READ
) -> list[Evidence]:
    """The best sentence of each of the first passages, the likeliest answer first.

    A passage whose best sentence an earlier one has shown is left out. With `k` above READ
    the passages that follow keep the order of the retrieval.
    """
    languages = generation.manifest.languages
    words = {language: generation.lexical.weights(question, language) for language in languages}
    numbers = retrieval.numbers[: max(READ, k)].tolist()
    passages = [generation.store.passage(number) for number in numbers]
    likeness = similarities(generation, passages, vector)
    found = [
        _best_sentence(generation, retrieval, place, passage, likeness[place], words)
        for place, passage in enumerate(passages)
    ]
    read = sorted(found[:READ], key=lambda evidence: (-evidence.score, evidence.number))
    distinct: dict[tuple[str, Sentence], Evidence] = {}
    for item in read + found[READ:]:
        distinct.setdefault(item.place, item)
    return list(distinct.values())


def verified(
    generation: Generation, verifier: Verifier, best: Evidence, vector: Vectors, question: str
) -> tuple[Evidence, Verdict]:
    """`best` with the sentence of its passage that the verifier points at, and the verdict."""
    passage = best.passage
    text = generation.store.indexed_text(best.number)
    shift = len(text) - passage.end  # the context comes before the passage's own words
    places = generation.store.sentences(passage.first, passage.last)
    spans = [(place.start + shift, place.end + shift) for place in places]
    verdict = verifier.judge(question, text, spans)
    language = str(generation.store.language_of_passage[best.number])
    [likeness] = similarities(generation, [passage], vector)
    shares = coverages(generation, passage, generation.lexical.weights(question, language))
    scores = _sum(likeness, shares)
    chosen = int((scores + SHARE_WEIGHT * np.array(verdict.shares)).argmax())
    return replace(
        best,
        sentence_number=passage.first + chosen,
        sentence=places[chosen],
        similarity=float(likeness[chosen]),
        coverage=float(shares[chosen]),
    ), verdict


def _best_sentence(
    generation: Generation,
    retrieval: Retrieval,
    place: int,
    passage: Passage,
    likeness: Vectors,
    words: dict[str, dict[str, float]],
) -> Evidence:
    number = int(retrieval.numbers[place])
    shares = coverages(
        generation, passage, words[str(generation.store.language_of_passage[number])]
    )
    scores = _sum(likeness, shares)
    best = int(scores.argmax())
    fused = float(retrieval.fused[place])
    [sentence] = generation.store.sentences(passage.first + best, passage.first + best)
    return Evidence(
        number=number,
        passage=passage,
        sentence_number=passage.first + best,
        sentence=sentence,
        dense=float(retrieval.dense[place]),
        lexical=float(retrieval.lexical[place]),
        fused=fused,
        similarity=float(likeness[best]),
        coverage=float(shares[best]),
        score=FUSED_WEIGHT * fused + float(scores[best]),
    )


def _sum(likeness: Vectors, shares: Vectors) -> Vectors:
    scores: Vectors = SIMILARITY_WEIGHT * likeness + COVERAGE_WEIGHT * shares
    return scores


def similarities(
    generation: Generation, passages: Sequence[Passage], vector: Vectors
) -> list[Vectors]:
    """Of each passage the cosines of question and sentence, on the encoder's own scale."""
    places = [np.arange(passage.first, passage.last + 1) for passage in passages]
    rows = generation.sentence_vectors[np.concatenate(places)]
    unrelated, related = generation.encoder.card.background
    scale = np.float32(related - unrelated)
    cosines = (restored(rows) @ vector - np.float32(unrelated)) / scale
    return np.split(cosines, np.cumsum([len(place) for place in places])[:-1])


def coverages(generation: Generation, passage: Passage, words: dict[str, float]) -> Vectors:
    """The coverage of `words` by each sentence of `passage`."""
    numbers = range(passage.first, passage.last + 1)
    shares = [coverage(words, generation.sentence_stems(number)) for number in numbers]
    return np.array(shares, np.float32)


def coverage(words: dict[str, float], stems: Set[str]) -> float:
    """The share of the weights of `words` that `stems` hold, 0 to 1."""
    total = sum(words.values())
    return sum(weight for word, weight in words.items() if word in stems) / total if total else 0.0
