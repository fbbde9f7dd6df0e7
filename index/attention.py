"""Attention as one step of ONNX Runtime, instead of the dozen that an export writes for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from onnx import ModelProto
    from sentence_transformers import SentenceTransformer

NAME = "rinvio_attention"
ONE_STEP = "MultiHeadAttention"  # in ONNX Runtime's own domain
UNDERSTOOD = {"dropout", "is_causal", "scaling"}  # options of attention
INTO_HEADS = {"Reshape", "Transpose"}  # what parts vectors into heads, and joins them again
WHOLE = {"Add", "MatMul", ONE_STEP}  # what makes vectors of all heads


@contextmanager
def plain_attention(model: "SentenceTransformer", opset: int) -> Iterator[None]:
    """Let the transformer of `model` see no mask, and be exported with attention as one node each.

    What pools its output sees the mask still. Attention stays as it is where not every token sees
    every other one, or keys are fewer than heads.
    """
    transformer = getattr(model[0], "auto_model", None)
    if transformer is None:
        yield
        return
    _register(opset)
    masked, attention = transformer.forward, transformer.config._attn_implementation
    transformer.forward = lambda *values, **named: masked(
        *values, **named | {"attention_mask": None}
    )
    transformer.set_attn_implementation(NAME)
    try:
        yield
    finally:
        transformer.set_attn_implementation(attention)
        del transformer.forward  # the method of its class is there again


@cache
def _register(opset: int) -> None:
    import torch
    from torch import library
    from torch.onnx import register_custom_op_symbolic, symbolic_helper
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.integrations.sdpa_attention import sdpa_attention_forward
    from transformers.masking_utils import sdpa_mask

    def attention(
        query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, heads: int, scale: float
    ) -> torch.Tensor:
        parts = [whole.unflatten(2, (heads, -1)).transpose(1, 2) for whole in (query, key, value)]
        found = torch.nn.functional.scaled_dot_product_attention(*parts, scale=scale)
        return found.transpose(1, 2).flatten(2).contiguous()

    library.custom_op(f"rinvio::{NAME}", attention, mutates_args=())

    def written(graph: Any, query: Any, key: Any, value: Any, heads: Any, scale: Any) -> Any:
        return graph.op(
            f"com.microsoft::{ONE_STEP}",
            query,
            key,
            value,
            num_heads_i=symbolic_helper._get_const(heads, "i", "heads"),
            scale_f=symbolic_helper._get_const(scale, "f", "scale"),
        ).setTypeAs(query)

    def attend(
        module: Any, query: Any, key: Any, value: Any, attention_mask: Any, **options: Any
    ) -> tuple[Any, Any]:
        heads = query.shape[1]
        given = {name for name, option in options.items() if option is not None}
        causal = options.get("is_causal", getattr(module, "is_causal", False))
        other = attention_mask is not None or causal or given - UNDERSTOOD
        if other or key.shape[1] != heads:
            result = sdpa_attention_forward(module, query, key, value, attention_mask, **options)
            return cast("tuple[Any, Any]", result)
        wholes = [part.transpose(1, 2).flatten(2) for part in (query, key, value)]
        scale = options.get("scaling") or query.shape[-1] ** -0.5
        found = torch.ops.rinvio.rinvio_attention(*wholes, heads, float(scale))
        return found.unflatten(2, (heads, -1)), None

    register_custom_op_symbolic(f"rinvio::{NAME}", written, opset)
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)


def without_detours(path: Path) -> None:
    """Take out of the model in `path` what only parts into heads around attention in one step."""
    import onnx

    model = onnx.load(path)
    makers = {name: node for node in model.graph.node for name in node.output}

    def whole(name: str) -> str:
        source = name
        while source in makers and makers[source].op_type in INTO_HEADS:
            source = makers[source].input[0]
        return source if source in makers and makers[source].op_type in WHOLE else name

    for node in model.graph.node:
        if node.op_type == ONE_STEP:
            node.input[:3] = [whole(name) for name in node.input[:3]]
        elif node.op_type == "MatMul":
            source = whole(node.input[0])
            if source in makers and makers[source].op_type == ONE_STEP:
                node.input[0] = source
    _drop_unread(model)
    onnx.save(model, path)


def _drop_unread(model: "ModelProto") -> None:
    """Take out the nodes whose results nobody reads."""
    read = {output.name for output in model.graph.output}
    kept = []
    for node in reversed(model.graph.node):
        if read.intersection(node.output):
            read.update(node.input)
            kept.append(node)
    del model.graph.node[:]
    model.graph.node.extend(reversed(kept))
