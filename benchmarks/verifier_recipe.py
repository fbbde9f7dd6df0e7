"""How the verifier is trained: the passes, what no pass sees, how often the rest is seen.

Read by `train_verifier.py`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from verifier_examples import Example


class Pass(NamedTuple):
    """One run of training: its seed, its steps, the rate that it comes down from.

    `again` is how often, of SEEN, examples of sets are seen that an earlier pass has shown;
    `again_of` the same for kinds that would be forgotten.
    """

    seed: int
    steps: int
    rate: float
    again: float = 1.0
    again_of: Mapping[str, float] = {}


PASSES = {
    "english": (Pass(7, 1400, 5e-5),),
    "multilingual": (
        Pass(7, 2750, 6e-5),
        Pass(11, 2000, 4e-5),
        Pass(13, 1600, 4e-5, 0.6, {"another document": 1.2, "beside": 0.8}),
        Pass(
            17,
            1500,
            4e-5,
            0.5,
            {"answer": 1.0, "another document": 0.8, "beside": 0.8, "roles exchanged": 0.8},
        ),
    ),
}
# Products whose int8 weights get a scale for every few of them. What enters the multilingual one
# has the widest outliers: with one scale a column it would cost the logit its accuracy
# (correlation with float32 .972 instead of .993).
FINER = {
    "english": [],
    "multilingual": ["/network/bert/encoder/layer.4/output/dense/MatMul"],
}
UNSEEN = json.loads(Path(__file__).with_name("unseen.json").read_text("utf-8"))  # six parts
WATCHED = UNSEEN[4:]  # of those, the ones that are looked at while training
# How often an example of a kind is seen in one pass: what is hardest and rarest, most often.
SEEN = {
    "answer": 1.0,
    "answer, found elsewhere": 1.0,
    "unanswerable": 2.0,
    "unanswerable, open": 0.5,
    "another document": 0.5,
    "beside": 1.0,
    "name exchanged": 0.6,
    "roles exchanged": 0.8,
    "opposite": 0.8,
}
SEEN_OF = {  # where a set differs
    "squad2-a": {"answer": 1.5, "another document": 0.35, "opposite": 0.9},
    "squad2-train-part": {
        "answer": 0.8,
        "unanswerable": 2.2,
        "another document": 0.25,
        "name exchanged": 0.35,
        "roles exchanged": 0.5,
        "opposite": 0.5,
    },
    "squad-pairs": {
        "answer": 0.6,
        "another document": 0.3,
        "name exchanged": 0.25,
        "roles exchanged": 0.3,
        "opposite": 0.35,
    },
    "squad-it2en-a": {"another document": 0.6},
    "near-misses": {
        "answer": 2.5,
        "absent": 3.0,
        "swapped": 3.0,
        "absent, open": 0.5,
        "swapped, open": 0.5,
        "another document": 1.0,
        "opposite": 0.4,
    },
}


def how_often(example: Example, run: Pass, known: set[str]) -> float:
    """The mean number of times that `run`, after passes on the sets `known`, sees `example`."""
    often = {**SEEN, **SEEN_OF.get(example.data, {})}[example.kind]
    return often * (run.again_of.get(example.kind, run.again) if example.data in known else 1)
