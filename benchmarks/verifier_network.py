"""The verifier's network: multilingual-e5-small cut down, with a pointer and a verdict.

Read by `train_verifier.py`.
"""

import json
import logging
import unicodedata
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer, processors

from index.quantising import quantise_in_blocks
from qa.verifier import MODEL_FILE, TOKENIZER_FILE

PIECES, FROZEN = 40_000, 4  # of the vocabulary; layers
# What enters this product has the widest outliers: with one scale a column it would cost the logit
# its accuracy (correlation with float32 .972 instead of .993).
FINER = "/network/bert/encoder/layer.4/output/dense/MatMul"


class Network(torch.nn.Module):
    """multilingual-e5-small with a pointer and a verdict."""

    def __init__(self, bert: Any) -> None:
        """Put the heads on `bert`, and freeze what stays as it is."""
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
        for part in (bert.embeddings, *bert.encoder.layer[:FROZEN]):
            part.requires_grad_(False)
        for part in self.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.0  # drawing what to drop took half of the time of a step
        bert.set_attn_implementation("eager")  # on a processor twice as fast as sdpa's gradient

    def forward(self, ids: Any, mask: Any, of_text: Any) -> tuple[Any, Any]:
        """The verdicts' logits, of shape (pairs,), and the pointers', (pairs, tokens).

        `mask` is None for pairs without padding; `of_text` is false in padding.
        """
        hidden = self.bert(input_ids=ids, attention_mask=mask)[0]
        pointer = self.point(hidden)[..., 0].float().masked_fill(~of_text.bool(), -1e4)
        found = (pointer.softmax(-1).to(hidden.dtype)[..., None] * hidden).sum(1)
        return self.judge(torch.cat([hidden[:, 0], found], -1))[:, 0].float(), pointer


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


def cut_down(model: Any) -> tuple[Tokenizer, Any]:
    """e5's tokenizer with PIECES pieces of Latin script, and its transformer with their vectors."""
    bert = model[0].auto_model
    written = json.loads(model.tokenizer.backend_tokenizer.to_str())
    pieces = written["model"]["vocab"]
    latin = [n for n in range(5, len(pieces)) if all(map(_is_latin, pieces[n][0]))]
    latin.sort(key=lambda number: -pieces[number][1])
    letters = [number for number in latin if len(pieces[number][0]) == 1]
    kept = sorted({*range(5), *letters, *latin[:PIECES]})
    ids = {pieces[number][0]: place for place, number in enumerate(kept)}
    written["model"] |= {"vocab": [pieces[n] for n in kept], "unk_id": ids["<unk>"]}
    written |= {"added_tokens": [], "post_processor": None, "truncation": None, "padding": None}
    tokenizer = Tokenizer.from_str(json.dumps(written))
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B:1 </s>:1",
        special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])],
    )
    vectors = bert.embeddings.word_embeddings.weight.data[torch.tensor(kept)]
    bert.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(vectors)
    return tokenizer, bert


def _is_latin(character: str) -> bool:
    if character in "▁€" or ord(character) < 0x250:  # the end of Latin Extended-B
        return True
    return ord(character) < 0x2100 and unicodedata.category(character)[0] in "PSN"


def export(network: Network, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the int8 model and the tokenizer to `folder`."""
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
            nodes_to_exclude=[FINER],
        )
        quantise_in_blocks(folder / MODEL_FILE, [FINER])
    logging.disable(logging.NOTSET)
    tokenizer.no_truncation()
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
