"""The index of a data set, built once and kept in data/benchmarks/."""

import sys
from pathlib import Path

from corpus.passages import PASSAGE_WORDS
from evaluation.datasets import DataSet
from index.build import Progress, build
from index.export import ensure_encoder
from index.generation import Generation

KEPT_IN = Path("data/benchmarks")


def index_of(data: DataSet, encoder: str, passage_words: int | None = None) -> Generation:
    """The generation of `data` with `encoder`, built if it is not there or has changed."""
    encoders = KEPT_IN / "encoders"
    folder = ensure_encoder(encoder, encoders)
    index = KEPT_IN / "-".join(map(str, filter(None, (data.name, encoder, passage_words))))
    index.mkdir(parents=True, exist_ok=True)
    if not (index / "encoders").exists():
        (index / "encoders").symlink_to(encoders.absolute())
    words = passage_words or PASSAGE_WORDS
    build(data.documents, index, folder, progress=_say(data.name), passage_words=words)
    return Generation.open(index)


def _say(name: str) -> Progress:
    def progress(step: str, done: int, total: int) -> None:
        if done == total:
            print(f"{name}: {step} {done}", file=sys.stderr)

    return progress
