"""Which generation is served: the CURRENT pointer, its history, the lock of a build.

INDEX/
  CURRENT                  ids, one a line: the one that is served, then those before it
  generations/<id>/        complete and never changed
  encoders/<fingerprint>/  shared by the generations that name it
  languages/               the model that tells languages, unpacked (index/languages.py)
  gates/<id>.json          what acceptance questions said of a generation (index/gate.py)
  citations.sqlite         every quote that could ever be cited (index/ledger.py)
  embedded.sqlite          what a build that was killed has embedded (index/embedded.py)
  building/                what a build is writing; rubbish once its process is gone
"""

import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import GenerationError, NotPermittedError
from index.files import barred, not_permitted, replace_text, sync
from index.manifest import ANEW, REBUILD, Manifest, check_files, read_manifest

log = logging.getLogger("rinvio")
CURRENT_FILE = "CURRENT"
GATES_FOLDER = "gates"
ID = r"[0-9a-f]{16}"  # of a generation
KEPT = 3  # generations, the served one included
NO_INDEX = "Build one: rinvio build --documents FOLDER --index {index}"


def history(index: Path) -> list[str]:
    """The ids of the served generation and of those before it; empty when there is no index.

    GenerationError when CURRENT cannot be read.
    """
    path = index / CURRENT_FILE
    try:
        ids = path.read_text(encoding="ascii").split()
        if wrong := next((name for name in ids if not re.fullmatch(ID, name)), None):
            raise ValueError(f"{wrong[:20]!r} is the name of no generation")
    except FileNotFoundError:
        return []
    except NotADirectoryError as error:
        raise _no_folder(index) from error
    except PermissionError as error:
        raise not_permitted(path) from error
    except (OSError, ValueError) as error:
        raise GenerationError(
            f"{path} cannot be read ({error}).",
            f"Remove it, then serve a generation that is there ({', '.join(_there(index))}: "
            "`rinvio rollback --to ID`), or build again (`rinvio build --documents FOLDER`).",
        ) from error
    return ids


def forgotten(index: Path) -> list[str]:
    """The generations that are there although `CURRENT`, which would name them, is not."""
    return [] if history(index) else _there(index)


def left(index: Path) -> list[str]:
    """The generations that are there, and are neither served nor gone back to by themselves.

    The newest first.
    """
    known = history(index)
    return [name for name in _there(index) if name not in known]


def current(index: Path) -> str:
    """The id of the served generation; GenerationError when there is none."""
    ids = history(index)
    if there := forgotten(index):
        raise GenerationError(
            f"{index / CURRENT_FILE} is missing; there are the generations {', '.join(there)}.",
            "Serve one of them again (`rinvio rollback --to ID`), or build again "
            "(`rinvio build --documents FOLDER`).",
        )
    if not ids:
        raise GenerationError(f"There is no index in {index}.", NO_INDEX.format(index=index))
    if not exists(index, ids[0]):
        raise GenerationError(
            f"{index / CURRENT_FILE} names the generation {ids[0]!r}, which is not there.",
            REBUILD,
        )
    return ids[0]


def place(index: Path, aside: Path, generation: str) -> bool:
    """Move a finished generation to where it can be served from; False when it was there.

    A damaged one makes room; NotPermittedError for one that may be whole.
    """
    target = index / "generations" / generation
    target.parent.mkdir(exist_ok=True)
    if target.is_dir() and not intact(target):
        damaged = target.with_name(f"{generation}.damaged")
        shutil.rmtree(damaged, ignore_errors=True)  # of an earlier build that was not published
        os.replace(target, damaged)  # pruned when published
    if target.is_dir():
        return False
    os.replace(aside, target)
    sync(target.parent)
    return True


