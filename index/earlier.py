"""The generation that a build takes from: what has not changed is not cut or embedded again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from index.arrays import Numbers, Rows, read_rows
from index.manifest import Manifest
from index.publishing import history, intact, left
from index.vectors import PASSAGES_FILE, SENTENCES_FILE

Table = Literal["passages", "sentences"]


@dataclass(frozen=True)
class Earlier:
    """An intact generation and its folder."""

    folder: Path
    manifest: Manifest

    def rows(self, table: Table, numbers: Numbers) -> Rows:
        """The vectors of these passages or sentences, as they are stored."""
        made = self.manifest
        if table == "passages":
            shape = (made.passages, made.dimension)
            return read_rows(self.folder / PASSAGES_FILE, shape, np.dtype(np.float32), numbers)
        shape = (made.sentences, made.dimension)
        return read_rows(self.folder / SENTENCES_FILE, shape, np.dtype(np.int8), numbers)


def find_earlier(index: Path, encoder: str) -> Earlier | None:
    """The served generation, or where it is damaged the next one that is whole; None without any.

    One that CURRENT no longer names will do, best of this encoder (its fingerprint): each file
    is checked against the manifest. NotPermittedError where it may not be.
    """
    known = next(_intact(index, history(index)), None)
    others = _intact(index, left(index))
    return known or max(others, key=lambda one: one.manifest.encoder == encoder, default=None)


def _intact(index: Path, names: Iterable[str]) -> Iterator[Earlier]:
    for name in names:
        folder = index / "generations" / name
        if manifest := intact(folder):
            yield Earlier(folder, manifest)
