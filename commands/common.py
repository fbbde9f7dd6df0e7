"""What the commands have in common: options, the settings that they make, exit codes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from corpus.errors import SettingsError
from views.stderr import say, silence

if TYPE_CHECKING:
    from settings import Settings

NOT_ANSWERED, WRONG, REFUSED = 1, 2, 3  # exit codes


def named(value: str) -> Path:
    """The path of an option; empty, as of a variable without value, it would be this folder."""
    if not value:
        raise typer.BadParameter("it is empty.")
    return Path(value)


IndexOption = Annotated[
    Optional[Path],
    typer.Option("--index", metavar="DIR", parser=named, help="Folder of the index [data/index]."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def settings_of(**options: Any) -> "Settings":
    """The settings, `options` (those that are not None) before all others; SettingsError."""
    from settings import load_settings

    return load_settings(**options)


def check_writable(path: Path) -> None:
    """SettingsError now, before long work, when a report that is to be written cannot be."""
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


@contextmanager
def published() -> Iterator[None]:
    """Where what was done cannot be written down, say so: it is no failure of what was done."""
    try:
        yield
    except (OSError, SystemExit) as error:  # rich ends the program at a closed pipe
        why = error.__context__ if isinstance(error, SystemExit) else error
        if not isinstance(why, OSError):
            raise
        silence(sys.stdout)
        say(f"rinvio: the index is published; this report cannot be written ({why}).")