def publish(index: Path, generation: str) -> None:
    """Let CURRENT name a generation that was placed, in one atomic rename.

    Where CURRENT was lost, those that are whole are gone back to, the newest first.
    """
    folder = index / "generations"
    known = history(index) or [name for name in left(index) if intact(folder / name)]
    point(index, [generation, *(name for name in known if name != generation)][:KEPT])
    try:
        _prune(index)
    except OSError as error:  # it is published: what cannot be removed is tried again
        log.warning("old generations cannot be removed (%s); the next build tries again", error)


def verify(index: Path, name: str) -> Manifest:
    """Check every file of a generation against its manifest, and its encoder's; GenerationError."""
    manifest = check_own_files(index / "generations" / name)
    check_files(index / "encoders" / manifest.encoder, manifest.encoder_files, ANEW)
    return manifest


@contextmanager
def build_lock(index: Path) -> Iterator[None]:
    """Only one build at a time; GenerationError at once when another one is running.

    The operating system lets go of the lock when its process ends, however it ends.
    """
    lock = FileLock(index / ".lock", timeout=0)
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise GenerationError(
            f"Another build is writing to {index}.", "Wait until it ends, then try again."
        ) from error
    except (FileExistsError, NotADirectoryError) as error:
        raise _no_folder(index) from error
    except OSError as error:
        raise GenerationError(
            f"{barred(Path(error.filename or index))} cannot be written ({error.strerror}).",
            "Check its permissions, and whose it is.",
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def refusing_disk(index: Path) -> Iterator[None]:
    """GenerationError for what the system refuses while `index` is written."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise GenerationError(
            f"The index {index} cannot be written ({error}).",
            "Check the disk's free space and the folder's permissions; "
            "what is served is as it was.",
        ) from error


def _no_folder(index: Path) -> GenerationError:
    return GenerationError(
        f"{index} is not a folder.",
        "Name the folder of an index, or one to be made: --index DIR",
    )


def check_own_files(folder: Path) -> Manifest:
    """Check the files of the generation in `folder` against its manifest; GenerationError."""
    manifest = read_manifest(folder, folder.name)
    check_files(folder, manifest.files)
    return manifest


def intact(folder: Path) -> Manifest | None:
    """The manifest of the generation in `folder`, None where that is damaged.

    NotPermittedError where it may be whole, and may not be read.
    """
    try:
        return check_own_files(folder)
    except NotPermittedError:
        raise
    except GenerationError:
        return None


def _there(index: Path) -> list[str]:
    """The names of all generations, the newest first."""
    folder = index / "generations"
    try:
        found = [path for path in folder.iterdir() if exists(index, path.name)]
    except FileNotFoundError:
        return []
    except PermissionError as error:
        raise not_permitted(folder) from error
    found.sort(key=lambda path: (-path.stat().st_mtime, path.name))
    return [path.name for path in found]


def exists(index: Path, generation: str) -> bool:
    """Whether there is a generation of this name, whole or not; NotPermittedError."""
    folder = index / "generations" / generation
    try:
        return bool(re.fullmatch(ID, generation)) and folder.is_dir()
    except PermissionError as error:
        raise not_permitted(folder) from error


def point(index: Path, ids: list[str]) -> None:
    """Let CURRENT name these, in one atomic rename."""
    replace_text(index / CURRENT_FILE, "\n".join(ids) + "\n")


def _prune(index: Path) -> None:
    """Remove what is neither served nor gone back to; OSError where any of it stays."""
    kept = set(history(index))
    failed = []
    folders = sorted((index / "generations").iterdir(), key=lambda folder: "." not in folder.name)
    for folder in folders:  # what could not be removed before comes first, and makes room
        if folder.name in kept or not folder.is_dir():
            continue
        try:
            if "." not in folder.name:  # half removed it is nothing to go back to
                folder = folder.rename(folder.with_name(f"{folder.name}.left"))
            shutil.rmtree(folder)
        except OSError as error:
            failed.append(error)
    for verdict in (index / GATES_FOLDER).glob("*.json"):
        if verdict.stem not in kept:
            verdict.unlink()
    if failed:
        raise failed[0]
