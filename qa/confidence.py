"""How probable it is that the best sentence answers the question.

A logistic model over two features of the evidence, fitted by
`benchmarks/fit_confidence.py`, which also writes its figures; one set of
coefficients where question and document share a language, another where not.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.evidence import Evidence

MODEL_FILE = Path(__file__).with_name("confidence.json")


@dataclass(frozen=True)
class Logistic:
    """1 / (1 + exp(-(intercept + similarity * s + coverage * c)))."""

    intercept: float
    similarity: float
    coverage: float

    def probability(self, similarity: float, coverage: float) -> float:
        """A number between 0 and 1, to four places."""
        exponent = self.intercept + self.similarity * similarity + self.coverage * coverage
        return round(1 / (1 + math.exp(-exponent)), 4)


@dataclass(frozen=True)
class Confidence:
    """The fitted model and the probability from which on a question counts as answered."""

    same_language: Logistic
    other_language: Logistic
    threshold: float

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> "Confidence":
        """The model that ships, or another file of `benchmarks/fit_confidence.py`."""
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            Logistic(**fields["same_language"]),
            Logistic(**fields["other_language"]),
            float(fields["threshold"]),
        )

    def of(self, evidence: Evidence, same_language: bool) -> float:
        """The probability that `evidence` answers the question."""
        model = self.same_language if same_language else self.other_language
        return model.probability(evidence.similarity, evidence.coverage)
