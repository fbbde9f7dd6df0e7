"""How probable it is that the best sentence answers the question.

The product of two logistic models over the features of `qa.features`: that the question
is about what the documents are about, and that, if so, the sentence answers it. A question
on something else and a plausible one without an answer look different, and one sum of
signs would have to compromise between them.

Fitted by `benchmarks/fit_confidence.py`, which also writes its figures; one pair of models
for evidence in the question's language and one for another, and both again for what no
verifier read.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.features import FEATURES

MODEL_FILE = Path(__file__).with_name("confidence.json")
WAYS, RELATIONS = ("unverified", "verified"), ("other_language", "same_language")


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
        """A number between 0 and 1."""
        products = (weight * value for weight, value in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-(self.intercept + sum(products))))


Pair = tuple[Logistic, Logistic]  # related, and answers


@dataclass(frozen=True)
class Judgement:
    """`related`: how probably the question is about the documents; `confidence`: all in all."""

    related: float
    confidence: float


@dataclass(frozen=True)
class Confidence:
    """The fitted models and the probability from which on a question counts as answered.

    `models` holds a pair for each of WAYS and RELATIONS.
    """

    models: Mapping[tuple[str, str], Pair]
    threshold: float

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> "Confidence":
        """The models that ship (or those of another such file)."""
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        models = {
            (way, relation): _pair(stored[way][relation]) for way in WAYS for relation in RELATIONS
        }
        return cls(models, float(stored["threshold"]))

    def of(self, values: Sequence[float], same_language: bool, verified: bool) -> Judgement:
        """What evidence with these features is worth, to four places.

        `same_language` says whether it is in the question's language, `verified` whether a
        verifier read it. A question of nothing but stop words asks for nothing.
        """
        if not values[FEATURES.index("question_words")]:
            return Judgement(0.0, 0.0)
        related, answers = self.models[WAYS[verified], RELATIONS[same_language]]
        about = related.probability(values)
        return Judgement(round(about, 4), round(about * answers.probability(values), 4))


def _pair(fields: dict[str, dict[str, float]]) -> Pair:
    return Logistic.read(fields["related"]), Logistic.read(fields["answers"])
