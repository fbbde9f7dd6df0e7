"""Files of arrays, written and read a part at a time."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Numbers = NDArray[np.int64]
Rows = NDArray[Any]


def write_array(
    path: Path, blocks: Iterable[NDArray[Any]], dtype: DTypeLike, width: tuple[int, ...] = ()
) -> None:
    """Write all `blocks`, one after another, as numpy.save would write them as one array.

    Each has shape (rows, *width).
    """
    rows = 0
    with path.open("wb") as file:
        _array_header(file, dtype, (rows, *width))
        for block in blocks:
            file.write(block.tobytes())
            rows += len(block)
        file.seek(0)
        _array_header(file, dtype, (rows, *width))  # as long as before: numpy leaves room to grow


def _array_header(file: IO[bytes], dtype: DTypeLike, shape: tuple[int, ...]) -> None:
    kind = np.lib.format.dtype_to_descr(np.dtype(dtype))
    about = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, about)


def read_rows(
    path: Path, shape: tuple[int, int], dtype: np.dtype[Any], numbers: Numbers
) -> NDArray[Any]:
    """The rows `numbers` of the array of `shape` that ends the file, in that order.

    They are read, not mapped: a build that passes over all of them stays small.
    """
    count, width = shape
    begin = path.stat().st_size - count * width * dtype.itemsize
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) != 1) + 1)
    with path.open("rb") as file:

        def read(run: Numbers) -> NDArray[Any]:
            file.seek(begin + int(run[0]) * width * dtype.itemsize)
            return np.fromfile(file, dtype, len(run) * width)

        return np.concatenate([read(run) for run in runs]).reshape(-1, width)
