"""From a question and its vector to the evidence, and the signs of how sure that is."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.generation import Generation
from qa.evidence import READ, Evidence, find_evidence, verified
from qa.features import features
from qa.retrieval import Numbers, narrowed, retrieve
from qa.roles import as_written
from qa.verifier import Verdict, Verifier

STAGES = ("retrieve", "evidence", "verify", "judge")  # of a reading, in order
Stage = Callable[[str], AbstractContextManager[object]]
Kept = Callable[[Numbers], NDArray[np.bool_]]


class Reading(NamedTuple):
    """What the documents have for a question, the likeliest answer first.

    `question` is as it was read; `verdict` is on the first, None where nothing judged it;
    `signs` are the FEATURES of the first.
    """

    question: str
    found: list[Evidence]
    verdict: Verdict | None
    signs: tuple[float, ...]


def read(
    generation: Generation,
    verifier: Verifier | None,
    question: str,
    vector: Vectors,
    language: str,
    k: int = READ,
    stage: Stage = nullcontext,
    kept: Kept | None = None,
) -> Reading:
    """The evidence for `question`, whose unit vector is `vector`; at least `k` passages of it.

    Each of STAGES runs within `stage(name)`. `kept` says which passages there are, as if there
    were no others; by default all.
    """
    with stage("retrieve"):
        scores = generation.lexical.scores(question)
        retrieval = retrieve(generation, vector, scores, language)
        if kept:
            retrieval = narrowed(generation, retrieval, kept(retrieval.numbers))
    with stage("evidence"):
        found = find_evidence(generation, retrieval, vector, question, k)
    question = as_written(question, generation.store.indexed_text(found[0].number))
    verdict = None
    if verifier:
        with stage("verify"):
            found, verdict = verified(generation, verifier, found, vector, question, language)
    first = set(retrieval.numbers[:READ].tolist())  # the same whatever k is
    others = [item for item in found[1:] if item.number in first]
    with stage("judge"):
        signs = features(generation, question, found[0], others, verdict)
    return Reading(question, found, verdict, signs)
