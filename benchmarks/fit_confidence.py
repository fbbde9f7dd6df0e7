"""Fits qa/confidence.json: how probable it is that the first citation answers.

    python benchmarks/fit_confidence.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN

Each question is asked twice: as it is (right when the first sentence holds a gold
answer), and with the whole article of its gold passage left out (then nothing can be
right). Half of the articles fit the model, the other half give the figures that are
written beside it. The threshold is the least at which at most 1 % of the questions
without an article are answered.
"""

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from datasets import DataSet, read_data_set
from index.generation import Generation
from indexes import index_of
from qa.confidence import MODEL_FILE
from qa.evidence import find_evidence
from qa.retrieval import Retrieval, retrieve

QUESTIONS = 1500  # of each set, by the order of their ids: enough for three coefficients
FOREIGN_ANSWERED = 0.01


@dataclass(frozen=True)
class Row:
    """One asked question: the features, whether the citation was right, where it comes from."""

    features: tuple[float, float]
    right: bool
    foreign: bool
    same_language: bool
    held_out: bool


def rows_of(data: DataSet, generation: Generation) -> list[Row]:
    """Two rows for each question that has a gold span."""
    titles = {document.id: document.title for document in data.documents}
    articles = sorted(set(titles.values()))
    ids = generation.store.document_ids()
    article_of_passage = np.array(
        [titles[ids[number]] for number in generation.store.document_of_passage]
    )
    golds = dict(data.spans)
    queries = sorted((q for q in data.queries if q.id in golds), key=lambda q: q.id)[:QUESTIONS]
    vectors = generation.encoder.encode_queries([query.text for query in queries])
    rows = []
    for query, vector in zip(queries, vectors, strict=True):
        article = titles[golds[query.id]]
        found = retrieve(generation, vector, query.text, query.language)
        outside = _only(found, article_of_passage[found.numbers] != article)
        for foreign, retrieval in ((False, found), (True, outside)):
            if len(retrieval.numbers) == 0:
                continue
            best = find_evidence(generation, retrieval, vector, query.text)[0]
            document = best.passage.document_id
            spans = data.spans.get((query.id, document), [])
            language = generation.store.language_of_passage[best.number]
            rows.append(
                Row(
                    (best.similarity, best.coverage),
                    any(best.sentence.start <= a and b <= best.sentence.end for a, b in spans),
                    foreign,
                    bool(language == query.language),
                    articles.index(article) % 2 == 1,
                )
            )
    return rows


def _only(retrieval: Retrieval, kept: NDArray[np.bool_]) -> Retrieval:
    return replace(
        retrieval,
        numbers=retrieval.numbers[kept],
        dense=retrieval.dense[kept],
        lexical=retrieval.lexical[kept],
        fused=retrieval.fused[kept],
    )


def fit(rows: list[Row]) -> tuple[LogisticRegression, dict[str, float]]:
    """The model of one language relation, with its figures on the articles held out."""
    trained = [row for row in rows if not row.held_out]
    judged = [row for row in rows if row.held_out]
    model = LogisticRegression().fit([r.features for r in trained], [r.right for r in trained])
    predicted = model.predict_proba([row.features for row in judged])[:, 1]
    foreign = [row.foreign for row in judged]
    figures = {
        "questions": len(judged),
        "auroc_right": float(roc_auc_score([row.right for row in judged], predicted)),
        "auroc_foreign": float(roc_auc_score(foreign, 1 - predicted)),
        "brier": float(brier_score_loss([row.right for row in judged], predicted)),
    }
    return model, {name: round(value, 3) for name, value in figures.items()}


def main() -> None:
    """Write the coefficients, the threshold and the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--encoder", action="append")
    options = parser.parse_args()
    sets = [read_data_set(folder) for folder in options.data]
    encoders = options.encoder or ["e5"]
    rows = [
        row for data in sets for name in encoders for row in rows_of(data, index_of(data, name))
    ]
    written: dict[str, object] = {}
    figures = {}
    foreign: list[float] = []
    for name, same in (("same_language", True), ("other_language", False)):
        chosen = [row for row in rows if row.same_language == same]
        model, figures[name] = fit(chosen)
        weights = [round(float(value), 4) for value in model.coef_[0]]
        intercept = round(float(model.intercept_[0]), 4)
        written[name] = {"intercept": intercept, "similarity": weights[0], "coverage": weights[1]}
        outside = [row.features for row in chosen if row.foreign and not row.held_out]
        foreign += model.predict_proba(outside)[:, 1].tolist()
    threshold = float(np.quantile(foreign, 1 - FOREIGN_ANSWERED))
    written["threshold"] = round(threshold, 3)
    written["trained_on"] = [data.name for data in sets]
    written["encoders"] = encoders
    written["held_out_articles"] = figures
    MODEL_FILE.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    print(MODEL_FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
