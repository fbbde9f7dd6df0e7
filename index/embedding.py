"""Fills the vectors of a new generation, embedding only what the one before did not have."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from index.encoder import Encoder, Vectors

CHUNK = 256  # texts read, embedded and written at a time: bounds memory
Rows = NDArray[Any]


@dataclass(frozen=True)
class Known:
    """Vectors of an earlier generation: where each key's row stands, and the rows."""

    rows: Mapping[bytes, int]
    vectors: Rows


def vector_key(encoder: Encoder, text: str) -> bytes:
    """What names the vector of `text`: equal keys, equal vectors."""
    return hashlib.sha256(f"{encoder.card.fingerprint}\n{text}".encode()).digest()[:16]


def fill(
    target: Rows,
    keys: Sequence[bytes],
    text_of: Callable[[int], str],
    known: Known,
    encode: Callable[[Sequence[str]], Vectors],
    stored: Callable[[Vectors], Rows],
    progress: Callable[[int], None],
) -> int:
    """Write row i of `target` for key i, and return how many texts had to be embedded.

    `stored` turns fresh float32 vectors into the rows that are kept.
    """
    embedded = 0
    for begin in range(0, len(keys), CHUNK):
        numbers = range(begin, min(begin + CHUNK, len(keys)))
        fresh = [number for number in numbers if keys[number] not in known.rows]
        for number in numbers:
            if keys[number] in known.rows:
                target[number] = known.vectors[known.rows[keys[number]]]
        if fresh:
            target[fresh] = stored(encode([text_of(number) for number in fresh]))
        embedded += len(fresh)
        progress(len(numbers))
    return embedded
