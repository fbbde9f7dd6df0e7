"""The verifiers' network: an encoder with a pointer and a verdict.

Read by `train_verifier.py`.
"""

import logging
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from index.quantising import quantise_in_blocks
from qa.verifier import MODEL_FILE, TOKENIZER_FILE

RANKS = 0.5  # how much a ranking model's own logit counts


class Network(torch.nn.Module):
    """A BERT with a pointer and a verdict."""

    def __init__(self, bert: Any, frozen: int, ranks: bool = False) -> None:
        """Put the heads on `bert`, and freeze its embeddings and first layers.

        With `ranks` it tells question and text apart by their types, as models that rank
        passages do, and its verdict begins as theirs.
        """
        super().__init__()
        self.bert = bert
        size = bert.config.hidden_size
        self.point = torch.nn.Linear(size, 1)
        self.judge = torch.nn.Sequential(
            torch.nn.Identity(),  # where dropout was: weights are named by their place
            torch.nn.Linear(2 * size, size),
            torch.nn.GELU(),
            torch.nn.Linear(size, 1),
        )
        self.rank = torch.nn.Linear(size, 1) if ranks else None
        if ranks:
            torch.nn.init.zeros_(self.judge[-1].weight)
            torch.nn.init.zeros_(self.judge[-1].bias)
        for part in (bert.embeddings, *bert.encoder.layer[:frozen]):
            part.requires_grad_(False)
        for part in self.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.0  # drawing what to drop took half of the time of a step
        bert.set_attn_implementation("eager")  # on a processor twice as fast as sdpa's gradient

    def forward(self, ids: Any, mask: Any, of_text: Any) -> tuple[Any, Any]:
        """The verdicts' logits, of shape (pairs,), and the pointers', (pairs, tokens).

        `mask` is None for pairs without padding; `of_text` is false in padding.
        """
        types = None if self.rank is None else of_text
        read = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types)
        hidden = read.last_hidden_state
        pointer = self.point(hidden)[..., 0].float().masked_fill(~of_text.bool(), -1e4)
        found = (pointer.softmax(-1).to(hidden.dtype)[..., None] * hidden).sum(1)
        verdict = self.judge(torch.cat([hidden[:, 0], found], -1))
        if self.rank is not None:
            verdict = verdict + RANKS * self.rank(read.pooler_output)
        return verdict[:, 0].float(), pointer


class Served(torch.nn.Module):
    """The network as it is exported: one pair, without padding."""

    def __init__(self, network: Network) -> None:
        """Wrap a trained network."""
        super().__init__()
        self.network = network

    def forward(self, ids: Any, of_text: Any) -> tuple[Any, Any]:
        """The logit, of shape (1,), and how much of the answer each token is, (1, tokens)."""
        logit, pointer = self.network(ids, None, of_text)
        return logit, pointer.softmax(-1)


def export(network: Network, tokenizer: Tokenizer, folder: Path, finer: list[str]) -> None:
    """Write the int8 model and the tokenizer to `folder`.

    The products named in `finer` get a scale for every few weights instead of one a column.
    """
    one = torch.ones(1, 8, dtype=torch.long)
    logging.disable(logging.WARNING)  # a hint about pre-processing, which changes nothing here
    with TemporaryDirectory() as place, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the tracer warns of every Python branch it freezes
        full = Path(place) / "full.onnx"
        torch.onnx.export(
            Served(network).eval(),
            (one, one),
            str(full),
            input_names=["input_ids", "of_text"],
            output_names=["logit", "weights"],
            dynamic_axes={name: {1: "tokens"} for name in ("input_ids", "of_text", "weights")},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            full,
            folder / MODEL_FILE,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
            nodes_to_exclude=finer,
        )
        if finer:
            quantise_in_blocks(folder / MODEL_FILE, finer)
    logging.disable(logging.NOTSET)
    tokenizer.no_truncation()
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
