"""Keeps the versions of the widget's script that were handed out, beside the index.

A site that pinned one by its hash goes on running it after an update of the service. Whoever
wants a version gone deletes its file: those sites then show the link inside the element.
"""

import logging
import os
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import get_ident

from embed.hashes import version_of
from views.widget import version, widget_script

FOLDER = "widget"
NAME = re.compile("[0-9a-f]{12}")

log = logging.getLogger("rinvio.widget")


def keep(index: Path) -> None:
    """Write this very script below `index`, once there is one."""
    if not index.is_dir():
        return
    try:
        _write(index / FOLDER / f"{version()}.js")
    except OSError as error:
        _warn(error.strerror)


@lru_cache(maxsize=8)  # of each reason once a process, not for every visitor
def _warn(why: str) -> None:
    log.warning("after an update, pages that pin this version will miss it: %s", why)


@lru_cache(maxsize=8)
def _unread(path: Path, why: str) -> None:
    log.error("%s is not sent: %s", path, why)


@lru_cache(maxsize=8)  # once a process, if it succeeds: what was deleted meanwhile stays away
def _write(path: Path) -> None:
    aside = path.with_suffix(f".{os.getpid()}-{get_ident()}")
    try:
        path.parent.mkdir(exist_ok=True)
        aside.write_bytes(widget_script())
        os.replace(aside, path)
    except OSError:
        with suppress(OSError):  # it may not be there
            aside.unlink()
        raise


def kept(index: Path, wanted: str) -> bytes | None:
    """The script of an earlier version; None where it is not kept, or is not what it was."""
    path = index / FOLDER / f"{wanted}.js"
    if not NAME.fullmatch(wanted) or not path.is_file():
        return None
    try:
        script = path.read_bytes()
    except OSError as error:
        _unread(path, error.strerror)
        return None
    if version_of(script) == wanted:
        return script
    log.error("%s was changed and is not sent; delete it", path)
    return None
