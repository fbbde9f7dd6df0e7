"""Gives an exported encoder int8 weights, as finely as it needs to stay the same model."""

import errno
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from index.agreement import Reference, agreement
from index.encoder import MODEL_FILE

INT8_AGREEMENT = 0.99  # the least cosine with sentence-transformers
BLOCK = 32  # weights that share a scale, where a column has too many
LARGE_VOCABULARY = 100_000  # from here on the embedding table is most of the file: quantise it too


def quantise(model: Reference, folder: Path, vocabulary: int) -> float:
    """Replace the weights by int8 ones, and say how well the result agrees with `model`.

    `vocabulary` is the number of its tokens.
    Where one scale for each column costs too much, the down projections of the first
    feed-forward layers get one for every BLOCK weights, since what enters them has the widest
    outliers: that of one layer, of two, four and so on. All-MiniLM-L6-v2 needs one.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    kinds = ["MatMul", "Gather"] if vocabulary >= LARGE_VOCABULARY else ["MatMul"]
    full = folder / "full.onnx"
    os.replace(folder / MODEL_FILE, full)
    if shutil.disk_usage(folder).free < 2 * full.stat().st_size:
        # The quantiser's own copy would be cut short without a word.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    cosine = 0.0
    for finer in _doubling(_down_projections(full)):
        logging.disable(logging.WARNING)  # a hint about pre-processing, which changes nothing here
        quantize_dynamic(
            full,
            folder / MODEL_FILE,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=kinds,
            nodes_to_exclude=finer,
        )
        if finer:
            quantise_in_blocks(folder / MODEL_FILE, finer)
        logging.disable(logging.NOTSET)
        cosine = agreement(model, folder)
        if cosine >= INT8_AGREEMENT:
            break
    full.unlink()
    return cosine


def quantise_in_blocks(path: Path, products: list[str]) -> None:
    """Give the matrix `products` of a model int8 weights with a scale for every BLOCK of them."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    model = onnx.load(path)
    others = [node.name for node in model.graph.node if node.name not in products]
    quantiser = MatMulNBitsQuantizer(
        model,
        bits=8,
        block_size=BLOCK,
        is_symmetric=True,
        accuracy_level=4,  # of what enters the product: int8, each row and block on its own
        nodes_to_exclude=others,
    )
    quantiser.process()
    quantiser.model.save_model_to_file(str(path))


def _doubling(items: list[str]) -> Iterator[list[str]]:
    """The first 0, 1, 2, 4, ... of `items`, at last all of them."""
    count = 0
    while count < len(items):
        yield items[:count]
        count = max(1, 2 * count)
    yield items


def _down_projections(path: Path) -> list[str]:
    """The matrix products whose weights have more rows than columns, the first layer's first."""
    import onnx

    graph = onnx.load(path).graph
    shapes = {weight.name: tuple(weight.dims) for weight in graph.initializer}
    products = [node for node in graph.node if node.op_type == "MatMul"]
    return [
        node.name
        for node in products
        if len(shape := shapes.get(node.input[1], ())) == 2 and shape[0] > shape[1]
    ]
