"""How the verifier is trained: the passes, what no pass sees, how often the rest is seen.

Read by `train_verifier.py`.
"""

import json
from pathlib import Path
from typing import NamedTuple

from verifier_examples import Example


class Pass(NamedTuple):
    """One run of training: its seed, its steps, the rate that it comes down from.

    `frozen` layers stay as they are; `word_rate` is that of the Italian words' vectors.
    `english` and `italian` say how often, of SEEN, pairs are seen that are English only and
    those that are not.
    """

    seed: int
    steps: int
    rate: float
    frozen: int
    word_rate: float
    english: float
    italian: float


PASSES = (
    Pass(7, 1400, rate=5e-5, frozen=2, word_rate=0.0, english=1.0, italian=0.0),
    Pass(19, 1300, rate=4e-5, frozen=0, word_rate=2e-4, english=0.35, italian=1.0),
)
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
# Of pairs that are not English only, beside that: the rarer set, the more often
OF_ITALIAN = {"squad-it-a": 1.4, "squad-it2en-a": 1.4, "near-misses": 0.9}


def how_often(example: Example, run: Pass) -> float:
    """The mean number of times that `run` sees `example`."""
    often = {**SEEN, **SEEN_OF.get(example.data, {})}[example.kind]
    if example.languages == ("en", "en"):
        return often * run.english
    return often * run.italian * OF_ITALIAN.get(example.data, 1.0)
