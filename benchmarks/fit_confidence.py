"""Fits qa/confidence.json: how probable it is that the first citation answers.

    python benchmarks/fit_confidence.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN

Each question with a gold span is asked as it is (right when the first sentence holds a
gold answer), without its gold passage, without its whole article ("foreign"), with a
name exchanged for another, and with two names in each other's place; SQuAD 2.0's
unanswerable questions are asked as they are. All are asked of the whole set and of
their article alone, so that the model knows large corpora and small ones.

Whole questions weigh as much as all others together: half of what people ask is taken
to be in the documents. Even articles fit the model and choose the threshold, the least
at which at most 8 % of the questions whose answer was taken away are answered (SQuAD
2.0's own are not counted: their writers saw the passage and aimed at it). Odd articles
give the figures that are written beside it.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

from evaluation.datasets import ANSWERABLE, DataSet, Query, read_data_set
from evaluation.measures import expected_calibration_error
from index.encoder import Vectors
from index.generation import Generation
from indexes import index_of
from negatives import with_exchanged_name, with_exchanged_roles
from qa.confidence import MODEL_FILE
from qa.evidence import find_evidence
from qa.features import FEATURES, features, names_of
from qa.retrieval import Retrieval, narrowed, retrieve

QUESTIONS = 900  # of each kind and set
ANSWERED_IN_VAIN = 0.08
TAKEN_AWAY = ("foreign", "passage removed", "name exchanged", "roles exchanged")
SEED = 1


@dataclass(frozen=True)
class Asked:
    """A question to ask: its words, how it was made, and the document it was written for."""

    query: Query
    text: str
    kind: str
    document: str
    article: str


@dataclass(frozen=True)
class Row:
    """What a question got: its features and whether the citation was right."""

    values: tuple[float, ...]
    right: bool
    kind: str
    data: str
    article: int
    same_language: bool


def questions_of(data: DataSet, chance: random.Random) -> Iterator[Asked]:
    """The questions of a set and the negatives made of them."""
    articles = {document.id: document.title for document in data.documents}
    whole = [query for query in data.queries if query.kind == ANSWERABLE and query.spans]
    others = [query for query in data.queries if query.kind != ANSWERABLE and query.written_for]
    pool = [name for query in whole for name in names_of(query.text)]
    for query in chance.sample(others, min(QUESTIONS, len(others))):
        home = query.written_for
        yield Asked(query, query.text, "unanswerable", home, articles[home])
    for query in chance.sample(whole, min(QUESTIONS, len(whole))):
        home = next(iter(query.spans))
        texts = {
            "whole": query.text,
            "foreign": query.text,
            "passage removed": query.text,
            "name exchanged": with_exchanged_name(query.text, pool, chance),
            "roles exchanged": with_exchanged_roles(query.text, chance),
        }
        for kind, text in texts.items():
            if text is not None:
                yield Asked(query, text, kind, home, articles[home])


def rows_of(data: DataSet, generation: Generation) -> list[Row]:
    """One row for each question, corpus size and way of asking."""
    asked = list(questions_of(data, random.Random(SEED)))
    vectors = generation.encoder.encode_queries([item.text for item in asked])
    titles = {document.id: document.title for document in data.documents}
    ids = np.array(generation.store.document_ids())[generation.store.document_of_passage]
    articles = np.array([titles[name] for name in ids])
    order = sorted(set(titles.values()))
    rows = []
    for item, vector in zip(asked, vectors, strict=True):
        found = retrieve(generation, vector, item.text, item.query.language)
        for kept in _corpora(item, ids[found.numbers], articles[found.numbers]):
            if kept.any():
                seen = narrowed(generation, found, kept, item.query.language)
                rows.append(_row(data.name, generation, item, vector, seen, order))
    return rows


def _corpora(item: Asked, ids: NDArray[Any], articles: NDArray[Any]) -> list[NDArray[np.bool_]]:
    """Which candidates count: in the whole set, and in the question's article alone."""
    own = articles == item.article
    if item.kind == "foreign":
        return [~own]
    everything = ids != item.document if item.kind == "passage removed" else ids != ""
    return [everything, everything & own]


