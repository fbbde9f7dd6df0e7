"""Gives back to the system what was taken to load models and is free again."""

import ctypes
import sys


def give_back() -> None:
    """Let go of free memory, where the C library can (glibc's malloc_trim).

    It keeps what was freed for what is asked next, and after a model was loaded that is
    tens of megabytes that nobody asks for again.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)
