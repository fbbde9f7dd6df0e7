"""Goes back to a generation that was served before, or to any that is there and whole."""

import logging
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from corpus.errors import GenerationError, NotPermittedError, RinvioError
from index.ledger import remember
from index.manifest import Manifest
from index.publishing import (
    NO_INDEX,
    build_lock,
    current,
    exists,
    history,
    left,
    point,
    refusing_disk,
    verify,
)
from index.store import Store

log = logging.getLogger("rinvio")


def rollback(index: Path, to: str | None = None) -> tuple[str, str]:
    """Serve the generation before this one, or `to`; returns the ids left and now served.

    One that is damaged, or whose encoder is, is passed over, and the one left is no longer gone
    back to. GenerationError when there is nothing to go back to, or one may not be read.
    """
    if not index.exists():
        current(index)  # says so, and makes no folder
    with build_lock(index), refusing_disk(index):
        known = history(index)
        if to is None:
            if not known:
                current(index)  # says what there is instead
            older = _older(index, known[1:])
        elif exists(index, to):
            manifest = verify(index, to)
            if to not in known:  # of a build that was killed before it noted its quotes
                _note(index, to, manifest)
            older = [to, *(known[known.index(to) + 1 :] if to in known else known[1:])]
        else:
            raise GenerationError(f"There is no generation {to!r}.", "See `rinvio info`.")
        point(index, older)
        return (known or [""])[0], older[0]


def _older(index: Path, known: Iterable[str]) -> list[str]:
    """Those of `known` that are whole, at least one; GenerationError says what the others are."""
    whole, errors = _verified(index, known)
    if not whole:
        raise _nowhere(index, errors)
    for error in errors:
        log.warning("passed over: %s", error.wrong)
    return whole


def _verified(index: Path, names: Iterable[str]) -> tuple[list[str], list[GenerationError]]:
    """Those of `names` that are whole, and what is wrong with each of the others."""
    whole, errors = [], []
    for name in names:
        try:
            verify(index, name)
            whole.append(name)
        except NotPermittedError:  # it may well be whole
            raise
        except GenerationError as error:
            errors.append(error)
    return whole, errors


def _nowhere(index: Path, errors: Sequence[GenerationError]) -> GenerationError:
    wrong = "There is no earlier generation to go back to that is whole."
    cure = NO_INDEX.format(index=index)
    others, _ = _verified(index, left(index))
    if others:
        cure = f"Serve one that was left (`rinvio rollback --to ID`: {', '.join(others)}). {cure}"
    return GenerationError(" ".join([wrong, *(error.wrong for error in errors)]), cure)


def _note(index: Path, name: str, manifest: Manifest) -> None:
    """Note the quotes of a generation; to serve it matters more where that cannot be."""
    try:
        with closing(Store(index / "generations" / name)) as store:
            remember(index, store, manifest.encoder)
    except (RinvioError, OSError, sqlite3.Error) as error:
        log.warning("citations of %s are not noted: %s", name, error)
    finally:
        shutil.rmtree(index / "building", ignore_errors=True)
