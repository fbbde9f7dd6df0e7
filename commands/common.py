"""What the commands have in common: options, the settings that they make, exit codes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional, TextIO

import typer

if TYPE_CHECKING:
    from settings import Settings

NOT_ANSWERED, WRONG, REFUSED = 1, 2, 3  # exit codes

IndexOption = Annotated[
    Optional[Path], typer.Option("--index", metavar="DIR", help="Folder of the index [data/index].")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def settings_of(**options: Any) -> "Settings":
    """The settings, `options` (those that are not None) before all others; SettingsError."""
    from settings import load_settings

    return load_settings(**options)


@contextmanager
def published() -> Iterator[None]:
    """Where what was done cannot be written down, say so: it is no failure of what was done."""
    try:
        yield
    except (OSError, SystemExit) as error:  # rich ends the program at a closed pipe
        why = error.__context__ if isinstance(error, SystemExit) else error
        if not isinstance(why, OSError):
            raise
        _silence(sys.stdout)
        say(f"rinvio: the index is published; this report cannot be written ({why}).")


def say(message: str) -> None:
    """Tell whoever waits, on standard error, if anything takes it."""
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """Throw away what could not be written, and what is still to come."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
