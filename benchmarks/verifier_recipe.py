"""How the verifier is trained: the passes, what no pass sees, how often the rest is seen.

Read by `train_verifier.py`.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from evaluation.datasets import IMPOSSIBLE
from index.lexical import stems
from verifier_examples import Example


class Pass(NamedTuple):
    """One run of training: its seed, its steps, the rate that it comes down from.

    `frozen` layers stay as they are; `word_rate` is that of the Italian words' vectors.
    `english` says how often pairs that are English only are seen, but those of the sets in `new`;
    `sets` how often those of a set are: as factors of SEEN. A pass that stops `halfway` ends with
    the mean of the weights that it began and ended with.
    """

    seed: int
    steps: int
    rate: float
    frozen: int
    word_rate: float
    english: float
    sets: dict[str, float]
    new: tuple[str, ...] = ()
    halfway: bool = False


# Of the passes from the fifth on: how often what was learnt before is seen.
BEFORE = {"near-misses": 0.2, "forms": 0.5, "squad-it-a": 0.6, "squad-it2en-a": 0.8}
PASSES = (
    Pass(7, 1400, rate=5e-5, frozen=2, word_rate=0.0, english=1.0, sets={}),
    Pass(19, 1300, rate=4e-5, frozen=0, word_rate=2e-4, english=0.35, sets={"near-misses": 0.9}),
    Pass(23, 1100, rate=4e-5, frozen=0, word_rate=2e-4, english=0.5, sets={"near-misses": 0.5}),
    Pass(29, 900, rate=3e-5, frozen=0, word_rate=1e-4, english=0.5, sets={"near-misses": 0.35}),
    Pass(
        31,
        1200,
        rate=3e-5,
        frozen=0,
        word_rate=1e-4,
        english=0.7,
        sets={**BEFORE, "near-misses-later": 0.6},
        new=("near-misses-later", "case-studies"),
    ),
    Pass(
        37,
        2600,
        rate=3e-5,
        frozen=0,
        word_rate=1e-4,
        english=0.7,
        sets={**BEFORE, "near-misses-later": 0.4, "case-studies": 0.6},
        new=("exchanges",),
    ),
    Pass(
        41,
        3000,
        rate=3e-5,
        frozen=0,
        word_rate=1e-4,
        english=0.7,
        sets={**BEFORE, "near-misses-later": 0.4, "case-studies": 0.5, "exchanges": 0.6},
        new=("exchanges-later",),
        halfway=True,
    ),
)
# Six parts. A title may be added only with its document: an older one has been trained on.
UNSEEN = json.loads(Path(__file__).with_name("unseen.json").read_text("utf-8"))
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
WRITTEN = {  # with a document in view, to be nearly right
    "absent": 3.0,
    "swapped": 3.0,
    "absent, open": 0.5,
    "swapped, open": 0.5,
    "another document": 1.0,
    "opposite": 0.4,
}
SEEN_OF = {  # where a set differs
    "squad2-a": {"answer": 1.5, "another document": 0.35, "opposite": 0.9},
    "squad-it2en-a": {"another document": 0.6},
    "near-misses": {"answer": 2.5, **WRITTEN},
    "near-misses-later": {"answer": 2.5, **WRITTEN},
    "case-studies": {"answer": 2.5, **WRITTEN},
    "exchanges": {"answer": 2.5, **WRITTEN},
    "exchanges-later": {"answer": 2.5, **WRITTEN},
    "forms": {"answer": 3.0, "answer, found elsewhere": 2.0, **WRITTEN},
}
SEEN_OF_SQUAD_IT = 1.6  # times as often where a pair is not English only
PARTS = 5  # from none of a question's words shared to all of them
EVENED_BY = 3.0  # times more or less often at most, so that no pair is seen ten times


def how_often(example: Example, run: Pass) -> float:
    """The mean number of times that `run` sees `example`."""
    often = {**SEEN, **SEEN_OF.get(example.data, {})}[example.kind]
    often *= run.sets.get(example.data, 1.0)
    if example.languages == ("en", "en"):
        return often if example.data in run.new else often * run.english
    return often * (SEEN_OF_SQUAD_IT if example.data.startswith("squad-it") else 1.0)


def evened(examples: Sequence[Example], often: Sequence[float]) -> list[float]:
    """`often` changed so that the words a question shares with its text give less away.

    Who writes a question that a text does not answer keeps closer to its words than who
    rewords one that it does. Of each set and language, the written ones without an answer
    are seen in about the same shares as those with one, from few shared words to many.
    Pairs across languages share too few words and stay as they are.
    """
    cells = [_cell(example) for example in examples]
    mass: Counter[Cell] = Counter()
    whole: Counter[tuple[str, bool]] = Counter()
    for cell, share in zip(cells, often, strict=True):
        mass[cell] += share
        whole[cell.group, cell.answers] += share

    def factor(cell: Cell) -> float:
        if not cell.group or cell.answers or not whole[cell.group, True]:
            return 1.0
        wanted = mass[cell._replace(answers=True)] / whole[cell.group, True]
        seen = mass[cell] / whole[cell.group, False]
        return min(max(wanted / seen, 1 / EVENED_BY), EVENED_BY)

    return [share * factor(cell) for cell, share in zip(cells, often, strict=True)]


class Cell(NamedTuple):
    """Pairs alike: of one set and language, with so many shared words, with an answer or not."""

    group: str
    shared: int
    answers: bool


def _cell(example: Example) -> Cell:
    """Where an example is counted; without a group where nothing is evened."""
    question, text = example.languages
    answers = example.kind.startswith("answer")
    if question != text or not (answers or example.kind in IMPOSSIBLE):
        return Cell("", 0, answers)
    asked = set(stems(example.question, question))
    held = asked.intersection(stems(example.text, text))
    shared = round(PARTS * len(held) / max(len(asked), 1))
    return Cell(f"{example.data}, {text}", shared, answers)
