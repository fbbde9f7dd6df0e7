"""The generation that a build takes from: what has not changed is not cut or embedded again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from corpus.errors import GenerationError
from index.arrays import Numbers, Rows, read_rows
from index.manifest import Manifest
from index.publishing import check_own_files, history
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


def find_earlier(index: Path) -> Earlier | None:
    """The served generation, or where it is damaged the next one that is whole; None without any.

    One that CURRENT no longer names will do: each file is checked against the manifest.
    """
    folders = [index / "generations" / name for name in history(index)]
    others = (index / "generations").glob("*")
    newest = sorted(others, key=lambda folder: folder.stat().st_mtime, reverse=True)
    return next(filter(None, map(_intact, dict.fromkeys([*folders, *newest]))), None)


def _intact(folder: Path) -> Earlier | None:
    try:
        return Earlier(folder, check_own_files(folder))
    except GenerationError:
        return None
