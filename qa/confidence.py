"""How probable it is that the best sentence answers the question.

A logistic model over the features of `qa.features`, fitted by
`benchmarks/fit_confidence.py`, which also writes its figures; one set of
coefficients where question and document share a language, another where not.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.features import FEATURES

MODEL_FILE = Path(__file__).with_name("confidence.json")


@dataclass(frozen=True)
class Logistic:
    """1 / (1 + exp(-(intercept + sum of weights times features))), weights as in FEATURES."""

    intercept: float
    weights: tuple[float, ...]

    @classmethod
    def read(cls, fields: dict[str, float]) -> "Logistic":
        """The model as `benchmarks/fit_confidence.py` writes it: a weight by feature name."""
        return cls(fields["intercept"], tuple(fields[name] for name in FEATURES))

    def probability(self, values: Sequence[float]) -> float:
        """A number between 0 and 1, to four places."""
        products = (weight * value for weight, value in zip(self.weights, values, strict=True))
        return round(1 / (1 + math.exp(-(self.intercept + sum(products)))), 4)


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
            Logistic.read(fields["same_language"]),
            Logistic.read(fields["other_language"]),
            float(fields["threshold"]),
        )

    def of(self, values: Sequence[float], same_language: bool) -> float:
        """The probability that evidence with these features answers the question."""
        model = self.same_language if same_language else self.other_language
        return model.probability(values)
