"""The dense half of an index: passage vectors in FAISS, sentence vectors memory-mapped."""

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

PASSAGES_FILE = "passages.faiss"
SENTENCES_FILE = "sentences.npy"
Bytes = NDArray[np.int8]


class PassageVectors:
    """Exact nearest neighbours by inner product of unit vectors (the cosine)."""

    def __init__(self, folder: Path) -> None:
        """Map the FAISS file in `folder`."""
        import faiss

        # IO_FLAG_MMAP would read a flat index whole
        flags = faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY
        self._index: Any = faiss.read_index(str(folder / PASSAGES_FILE), flags)

    def __len__(self) -> int:
        """How many passages there are."""
        return int(self._index.ntotal)

    def search(self, question: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        """Rows and cosines of the `k` nearest passages (fewer when there are fewer), best first.

        `question` has shape (dimension,); ValueError when the dimension is another.
        """
        if question.shape != (self._index.d,):
            raise ValueError(f"a vector of {self._index.d} numbers is needed, not {question.shape}")
        scores, rows = self._index.search(question[None], min(k, self._index.ntotal))
        return rows[0], scores[0]

    def cosines(self, question: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """The cosines of the passages `rows`, in that order."""
        cosines: Vectors = self._index.reconstruct_batch(rows) @ question
        return cosines


def write_passages(folder: Path, blocks: Iterable[Vectors], shape: tuple[int, int]) -> None:
    """Write the FAISS file of all `blocks`, one after another, in the memory of one.

    It is what faiss.write_index gives for an IndexFlatIP of `shape`, byte for byte.
    """
    with (folder / PASSAGES_FILE).open("wb") as file:
        file.write(_flat_header(*shape))
        for block in blocks:
            file.write(block.tobytes())


def _flat_header(rows: int, dimension: int) -> bytes:
    """What stands before the vectors: that of an empty index, with the two counts filled in."""
    import faiss

    header = bytearray(faiss.serialize_index(faiss.IndexFlatIP(dimension)))
    struct.pack_into("<q", header, 8, rows)  # after the kind of index and the dimension
    struct.pack_into("<q", header, len(header) - 8, rows * dimension)
    return bytes(header)


def quantised(vectors: Vectors) -> Bytes:
    """Unit vectors as int8 of the same shape: a quarter of the space, cosine above 0.999.

    Each row is stretched until its largest number is 127; its length is restored on reading.
    """
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    scaled: Bytes = np.rint(vectors * (127 / largest)).astype(np.int8)
    return scaled


def restored(rows: Bytes) -> Vectors:
    """Unit vectors again, float32 of the same shape."""
    vectors = rows.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, 1e-9)
    return unit
