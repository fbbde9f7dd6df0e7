"""Writes the lexical half of an index: the words of its passages for BM25, those of its sentences.

The files are those that bm25s would write, but memory grows with the vocabulary only:
bm25s holds every word of every passage in lists.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from index.arrays import write_array
from index.lexical import (
    K1,
    LANGUAGES_FILE,
    LEXICAL_FOLDER,
    B,
    bm25s_quietly,
    stems_of,
    tagged,
    words,
)
from index.postings import POSTING, Counted, count, parts, ranges, scored
from index.stems import write_stems
from index.store import Store


@dataclass(frozen=True)
class Worded:
    """A document to be indexed: its sentences; of each passage the context and its sentences.

    A passage names its first and last sentence by their places among `sentences`.
    """

    language: str
    sentences: Sequence[str]
    passages: Sequence[tuple[str, int, int]]


def worded(store: Store) -> Iterator[Worded]:
    """The documents of `store`, one at a time."""
    before = 0
    for number in range(store.document_count):
        document = store.document(number)
        spans = store.sentences_of(document.id)
        yield Worded(
            document.language,
            [document.plain[span.start : span.end] for span in spans],
            [(above, a - before, b - before) for above, a, b in store.contexts_of(number)],
        )
        before += len(spans)


class Numbering:
    """Gives each stem of each language a number, as they are first met; stems no word twice."""

    def __init__(self) -> None:
        """Begin with no stem."""
        self.vocabulary: dict[str, int] = {}
        self.languages: dict[str, dict[str, int | None]] = {}

    def numbers(self, text: str, language: str) -> list[int]:
        """The numbers of the stems of `text`, in order."""
        known = self.languages.setdefault(language, {})
        found = words(text)
        if new := [word for word in found if word not in known]:
            known.update(dict.fromkeys(new))  # words that say nothing stay without a number
            for word, stem in stems_of(new, language).items():
                token = tagged(stem, language)
                known[word] = self.vocabulary.setdefault(token, len(self.vocabulary))
        return [number for word in found if (number := known[word]) is not None]


def write_lexical(folder: Path, documents: Iterable[Worded]) -> None:
    """Write what `Lexical` and `SentenceStems` read."""
    numbering = Numbering()
    lengths = array("i")

    def passages() -> Iterator[list[int]]:
        for document in documents:
            inside = [numbering.numbers(text, document.language) for text in document.sentences]
            for distinct in map(set, inside):
                lengths.append(len(distinct))
                said.write(array("i", sorted(distinct)).tobytes())
            for above, first, last in document.passages:
                context = numbering.numbers(above, document.language)
                yield [*context, *chain.from_iterable(inside[first : last + 1])]

    with TemporaryFile(dir=folder) as postings, TemporaryFile(dir=folder) as said:
        counted = count(passages(), postings)
        about = {"languages": sorted(numbering.languages), "passages": len(counted.lengths)}
        (folder / LANGUAGES_FILE).write_text(json.dumps(about) + "\n", encoding="utf-8")
        if numbering.vocabulary:
            _write_scores(folder / LEXICAL_FOLDER, numbering.vocabulary, counted, postings)
        write_stems(folder, lengths, parts(said, np.dtype(np.int32)))


def _write_scores(
    folder: Path, vocabulary: dict[str, int], counted: Counted, postings: IO[bytes]
) -> None:
    """The small files by bm25s, its two large ones a range of words at a time."""
    starts = np.concatenate([[0], np.cumsum(counted.holders)])
    bm25 = bm25s_quietly().BM25(k1=K1, b=B, method="lucene")
    bm25.vocab_dict, bm25.nonoccurrence_array = vocabulary, None
    bm25.scores = {
        "data": np.empty(0, np.float32),
        "indices": np.empty(0, np.int32),
        "indptr": starts,
        "num_docs": len(counted.lengths),
    }
    bm25.save(folder, show_progress=False)
    for name, field in (("data", "score"), ("indices", "text")):
        blocks = (scored(postings, counted, *part)[field] for part in ranges(starts))
        write_array(folder / f"{name}.csc.index.npy", blocks, POSTING[field])
