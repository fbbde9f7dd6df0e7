"""The indexes of data sets: each built once, and kept in data/evaluation/."""

from pathlib import Path

from corpus.passages import PASSAGE_WORDS
from evaluation.datasets import DataSet
from index.build import build
from index.cutting import Progress
from index.export import Precision, ensure_encoder
from index.languages import LANGUAGES_FOLDER, ensure_languages

KEPT_IN = Path("data/evaluation")


def index_of(
    data: DataSet,
    encoder: str,
    precision: Precision = "int8",
    passage_words: int = PASSAGE_WORDS,
    progress: Progress = lambda step, done, total: None,
) -> Path:
    """The index of a set's documents, built if it is not there or has changed.

    All of them share the exported encoders and the model that tells languages. Another size of
    passage is another index.
    """
    exported = ensure_encoder(encoder, KEPT_IN / "encoders", precision)
    size = () if passage_words == PASSAGE_WORDS else (str(passage_words),)
    index = KEPT_IN / "-".join((data.name, exported.name, *size))
    index.mkdir(parents=True, exist_ok=True)
    ensure_languages(KEPT_IN)
    for shared in ("encoders", LANGUAGES_FOLDER):
        link = index / shared
        if not link.exists():
            link.unlink(missing_ok=True)  # one that leads nowhere: the whole folder was moved
            link.symlink_to((KEPT_IN / shared).absolute(), target_is_directory=True)
    build(data.documents, index, exported, progress=progress, passage_words=passage_words)
    return index
