r"""Fits qa/confidence.json: how probable it is that the first citation answers.

    python benchmarks/fit_confidence.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN benchmarks/forms \
        --alone benchmarks/near-misses benchmarks/case-studies benchmarks/exchanges \
        benchmarks/exchanges-later --foreign NQ_OPEN

Only questions on the articles that the verifier was not trained on are asked. Each with a
gold span is asked as it is (right when the first quote holds a gold answer), without
its gold passage, without its whole article, with a name or number exchanged for another of
the same article or of the others, with two names in each other's place, and with a word
exchanged for its opposite; unanswerable questions and the foreign ones are asked as they are.
All are asked of the whole set and of an index of their article alone, so that the model knows
large corpora and small ones; those of the sets behind `--alone`, where many a question has a
home in more than one document, of their article alone.

Of what people ask, MIX is taken to be in the documents; plausible but not there, as somebody
wrote it and as it was made here; and foreign. Every set counts as much as the others. Every
figure written beside the model is of articles that it was not fitted on: six fits, each judged
on the articles left out; what ships is fitted on all six. `--without` says what a sign or a
set is worth: it is left out of every fit, and the figures are only shown.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

from confidence_rows import FOREIGN, Row, articles_of, folds, questions_of, rows_of
from evaluation.datasets import IMPOSSIBLE, read_data_set
from evaluation.measures import expected_calibration_error
from indexes import generation_of
from qa.confidence import MODEL_FILE, RELATIONS, WAYS, Logistic
from qa.features import FEATURES
from qa.verifier import Verifier

THRESHOLD = 0.5  # what is more probable than not counts as answered
MIX = {"whole": 0.5, "written": 0.2, "made": 0.1, "foreign": 0.2}
SEED = 1


def weights_of(rows: Sequence[Row]) -> NDArray[Any]:
    """How much each row counts: groups as in MIX, in each its sets alike, their corpora alike.

    A corpus is all of a set or its articles alone. In one where no question was written to have no
    answer, those made out of others count for both; how many there are of a kind then says
    nothing of the size of an index.
    """
    cells = [(_group(row.kind), row.data, row.alone) for row in rows]
    counts = Counter(cells)

    def weight(group: str, data: str, alone: bool) -> float:
        share = MIX[group]
        if group == "made" and ("written", data, alone) not in counts:
            share += MIX["written"]
        spread = "foreign" if group == "foreign" else "whole"
        sets = {cell[1] for cell in counts if cell[0] == spread}
        corpora = {cell for cell in counts if cell[:2] == (spread, data)}
        return share / len(sets) / len(corpora) / counts[group, data, alone]

    found = {cell: weight(*cell) for cell in counts}
    weights = np.array([found[cell] for cell in cells])
    weights *= len(rows) / weights.sum()
    return weights


def _group(kind: str) -> str:
    if kind in FOREIGN:
        return "foreign"
    if kind in IMPOSSIBLE:
        return "written"
    return "whole" if kind == "whole" else "made"


def fit(rows: Sequence[Row], way: str, without: Sequence[str]) -> tuple[Logistic, Logistic]:
    """The models of `qa.confidence`: related (of all rows), and answers (of related ones).

    `without` names sets and signs that they do not see.
    """
    rows = [row for row in rows if row.data not in without]
    related = [row for row in rows if row.kind not in FOREIGN]
    return (
        logistic(rows, way, [row.kind not in FOREIGN for row in rows], without),
        logistic(related, way, [row.right[way] for row in related], without),
    )


def logistic(
    rows: Sequence[Row], way: str, labels: Sequence[bool], without: Sequence[str]
) -> Logistic:
    """A logistic model of `labels` over the features of `rows` but those of `without`."""
    seen = [name not in without for name in FEATURES]
    values = np.array([row.values[way] for row in rows]) * seen
    scaler = StandardScaler().fit(values)
    model = LogisticRegression(C=0.3, max_iter=1000).fit(
        scaler.transform(values), labels, sample_weight=weights_of(rows)
    )
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    return Logistic(round(intercept, 4), tuple(round(float(weight), 4) for weight in weights))


def probability(model: tuple[Logistic, Logistic], rows: Sequence[Row], way: str) -> NDArray[Any]:
    """What the pair of models says of each row."""
    related, answers = model
    values = [row.values[way] for row in rows]
    return np.array([related.probability(v) * answers.probability(v) for v in values])


def judged(rows: Sequence[Row], way: str, without: Sequence[str]) -> NDArray[Any]:
    """Of each row, what a model fitted on the other folds says."""
    predicted = np.zeros(len(rows))
    folds = np.array([row.fold for row in rows])
    for fold in set(folds.tolist()):
        out = np.flatnonzero(folds == fold)
        model = fit([row for row in rows if row.fold != fold], way, without)
        predicted[out] = probability(model, [rows[n] for n in out.tolist()], way)
    return predicted


def figures_of(rows: Sequence[Row], predicted: NDArray[Any], way: str) -> dict[str, Any]:
    """AUROC against whole questions, share answered, and calibration under MIX."""
    right = np.array([row.right[way] for row in rows])
    kinds = np.array([row.kind for row in rows])
    drawn = _drawn(rows)
    auroc = {}
    for kind in sorted(set(kinds) - {"whole"}):
        pair = (kinds == "whole") | (kinds == kind)
        auroc[kind] = round(float(roc_auc_score(kinds[pair] == "whole", predicted[pair])), 3)
    answered = predicted >= THRESHOLD
    shares = {kind: round(float(answered[kinds == kind].mean()), 3) for kind in sorted(set(kinds))}
    return {
        "questions": len(kinds),
        "right_of_whole": round(float(right[kinds == "whole"].mean()), 3),
        "auroc": auroc,
        "answered": shares,
        "answered_right_of_right": round(float(answered[right].mean()), 3),
        "wrong_of_answered": round(float((~right[drawn])[answered[drawn]].mean()), 3),
        "brier": round(float(brier_score_loss(right[drawn], predicted[drawn])), 3),
        "ece": round(float(expected_calibration_error(predicted[drawn], right[drawn])), 3),
    }


def _drawn(rows: Sequence[Row]) -> NDArray[np.int64]:
    """Rows drawn by chance in the shares of MIX."""
    weights = weights_of(rows)
    numbers = np.arange(len(rows))
    return np.random.default_rng(SEED).choice(numbers, len(rows), p=weights / weights.sum())


def model_of(rows: Sequence[Row], way: str, without: Sequence[str]) -> dict[str, Any]:
    """What is stored for one way of answering."""
    relations = {
        name: [row for row in rows if row.same_language[way] == same]
        for same, name in enumerate(RELATIONS)
    }
    written: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    for name, chosen in relations.items():
        related, answers = fit(chosen, way, without)
        written[name] = {"related": _named(related), "answers": _named(answers)}
        predicted, sets = judged(chosen, way, without), np.array([row.data for row in chosen])
        figures[name] = {
            data: figures_of(
                [row for row in chosen if row.data == data], predicted[sets == data], way
            )
            for data in dict.fromkeys(row.data for row in chosen if row.kind == "whole")
        }
    return {**written, "judged_on_articles_left_out": figures}


def _named(model: Logistic) -> dict[str, float]:
    return {"intercept": model.intercept, **dict(zip(FEATURES, model.weights, strict=True))}


def main() -> None:
    """Write the models, the threshold and their figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--alone", nargs="*", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--foreign", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--encoder", default="e5")
    parser.add_argument("--without", nargs="*", default=[], metavar="SET_OR_SIGN")
    parser.add_argument("--out", type=Path, default=MODEL_FILE, metavar="FILE")
    options = parser.parse_args()
    fold_of, verifier = folds(), Verifier()
    sets = [read_data_set(folder) for folder in [*options.data, *options.alone]]
    foreign = read_data_set(options.foreign)
    if unknown := set(options.without) - {*FEATURES, *(data.name for data in sets)}:
        parser.error(f"--without: there is no set or sign {', '.join(sorted(unknown))}.")
    rows: list[Row] = []
    for place, data in enumerate(sets):
        asked = list(questions_of(data, foreign, fold_of, random.Random(SEED)))
        whole = [data] if place < len(options.data) else []
        for corpus in [*whole, *articles_of(data, fold_of)]:
            rows += rows_of(corpus, asked, generation_of(corpus, options.encoder), verifier)
    written: dict[str, Any] = {way: model_of(rows, way, options.without) for way in WAYS}
    written |= {"threshold": THRESHOLD}
    written |= {"trained_on": [data.name for data in [*sets, foreign]], "encoder": options.encoder}
    text = json.dumps(written, indent=2) + "\n"
    if not options.without:
        options.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
