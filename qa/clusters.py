"""Groups refused questions that mean the same, so that only what several asked is shown."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from index.encoder import Encoder, Vectors
from qa.gaps import Gap
from qa.linkage import Rows, Weights, joined

LEAST = 5  # questions in a cluster that is shown: fewer could point at a person
WORDINGS = 3  # shown besides the one nearest the centre
Asked = Sequence[Gap]  # the same words, on several days or for several reasons


@dataclass(frozen=True)
class Cluster:
    """Questions of one language that mean the same.

    `question` is the one nearest the centre, `wordings` are a few others, the next nearest
    first; `count` says how often any of them was asked, from day `first` to day `last`.
    """

    language: str
    question: str
    wordings: tuple[str, ...]
    count: int
    first: date
    last: date
    reasons: dict[str, int]


def find_clusters(gaps: Sequence[Gap], encoder: Encoder, least: int = LEAST) -> list[Cluster]:
    """The clusters of at least `least` questions, the largest first.

    ValueError when `least` is below LEAST.
    """
    if least < LEAST:
        raise ValueError(f"groups of fewer than {LEAST} questions are not shown")
    found = [
        cluster
        for language in sorted({gap.language for gap in gaps})
        for cluster in _clusters([gap for gap in gaps if gap.language == language], encoder)
        if cluster.count >= least
    ]
    return sorted(found, key=lambda cluster: (-cluster.count, cluster.language, cluster.question))


def _clusters(gaps: Sequence[Gap], encoder: Encoder) -> list[Cluster]:
    """All clusters of questions of one language, single ones too."""
    by_words: dict[str, list[Gap]] = {}
    for gap in sorted(gaps, key=lambda gap: gap.question):
        by_words.setdefault(gap.question, []).append(gap)
    asked = list(by_words.values())
    vectors = encoder.encode_queries(list(by_words))
    weights = np.array([sum(gap.times for gap in same) for same in asked], np.float32)
    # As near to each other, on average, as a question is to the passage that answers it
    _, related = encoder.card.background
    groups = joined(vectors, weights, related)
    return [_cluster([asked[row] for row in _ranked(rows, vectors, weights)]) for rows in groups]


def _ranked(rows: Rows, vectors: Vectors, weights: Weights) -> list[int]:
    """The rows of a group, the nearest to its centre first."""
    ordered = np.sort(rows)
    nearness = vectors[ordered] @ (weights[ordered] @ vectors[ordered])
    ranked: list[int] = ordered[np.argsort(-nearness, kind="stable")].tolist()
    return ranked


def _cluster(ranked: Sequence[Asked]) -> Cluster:
    """The cluster of these questions, the nearest to the centre first."""
    gaps = [gap for same in ranked for gap in same]
    question, *others = _different([same[0].question for same in ranked])
    reasons = Counter[str]()
    for gap in gaps:
        reasons[gap.reason] += gap.times
    return Cluster(
        language=gaps[0].language,
        question=question,
        wordings=tuple(others[:WORDINGS]),
        count=reasons.total(),
        first=min(gap.day for gap in gaps),
        last=max(gap.day for gap in gaps),
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )


def _different(questions: Sequence[str]) -> list[str]:
    """The first of those that differ only in capitals or punctuation."""
    first: dict[str, str] = {}
    for question in questions:
        first.setdefault(" ".join(re.findall(r"\w+", question.casefold())), question)
    return list(first.values())
