"""The index of a data set, opened."""

import sys

from corpus.passages import PASSAGE_WORDS
from evaluation.datasets import DataSet
from evaluation.indexes import index_of as built
from index.export import Precision
from index.generation import Generation


def index_of(
    data: DataSet,
    encoder: str,
    passage_words: int = PASSAGE_WORDS,
    precision: Precision = "int8",
) -> Generation:
    """The generation of `data` with `encoder`; says on standard error what was embedded."""

    def say(step: str, done: int, total: int) -> None:
        if done == total:
            print(f"{data.name}: {step} {done}", file=sys.stderr)

    return Generation.open(built(data, encoder, precision, passage_words, say))
