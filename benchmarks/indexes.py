"""The index of a data set, opened."""

import sys

from corpus.passages import PASSAGE_WORDS
from evaluation.datasets import DataSet
from evaluation.indexes import index_of
from index.export import Precision
from index.generation import Generation


def generation_of(
    data: DataSet,
    encoder: str,
    precision: Precision = "int8",
    passage_words: int = PASSAGE_WORDS,
) -> Generation:
    """The generation of `data` with `encoder`; says on standard error what was embedded."""

    def say(step: str, done: int, total: int) -> None:
        if done == total:
            print(f"{data.name}: {step} {done}", file=sys.stderr)

    return Generation.open(index_of(data, encoder, precision, passage_words, say))
