"""Puts a verifier's weights and tokenizers together again, to go on training it.

Read by `train_verifier.py` and `verifier_base.py`. Its ONNX file holds int8 weights and
their scales: what comes back is what the product works with, not the float32 weights of before.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from tokenizers import Tokenizer

from qa.verifier import MODEL_FILE, TOKENIZER_FILES, read_card
from verifier_network import Network, untrained

Arrays = dict[str, NDArray[Any]]


def restored(folder: Path) -> tuple[dict[str, Tokenizer], Network]:
    """The tokenizers, by language, and the network of the verifier in `folder`.

    A word that an Italian one took the place of leaves a gap in the numbers, so that there
    are more vectors than words.
    """
    written = read_card(folder)["files"]
    tokenizers = {
        code: Tokenizer.from_file(str(folder / name))
        for code, name in TOKENIZER_FILES.items()
        if name in written
    }
    words = 1 + max(max(tokenizer.get_vocab().values()) for tokenizer in tokenizers.values())
    network = untrained(words)
    _restore(network, folder / MODEL_FILE)
    return tokenizers, network


def _restore(network: Network, path: Path) -> None:
    """Give `network` the weights of the verifier in `path`; SystemExit when some are not there."""
    known = weights_in(path, "network.")
    state = network.state_dict()
    for name in state:
        values = known(name)
        if values is None or values.shape != tuple(state[name].shape):
            raise SystemExit(f"{path} has no weights for {name}: it is of another network.")
        state[name] = torch.tensor(np.ascontiguousarray(values), dtype=torch.float32)
    network.load_state_dict(state)


def weights_in(path: Path, prefix: str) -> Callable[[str], NDArray[Any] | None]:
    """What finds, by torch's name without `prefix`, the weights of an ONNX file in float32."""
    graph = onnx.load(path).graph
    arrays = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    products = _products(graph, arrays, prefix)

    def known(name: str) -> NDArray[Any] | None:
        values = products.get(name)
        return _whole(arrays, f"{prefix}{name}") if values is None else values

    return known


def _products(graph: Any, arrays: Arrays, prefix: str) -> Arrays:
    """The weights of the matrix products, as torch names and lays them."""
    found = {}
    for node in graph.node:
        if node.op_type in {"MatMul", "MatMulInteger"}:
            whole = _whole(arrays, node.input[1].removesuffix("_quantized"))
            if whole is not None:
                evened = node.input[0].removesuffix("_quantized").removesuffix("/evened")
                factors = arrays.get(f"{evened}/factors", np.ones(len(whole)))
                whole = whole * factors[:, None]
                found[f"{_module(node.name).removeprefix(prefix)}.weight"] = whole.T
    return found


def _module(node: str) -> str:
    """The torch module whose product the node is."""
    name = node.removeprefix("/")
    for suffix in ("_quant", "/MatMul", "/Gemm_MatMul"):
        name = name.removesuffix(suffix)
    return name.replace("/", ".").replace("judge.judge.", "judge.")


def _whole(arrays: Arrays, name: str) -> NDArray[Any] | None:
    """An array of the file, from its int8 form when it has one."""
    if name in arrays:
        return arrays[name]
    if (quantised := arrays.get(f"{name}_quantized")) is None:
        return None
    zero, scale = arrays[f"{name}_zero_point"], arrays[f"{name}_scale"]
    return (quantised.astype(np.float32) - zero) * scale
