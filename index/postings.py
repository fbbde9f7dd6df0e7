"""Counts the words of many texts and sorts the counts by word, in files rather than in memory."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import Numbers
from index.lexical import K1, B

TEXTS = 4096  # counted at a time
POSTINGS = 1 << 20  # sorted at a time: some 50 MB
# Before they are sorted, `score` is how often the word stands in the text.
POSTING = np.dtype([("word", "<i4"), ("text", "<i4"), ("score", "<f4")])


@dataclass(frozen=True)
class Counted:
    """How many words each text has, and how many texts hold each word."""

    lengths: Numbers
    holders: Numbers


def count(rows: Iterable[list[int]], file: IO[bytes]) -> Counted:
    """Write each text's different words with their counts to `file`, in order.

    `rows` holds the words of each text, numbered from 0 as they are first met.
    """
    lengths = array("i")
    holders = np.zeros(0, np.int64)
    rows = iter(rows)
    while chunk := list(islice(rows, TEXTS)):
        sizes = [len(row) for row in chunk]
        texts = np.repeat(np.arange(len(lengths), len(lengths) + len(chunk)), sizes)
        words = np.fromiter(chain.from_iterable(chunk), np.int64, sum(sizes))
        pairs, counts = np.unique(texts << 32 | words, return_counts=True)
        found = np.empty(len(pairs), POSTING)
        found["text"], found["word"], found["score"] = pairs >> 32, pairs & 0xFFFFFFFF, counts
        file.write(found.tobytes())
        lengths.extend(sizes)
        more = np.bincount(found["word"], minlength=len(holders))
        more[: len(holders)] += holders
        holders = more
    return Counted(np.array(lengths, np.int64), holders)


def ranges(starts: Numbers) -> Iterator[tuple[int, int]]:
    """Ranges of words, each with at most POSTINGS postings or of one word: first, and past last.

    `starts` holds where each word's postings begin, and where the last one's end.
    """
    first = 0
    while first < len(starts) - 1:
        last = int(np.searchsorted(starts, starts[first] + POSTINGS, side="right")) - 1
        yield first, max(last, first + 1)
        first = max(last, first + 1)


def scored(file: IO[bytes], counted: Counted, first: int, last: int) -> NDArray[Any]:
    """The postings of the words from `first` to before `last`, by word and text, with BM25.

    Lucene's, as bm25s computes it: ln(1 + (N - n + 0.5) / (n + 0.5)) times
    f / (f + k1 (1 - b + b length / average length)).
    """
    chosen = (
        part[(part["word"] >= first) & (part["word"] < last)] for part in parts(file, POSTING)
    )
    found = np.concatenate([*chosen])
    found = found[np.argsort(found["word"], kind="stable")]
    total, n = len(counted.lengths), counted.holders[first:last]
    rarity = np.log(1 + (total - n + 0.5) / (n + 0.5)).astype(np.float32)
    relative = counted.lengths[found["text"]] / counted.lengths.mean()
    often = found["score"] / (found["score"] + K1 * ((1 - B) + B * relative))
    found["score"] = rarity[found["word"] - first] * often
    return found


def parts(file: IO[bytes], dtype: np.dtype[Any]) -> Iterator[NDArray[Any]]:
    """What was written to `file`, a part at a time."""
    file.seek(0)
    while raw := file.read(POSTINGS * dtype.itemsize):
        yield np.frombuffer(raw, dtype)
