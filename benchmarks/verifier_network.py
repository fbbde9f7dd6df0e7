"""The verifier's network: an encoder with a pointer and a verdict.

Read by `train_verifier.py`, `verifier_start.py` and `verifier_base.py`.
"""

import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from index.quantising import Feeds, columns, write_int8
from index.samples import ENGLISH, PASSAGES, QUESTIONS
from qa.verifier import MODEL_FILE, TOKENIZER_FILES, encoded

RANKS = 0.5  # how much the ranking model's own logit counts


class Network(torch.nn.Module):
    """A BERT with a pointer and a verdict."""

    def __init__(self, bert: Any) -> None:
        """Put the heads on `bert`, which ranks passages: the verdict begins as its own."""
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
        self.rank = torch.nn.Linear(size, 1)
        torch.nn.init.zeros_(self.judge[-1].weight)
        torch.nn.init.zeros_(self.judge[-1].bias)
        for part in self.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.0  # drawing what to drop took half of the time of a step
        bert.set_attn_implementation("eager")  # on a processor twice as fast as sdpa's gradient

    def freeze(self, layers: int, words: int) -> None:
        """Keep the first `layers` and `words` as they are, and the positions and types.

        Where there are more words than those, they are trained, with the norm that follows.
        """
        embeddings = self.bert.embeddings
        for part in (embeddings, *self.bert.encoder.layer[:layers]):
            part.requires_grad_(False)
        table = embeddings.word_embeddings.weight
        if words < len(table):
            table.requires_grad_(True)
            embeddings.LayerNorm.requires_grad_(True)
            table.register_hook(lambda slopes: slopes.index_fill(0, torch.arange(words), 0.0))

    def forward(self, ids: Any, mask: Any, of_text: Any) -> tuple[Any, Any]:
        """The verdicts' logits, of shape (pairs,), and the pointers', (pairs, tokens).

        `mask` is None for pairs without padding; `of_text` is false in padding.
        """
        read = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=of_text)
        hidden = read.last_hidden_state
        pointer = self.point(hidden)[..., 0].float().masked_fill(~of_text.bool(), -1e4)
        found = (pointer.softmax(-1).to(hidden.dtype)[..., None] * hidden).sum(1)
        verdict = self.judge(torch.cat([hidden[:, 0], found], -1))
        verdict = verdict + RANKS * self.rank(read.pooler_output)
        return verdict[:, 0].float(), pointer


def untrained(words: int) -> Network:
    """A network of the base's size for a vocabulary of `words`, its weights at random."""
    size = BertConfig(
        vocab_size=words,
        hidden_size=384,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=1536,
    )
    return Network(BertModel(size))


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


def export(network: Network, tokenizers: Mapping[str, Tokenizer], folder: Path) -> None:
    """Write the int8 model and the tokenizers, by language, to `folder`."""
    one = torch.ones(1, 8, dtype=torch.long)
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
        widths = columns(full, _samples(tokenizers))
        write_int8(full, folder / MODEL_FILE, ["MatMul", "Gather"], widths)
    for language, tokenizer in tokenizers.items():
        tokenizer.no_truncation()
        tokenizer.save(str(folder / TOKENIZER_FILES[language]), pretty=False)


def _samples(tokenizers: Mapping[str, Tokenizer]) -> Iterator[Feeds]:
    """The sample questions, each with its passage and with the next, as the network reads them."""
    for number, question in enumerate(QUESTIONS):
        code = "en" if number < ENGLISH else "it"
        for text in (PASSAGES[number], PASSAGES[(number + 1) % len(PASSAGES)]):
            if code in tokenizers:
                read = encoded(tokenizers, question, text, (code, code))
                yield {
                    "input_ids": np.array([read.ids], np.int64),
                    "of_text": np.array([read.type_ids], np.int64),
                }
