"""Which stems each sentence holds, by their numbers: none is stemmed again to answer."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.lexical import Lexical, stems
from index.store import Store

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
    def of(cls, store: Store, lexical: Lexical) -> "SentenceStems":
        """The stems of every sentence of `store`, whose passages `lexical` has indexed."""
        starts = np.zeros(store.sentence_count + 1, np.int64)
        rows = []
        for number in range(store.sentence_count):
            text, language = store.sentence_text(number)
            known = {lexical.number(stem, language) for stem in stems(text, language)}
            rows.append(np.array(sorted(n for n in known if n is not None), np.int32))
            starts[number + 1] = starts[number] + len(rows[-1])
        return cls(np.concatenate([np.empty(0, np.int32), *rows]), starts)

    def save(self, folder: Path) -> None:
        """Write both arrays."""
        np.save(folder / STEMS_FILE, self._stems)
        np.save(folder / STARTS_FILE, self._starts)

    @classmethod
    def load(cls, folder: Path) -> "SentenceStems":
        """Read what `save` wrote, memory-mapped."""
        names = (STEMS_FILE, STARTS_FILE)
        # Plain arrays over the map: numpy's memmap class costs at every slice.
        return cls(*(np.asarray(np.load(folder / name, mmap_mode="r")) for name in names))
