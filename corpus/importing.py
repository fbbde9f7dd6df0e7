"""Imports of libraries that take others with them wherever they find them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast


@contextmanager
def not_imported(*names: str) -> Iterator[None]:
    """Let packages seem not to be installed meanwhile, unless they are imported already."""
    hidden = {name: None for name in names if name not in sys.modules}
    sys.modules.update(cast("dict[str, ModuleType]", hidden))
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)  # another thread may have hidden it too
