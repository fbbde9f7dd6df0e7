"""Compares an exported encoder with the sentence-transformers model that it came from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.encoder import OnnxEncoder, Vectors
from index.samples import ENGLISH, PASSAGES, QUESTIONS


class Reference(Protocol):
    """What is asked of the original: sentence-transformers' two ways to encode."""

    def encode_query(self, texts: list[str]) -> Any:
        """Vectors of questions, one a row."""

    def encode_document(self, texts: list[str]) -> Any:
        """Vectors of passages, one a row."""


def agreement(model: Reference, folder: Path) -> float:
    """The least cosine between the folder's vectors and sentence-transformers' own."""
    encoder = OnnxEncoder(folder)
    long = " ".join(PASSAGES * 8)  # past most token limits: truncation has to agree as well
    passages = [*PASSAGES, long]
    questions = list(QUESTIONS)
    cosines = np.concatenate(
        [
            _cosines(model.encode_query(questions), encoder.encode_queries(questions)),
            _cosines(model.encode_document(passages), encoder.encode_passages(passages)),
        ]
    )
    return float(cosines.min())


def background(encoder: OnnxEncoder) -> tuple[float, float]:
    """Mean cosine of the English sample questions with unrelated passages, and with their own."""
    questions = encoder.encode_queries(QUESTIONS[:ENGLISH])
    cosines = questions @ encoder.encode_passages(PASSAGES[:ENGLISH]).T
    own = np.eye(ENGLISH, dtype=bool)
    return round(float(cosines[~own].mean()), 4), round(float(cosines[own].mean()), 4)


def _cosines(left: Sequence[Any], right: Vectors) -> Vectors:
    ours = np.asarray(left, np.float32)
    ours /= np.linalg.norm(ours, axis=1, keepdims=True)
    cosines: Vectors = (ours * right).sum(axis=1)
    return cosines
