"""Ranks passages: dense and lexical scores, fused."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.generation import Generation

CANDIDATES = 100  # the best of each half that are fused
SAME_LANGUAGE = 0.6  # weight of the dense half where question and passage share a language
OTHER_LANGUAGE = 0.9  # and where they do not (both: benchmarks/README.md)
# How much less similar a text is in another language, on the scale of the encoder's card (0
# unrelated, 1 a typical answer): without it any passage in the question's language would come
# before the right one in another (squad-it-mixed in benchmarks/README.md).
CROSSING = 0.3
Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Retrieval:
    """Passages, best first: numbers, scores, and whether in the question's language.

    All of shape (candidates,).
    """

    numbers: Numbers
    dense: Scores
    lexical: Scores
    fused: Scores
    same_language: NDArray[np.bool_]


def retrieve(generation: Generation, vector: Vectors, lexical: Scores, language: str) -> Retrieval:
    """The candidates for a question in `language`.

    `vector` is its unit vector, of shape (dimension,); `lexical` what `Lexical.scores` gives
    every passage for it.
    """
    nearest, _ = generation.vectors.search(vector, CANDIDATES)
    numbers = np.union1d(nearest, top(lexical, CANDIDATES))
    dense = generation.vectors.cosines(vector, numbers)
    same = generation.store.language_of_passage[numbers] == language
    return _ranked(numbers, dense, lexical[numbers], same, _crossing(generation))


def narrowed(generation: Generation, retrieval: Retrieval, kept: NDArray[np.bool_]) -> Retrieval:
    """The candidates that `kept` is true for, ranked as if there were no others."""
    return _ranked(
        retrieval.numbers[kept],
        retrieval.dense[kept],
        retrieval.lexical[kept],
        retrieval.same_language[kept],
        _crossing(generation),
    )


def _crossing(generation: Generation) -> float:
    """CROSSING as a difference of cosines."""
    unrelated, related = generation.encoder.card.background
    return CROSSING * (related - unrelated)


def _ranked(
    numbers: Numbers,
    dense: Scores,
    lexical: Scores,
    same_language: NDArray[np.bool_],
    crossing: float,
) -> Retrieval:
    weights = np.where(same_language, SAME_LANGUAGE, OTHER_LANGUAGE).astype(np.float32)
    comparable = np.where(same_language, dense, dense + np.float32(crossing))
    fused = fuse(comparable, lexical, weights)
    order = np.lexsort((numbers, -fused))
    return Retrieval(
        numbers[order], dense[order], lexical[order], fused[order], same_language[order]
    )


def fuse(dense: Scores, lexical: Scores, dense_weights: Scores) -> Scores:
    """The weighted sum of both halves, each stretched to 0..1 over the candidates."""
    fused: Scores = dense_weights * min_max(dense) + (1 - dense_weights) * min_max(lexical)
    return fused


def min_max(scores: Scores) -> Scores:
    """Scores stretched so that the least is 0 and the greatest 1; all 0 when they are equal."""
    low, high = scores.min(initial=np.inf), scores.max(initial=-np.inf)
    if not high > low:
        return np.zeros_like(scores)
    stretched: Scores = (scores - low) / (high - low)
    return stretched


def top(scores: Scores, k: int) -> Numbers:
    """The places of the `k` greatest scores above 0, in no order."""
    best = np.argpartition(-scores, k)[:k] if k < len(scores) else np.arange(len(scores))
    return best[scores[best] > 0].astype(np.int64)
