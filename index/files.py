"""Files that are safe on the disk, and whole or not there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import SettingsError


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


def check_writable(path: Path) -> None:
    """SettingsError now, before long work, when a file that is to be written cannot be."""
    path = Path(os.path.realpath(path))  # a link to a file that is not there yet stays
    new = not path.exists()
    try:
        with path.open("ab"):
            pass
        if new:
            path.unlink()  # nothing is left if the work ends without a result
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written ({error.strerror}).", "Name another file with --html."
        ) from error
