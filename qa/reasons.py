"""Says why: the reason of a refusal, and the scores behind an answer."""

from collections.abc import Sequence

from qa.answer import Reason
from qa.confidence import Judgement
from qa.evidence import Evidence
from qa.features import FEATURES

NO_MATCH = 0.5  # probability of being related below which a refusal says so
REVERSED = 0.5  # log odds, or share of the names, from which on a refusal says "other roles"


def reason(missing: Sequence[str], judgement: Judgement, signs: Sequence[float]) -> Reason:
    """Why nothing is cited: the most telling of the signs against it."""
    if missing:
        return "name_not_found"
    if judgement.related < NO_MATCH:
        return "no_match"
    named = dict(zip(FEATURES, signs, strict=True))
    other_roles = named["names_in_passage"] == 1 and named["names_reversed"] >= REVERSED
    return "direction_not_supported" if other_roles else "low_confidence"


def explained(
    kept: Sequence[Evidence], judgement: Judgement, signs: Sequence[float]
) -> dict[str, list[dict[str, float]]]:
    """The scores of each passage that is shown, and what the confidence was made of."""
    named = {name: round(value, 4) for name, value in zip(FEATURES, signs, strict=True)}
    return {
        "passages": [_scores(item) for item in kept],
        "confidence": [{"related": judgement.related, **named}],
    }


def _scores(evidence: Evidence) -> dict[str, float]:
    return {
        "dense": round(evidence.dense, 4),
        "lexical": round(evidence.lexical, 4),
        "fused": round(evidence.fused, 4),
        "similarity": round(evidence.similarity, 4),
        "coverage": round(evidence.coverage, 4),
        "score": round(evidence.score, 4),
    }
