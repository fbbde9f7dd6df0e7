"""Gives an exported model int8 weights, evened out first so that it stays the same model."""

import errno
import logging
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.agreement import Reference, agreement
from index.encoder import MODEL_FILE, EncoderCard
from index.samples import PASSAGES, QUESTIONS
from index.tokens import open_tokens

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

INT8_AGREEMENT = 0.99  # the least cosine with sentence-transformers
LARGE_VOCABULARY = 100_000  # from here on the embedding table is most of the file: quantise it too
# How much of the spread of what enters a product moves into its weights (0: none, 1: all).
# The first that agrees is taken; of the packaged encoders each does with the first.
STRENGTHS = (0.7, 0.65, 0.75, 0.6, 0.8)
Floats = NDArray[np.float32]
Feeds = Mapping[str, NDArray[np.int64]]  # what a model reads, by the names of its inputs


def quantise(model: Reference, folder: Path, vocabulary: int) -> float:
    """Replace the weights by int8 ones, and say how well the result agrees with `model`.

    `vocabulary` is the number of its tokens.
    """
    kinds = ["MatMul", "Gather"] if vocabulary >= LARGE_VOCABULARY else ["MatMul"]
    full = folder / "full.onnx"
    os.replace(folder / MODEL_FILE, full)
    if shutil.disk_usage(folder).free < 2 * full.stat().st_size:
        # The quantiser's own copy would be cut short without a word.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    widths = columns(full, _samples(folder))
    cosine = 0.0
    for strength in STRENGTHS:
        write_int8(full, folder / MODEL_FILE, kinds, widths, strength)
        cosine = agreement(model, folder)
        if cosine >= INT8_AGREEMENT:
            break
    full.unlink()
    return cosine


def write_int8(
    full: Path,
    target: Path,
    kinds: Sequence[str],
    widths: Mapping[str, Floats],
    strength: float = STRENGTHS[0],
) -> None:
    """Write the model in `full` to `target`, the weights of its nodes of `kinds` as int8.

    What enters a product shares one int8 scale, so that a few wide columns leave the others
    little of it. Each column is divided by a number of its own, and the row of weights that
    it meets multiplied by that: the product is the same, and what is wide is spread over both
    (SmoothQuant: Xiao et al. 2023, https://arxiv.org/abs/2211.10438). `widths` is what `columns`
    found; `strength` how much of them moves into the weights, 0 to 1.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    evened = onnx.load(full)
    _even(evened, widths, strength)
    logging.disable(logging.WARNING)  # a hint about pre-processing, which changes nothing here
    try:
        quantize_dynamic(
            evened,
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=list(kinds),
        )
    finally:
        logging.disable(logging.NOTSET)


def columns(full: Path, samples: Iterable[Feeds]) -> dict[str, Floats]:
    """Of what enters each product of a model the largest magnitude of each column.

    By name, each of shape (columns,), over all `samples` of its inputs.
    """
    import onnx
    from onnxruntime import InferenceSession

    model = onnx.load(full)
    names = sorted({node.input[0] for node in _products(model)})
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    widths: dict[str, Floats] = {}
    for feeds in samples:
        for name, values in zip(names, session.run(names, feeds), strict=True):
            found = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
            widths[name] = np.maximum(found, widths.get(name, found))
    return widths


def _samples(folder: Path) -> Iterator[Feeds]:
    """The sample texts, and several passages as one: long texts have wide columns of their own."""
    card = EncoderCard.load(folder)
    tokens = open_tokens(folder, card.token_limit)
    joined = [" ".join(PASSAGES[a : a + n]) for n in (4, 8) for a in range(0, len(PASSAGES), n)]
    passages = [*PASSAGES, *joined, " ".join(PASSAGES * 8)]  # the last one past most limits
    for prompt, texts in ((card.query_prompt, QUESTIONS), (card.passage_prompt, passages)):
        for text in texts:
            yield {"input_ids": np.array([tokens.ids(prompt + text)], np.int64)}


def _products(model: "ModelProto") -> list["NodeProto"]:
    """The matrix products of `model` whose weights are a constant matrix that no other reads."""
    matrices = {constant.name for constant in model.graph.initializer if len(constant.dims) == 2}
    uses = Counter(name for node in model.graph.node for name in node.input)
    return [
        node
        for node in model.graph.node
        if node.op_type == "MatMul" and node.input[1] in matrices and uses[node.input[1]] == 1
    ]


def _even(model: "ModelProto", widths: Mapping[str, Floats], strength: float) -> None:
    """Divide what enters the products of `model`, and multiply their weights, column by column."""
    from onnx import helper, numpy_helper

    constants = {constant.name: constant for constant in model.graph.initializer}
    readers: dict[str, list[NodeProto]] = defaultdict(list)
    for node in _products(model):
        readers[node.input[0]].append(node)
    for name, nodes in readers.items():
        weights = [numpy_helper.to_array(constants[node.input[1]]) for node in nodes]
        rows = np.max([np.abs(matrix).max(axis=1) for matrix in weights], axis=0)
        wanted = strength * _doublings(widths[name]) - (1 - strength) * _doublings(rows)
        factors = np.exp2(wanted - wanted.mean()).astype(np.float32)
        for node, matrix in zip(nodes, weights, strict=True):
            evened = numpy_helper.from_array(matrix * factors[:, None], node.input[1])
            constants[node.input[1]].CopyFrom(evened)
            node.input[0] = f"{name}/evened"
        model.graph.initializer.append(numpy_helper.from_array(1 / factors, f"{name}/factors"))
        division = helper.make_node("Mul", [name, f"{name}/factors"], [f"{name}/evened"])
        model.graph.node.insert(list(model.graph.node).index(nodes[0]), division)


def _doublings(widths: Floats) -> Floats:
    """Widths as powers of two, none as less than a thousandth of the widest."""
    least = max(float(widths.max()) / 1000, 1e-9)
    doublings: Floats = np.log2(np.maximum(widths, least))
    return doublings
