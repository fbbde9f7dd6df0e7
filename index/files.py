"""Files that are safe on the disk, and whole or not there."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import NotPermittedError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write a file that takes the place of `path` in one rename: whole, or not at all."""
    aside = path.with_name(f"{path.name}.new")
    yield aside
    sync(aside)
    os.replace(aside, path)
    sync(path.parent)


def replace_text(path: Path, text: str) -> None:
    """Replace a file by `text`."""
    with replacing(path) as aside:
        aside.write_text(text, encoding="utf-8")


def sync_folder(folder: Path) -> None:
    """Make every file below `folder` safe on the disk."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Make a file or a folder safe on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def barred(path: Path) -> Path:
    """The first folder on the way to `path` that this process may not enter, or `path` itself."""
    folders = reversed(path.parents)
    return next((folder for folder in folders if not os.access(folder, os.X_OK)), path)


def not_permitted(path: Path) -> NotPermittedError:
    """The error for a file that may not be read, which may be a folder's fault."""
    return NotPermittedError(
        f"{barred(path)} may not be read.", "Change its permissions, or whose it is."
    )


def sha256_of(path: Path) -> str:
    """The sha256 of a file; OSError when it is missing or cannot be read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
