"""Refuses JSON in which a field stands twice: of two values one would be lost without a word."""

from collections.abc import Sequence
from typing import Any


def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of an object, for `json.loads` as `object_pairs_hook`; ValueError names one."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {twice!r} stands twice")
    return fields