def _row(
    name: str,
    generation: Generation,
    item: Asked,
    vector: Vectors,
    retrieval: Retrieval,
    order: list[str],
) -> Row:
    best, *others = find_evidence(generation, retrieval, vector, item.text)
    gold = item.query.spans if item.kind in {"whole", "passage removed"} else {}
    spans = gold.get(best.passage.document_id, ())
    language = generation.store.language_of_passage[best.number]
    return Row(
        features(generation, item.text, best, others),
        any(best.sentence.start <= start and end <= best.sentence.end for start, end in spans),
        item.kind,
        name,
        order.index(item.article),
        bool(language == item.query.language),
    )


def fit(rows: Sequence[Row]) -> tuple[dict[str, Any], NDArray[Any]]:
    """The model of one language relation as it is stored, and its probability of every row."""
    trained = [row for row in rows if row.article % 2 == 0]
    whole = sum(row.kind == "whole" for row in trained)
    balance = whole / (len(trained) - whole)
    scaler = StandardScaler().fit([row.values for row in trained])
    model = LogisticRegression(C=0.3, max_iter=1000).fit(
        scaler.transform([row.values for row in trained]),
        [row.right for row in trained],
        sample_weight=[1.0 if row.kind == "whole" else balance for row in trained],
    )
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    stored = {
        "intercept": round(intercept, 4),
        **{name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)},
    }
    return stored, model.predict_proba(scaler.transform([row.values for row in rows]))[:, 1]


def figures_of(rows: Sequence[Row], predicted: NDArray[Any], threshold: float) -> dict[str, Any]:
    """Calibration, AUROC against whole questions, and share answered, on odd articles.

    Calibration is that of whole questions and as many others, drawn by chance.
    """
    odd = np.array([row.article % 2 == 1 for row in rows])
    right = np.array([row.right for row in rows])[odd]
    kinds = np.array([row.kind for row in rows])[odd]
    probability = predicted[odd]
    whole = np.flatnonzero(kinds == "whole")
    others = np.flatnonzero(kinds != "whole")
    drawn = np.random.default_rng(SEED).choice(others, min(len(whole), len(others)), replace=False)
    half = np.concatenate([whole, drawn])
    auroc = {}
    for kind in sorted(set(kinds) - {"whole"}):
        pair = (kinds == "whole") | (kinds == kind)
        auroc[kind] = round(float(roc_auc_score(kinds[pair] == "whole", probability[pair])), 3)
    answered = probability >= threshold
    shares = {kind: round(float(answered[kinds == kind].mean()), 3) for kind in sorted(set(kinds))}
    return {
        "questions": len(kinds),
        "auroc": auroc,
        "answered": shares,
        "answered_right_of_right": round(float(answered[right].mean()), 3),
        "brier": round(float(brier_score_loss(right[half], probability[half])), 3),
        "ece": round(float(expected_calibration_error(probability[half], right[half])), 3),
    }


def threshold_of(rows: Sequence[Row], predicted: NDArray[Any]) -> float:
    """The least probability at which at most ANSWERED_IN_VAIN of the even articles' is reached."""
    taken = [n for n, r in enumerate(rows) if r.article % 2 == 0 and r.kind in TAKEN_AWAY]
    return round(float(np.quantile(predicted[taken], 1 - ANSWERED_IN_VAIN)), 3)


def main() -> None:
    """Write the model, its threshold and its figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--encoder", default="e5")
    options = parser.parse_args()
    sets = [read_data_set(folder) for folder in options.data]
    rows = [row for data in sets for row in rows_of(data, index_of(data, options.encoder))]
    relations = {
        "same_language": [row for row in rows if row.same_language],
        "other_language": [row for row in rows if not row.same_language],
    }
    fitted = {name: fit(chosen) for name, chosen in relations.items()}
    predicted = np.concatenate([probability for _, probability in fitted.values()])
    threshold = threshold_of([row for chosen in relations.values() for row in chosen], predicted)
    written: dict[str, Any] = {name: stored for name, (stored, _) in fitted.items()}
    written |= {
        "threshold": threshold,
        "trained_on": [data.name for data in sets],
        "encoder": options.encoder,
        "odd_articles": {
            name: figures_of(relations[name], probability, threshold)
            for name, (_, probability) in fitted.items()
        },
    }
    MODEL_FILE.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    print(MODEL_FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
