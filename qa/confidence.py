"""How probable it is that the best sentence answers the question.

The product of two logistic models over the features of `qa.features`: that the question
is about what the documents are about, and that, if so, the sentence answers it. A question
on something else and a plausible one without an answer look different, and one sum of
signs would have to compromise between them.

Fitted by `benchmarks/fit_confidence.py`, which also writes its figures; one pair of models
for each way in which the languages of question and document meet (`qa.relation`), and all
again for a service that runs without the verifiers.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from qa.features import FEATURES
from qa.relation import Relation

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

    `models` holds a pair for each relation of languages.
    """

    models: Mapping[Relation, Pair]
    threshold: float

    @classmethod
    def load(cls, verified: bool, path: Path = MODEL_FILE) -> "Confidence":
        """The models that ship for answers that are `verified` or not (or another such file)."""
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        fields = stored["verified" if verified else "unverified"]
        models: dict[Relation, Pair] = {name: _pair(fields[name]) for name in get_args(Relation)}
        return cls(models, float(fields["threshold"]))

    def of(self, values: Sequence[float], relation: Relation) -> Judgement:
        """What evidence with these features is worth, to four places."""
        related, answers = self.models[relation]
        about = related.probability(values)
        return Judgement(round(about, 4), round(about * answers.probability(values), 4))


def _pair(fields: dict[str, dict[str, float]]) -> Pair:
    return Logistic.read(fields["related"]), Logistic.read(fields["answers"])
