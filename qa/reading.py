"""From the passages that were found to the evidence, and the signs of how sure that is."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

from index.encoder import Vectors
from index.generation import Generation
from qa.evidence import READ, Evidence, find_evidence, verified
from qa.features import features
from qa.retrieval import Retrieval
from qa.roles import as_written
from qa.verifier import Verdict, Verifier

STAGES = ("evidence", "verify", "judge")  # of a reading, in order
Stage = Callable[[str], AbstractContextManager[object]]


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
    retrieval: Retrieval,
    k: int = READ,
    stage: Stage = nullcontext,
) -> Reading:
    """The evidence for `question` in what was retrieved for it; `k` passages if there are as many.

    `vector` is the question's unit vector. Each of STAGES runs within `stage(name)`.
    """
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
