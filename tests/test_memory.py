"""Freed memory goes back to the system."""

import platform

import numpy as np
import psutil
import pytest

from service.memory import give_back

MEGABYTE = 1 << 20


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what was freed")
def test_what_was_freed_is_given_back() -> None:
    """Many small blocks, all freed but the last, no longer count after giving back."""
    process = psutil.Process()
    blocks = [np.ones(2048, np.int8) for _ in range(50_000)]  # small enough to be kept
    del blocks[:-1]
    before = process.memory_info().rss
    give_back()
    assert before - process.memory_info().rss > 50 * MEGABYTE
