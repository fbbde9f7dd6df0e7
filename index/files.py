"""Files that are safe on the disk, and whole or not there."""

import os
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Write a file in one rename: readers find the text before or this one, whole."""
    aside = path.with_name(f"{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    sync(aside)
    os.replace(aside, path)
    sync(path.parent)


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
