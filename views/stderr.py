"""Standard error, where it is no failure that nobody reads on."""

import os
import sys
from typing import TextIO


def say(message: str) -> None:
    """Tell whoever waits, on standard error, if anything takes it."""
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Throw away what could not be written, and what is still to come."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
