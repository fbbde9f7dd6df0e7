"""Refuses JSON in which a field stands twice: of two values one would be lost without a word."""

from collections.abc import Sequence
from typing import Any


def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of an object, for `json.loads` as `object_pairs_hook`; ValueError names one."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise ValueError(f"the field {name!r} stands twice")
        fields[name] = value
    return fields
