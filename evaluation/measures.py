"""Figures of a run, by ir-measures and scikit-learn rather than by formulas of our own."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG
from sklearn.metrics import brier_score_loss, roc_auc_score

from evaluation.datasets import ANSWERABLE
from evaluation.outcomes import Outcome

MEASURES = (nDCG @ 10, RR @ 10, R @ 1, R @ 5, R @ 20)
BINS = 10
Figures = dict[str, Any]


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """All figures of a run: in all, and by language under "languages".

    Retrieval is measured on questions with relevant documents, evidence on those with spans,
    refusal on those that are judged: with spans, or answered by nothing.
    """
    languages = sorted({outcome.query.language for outcome in outcomes})
    by_language = {
        language: _figures([o for o in outcomes if o.query.language == language])
        for language in languages
    }
    return {**_figures(outcomes), "languages": by_language}


def _figures(outcomes: Sequence[Outcome]) -> Figures:
    judged = [outcome for outcome in outcomes if outcome.judged]
    return {
        "questions": len(outcomes),
        "judged": len(judged),
        "with evidence": sum(bool(outcome.query.spans) for outcome in outcomes),
        "of a kind": dict(Counter(sorted(outcome.query.kind for outcome in outcomes))),
        "retrieval": retrieval(outcomes),
        "evidence": evidence(outcomes),
        "refusal": refusal(judged) if judged else {},
    }


def retrieval(outcomes: Sequence[Outcome]) -> Figures:
    """nDCG@10, MRR and recall over documents, of the questions with relevant ones."""
    asked = [outcome for outcome in outcomes if outcome.query.relevant]
    if not asked:
        return {}
    qrels = {outcome.query.id: outcome.query.relevant for outcome in asked}
    run = {
        outcome.query.id: {name: -float(place) for place, name in enumerate(outcome.documents)}
        for outcome in asked
    }
    values = ir_measures.calc_aggregate(MEASURES, qrels, run)
    return {str(measure): round(float(values[measure]), 4) for measure in MEASURES}


def evidence(outcomes: Sequence[Outcome]) -> Figures:
    """How often the sentence that answers comes first, or among three; the quote's F1."""
    asked = [outcome for outcome in outcomes if outcome.query.spans]
    if not asked:
        return {}
    return {
        "sentence@1": _mean([outcome.evidence_rank == 1 for outcome in asked]),
        "sentence@3": _mean([outcome.evidence_rank is not None for outcome in asked]),
        "character F1": _mean([outcome.f1 for outcome in asked]),
    }


def refusal(judged: Sequence[Outcome]) -> Figures:
    """How well confidence tells right from wrong, and what the threshold does.

    AUROC per kind sets that kind against the answerable questions. The risk of a coverage
    is the share of wrong answers when only that share of the questions, the surest, is
    answered (selective classification, Geifman and El-Yaniv 2017); AURC is the mean of the
    risks at every coverage, from one question to all. ECE has ten bins of equal width.
    """
    confidence = np.array([outcome.confidence for outcome in judged])
    right = np.array([outcome.right for outcome in judged])
    kinds = np.array([outcome.query.kind for outcome in judged])
    answered = np.array([outcome.answered for outcome in judged])
    answerable = kinds == ANSWERABLE
    auroc = {
        kind: round(float(roc_auc_score(*_against(answerable, kinds == kind, confidence))), 4)
        for kind in sorted(set(kinds) - {ANSWERABLE})
        if answerable.any()
    }
    _, risk = risk_coverage(confidence, right)
    return {
        "AUROC": auroc,
        "AURC": _mean(risk),
        "Brier": round(float(brier_score_loss(right, confidence)), 4),
        "ECE": round(expected_calibration_error(confidence, right), 4),
        "answered and right": _mean(answered & right),
        "answered and wrong": _mean(answered & ~right),
        "refused rightly": _mean(~answered & ~answerable),
        "refused wrongly": _mean(~answered & answerable),
        "wrong among answered": _mean(~right[answered]) if answered.any() else None,
        "answerable answered rightly": _mean((answered & right)[answerable])
        if answerable.any()
        else None,
        "others answered": {
            kind: _mean(answered[kinds == kind]) for kind in sorted(set(kinds) - {ANSWERABLE})
        },
    }


def risk_coverage(confidence: Any, right: Any) -> tuple[Any, Any]:
    """The share answered, surest first, and the share of wrong answers among them.

    Equally sure ones are each as wrong as they are on average.
    """
    surest, group, sizes = np.unique(-confidence, return_inverse=True, return_counts=True)
    wrong = np.repeat(np.bincount(group, ~right, len(surest)) / sizes, sizes)
    counts = np.arange(1, len(wrong) + 1)
    return counts / len(wrong), np.cumsum(wrong) / counts


def reliability(confidence: Any, right: Any) -> list[tuple[float, float, int]]:
    """Mean confidence, share right and count of each bin that is not empty."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    chosen = [bins == number for number in range(BINS) if (bins == number).any()]
    return [
        (float(confidence[rows].mean()), float(right[rows].mean()), int(rows.sum()))
        for rows in chosen
    ]


def expected_calibration_error(confidence: Any, right: Any) -> float:
    """The mean distance of confidence and share right over the bins (Guo et al. 2017)."""
    bins = reliability(confidence, right)
    return sum(count * abs(mean - share) for mean, share, count in bins) / len(confidence)


def _against(answerable: Any, others: Any, confidence: Any) -> tuple[Any, Any]:
    chosen = answerable | others
    return answerable[chosen], confidence[chosen]


def _mean(values: Any) -> float:
    return round(float(np.mean(np.asarray(values, float))), 4) if len(values) else 0.0
