"""Which stems each sentence holds, by their numbers: none is stemmed again to answer."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import write_array

NO_STEM = np.iinfo(np.int64).max
STEMS_FILE, STARTS_FILE = "stems.npy", "stems.starts.npy"


class SentenceStems:
    """The distinct stems of sentence i are `stems[starts[i]:starts[i + 1]]`, numbers ascending.

    `stems` is int32 of shape (stems,), `starts` int64 of shape (sentences + 1,).
    """

    def __init__(self, stems: NDArray[np.int32], starts: NDArray[np.int64]) -> None:
        """Hold the two arrays."""
        self._stems = stems
        self._starts = starts

    def __len__(self) -> int:
        """How many sentences there are."""
        return len(self._starts) - 1

    def sums(self, rows: NDArray[np.int64], weights: Mapping[int, float]) -> NDArray[np.float64]:
        """Of each sentence in `rows` the sum of the weights of its stems, of the shape of `rows`.

        `weights` are those of stems by their numbers.
        """
        lengths = self._starts[rows + 1] - self._starts[rows]
        ends = np.cumsum(lengths)
        places = np.repeat(self._starts[rows] - ends + lengths, lengths) + np.arange(lengths.sum())
        held = self._stems[places]
        owners = np.repeat(np.arange(len(rows)), lengths)
        asked = sorted(weights)
        known = np.array([*asked, NO_STEM])
        worth = np.array([*(weights[number] for number in asked), 0.0])
        found = np.searchsorted(known, held)
        gained = np.where(known[found] == held, worth[found], 0.0)
        return np.bincount(owners, gained, len(rows)).astype(np.float64)

    @classmethod
    def load(cls, folder: Path) -> "SentenceStems":
        """Read what `write_stems` wrote, memory-mapped."""
        names = (STEMS_FILE, STARTS_FILE)
        # Plain arrays over the map: numpy's memmap class costs at every slice.
        return cls(*(np.asarray(np.load(folder / name, mmap_mode="r")) for name in names))


def write_stems(folder: Path, lengths: Sequence[int], stems: Iterable[NDArray[np.int32]]) -> None:
    """Write what `load` reads: how many stems each sentence has, and all of them in order."""
    write_array(folder / STEMS_FILE, stems, np.int32)
    starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    write_array(folder / STARTS_FILE, [starts], np.int64)
