"""How fast texts are embedded, and how far an int8 vector depends on its batch.

    python benchmarks/encoding.py --data FOLDER [--encoder e5] [--texts 200]

All ways embed the same passages in one run: sentence-transformers on torch (32 a
batch), the ONNX export 16 a batch, and one text a run, as the product does it.
`cosine` is the least one with the same text embedded alone.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
from rich.console import Console
from rich.table import Table
from tokenizers import Tokenizer

from evaluation.datasets import read_data_set
from evaluation.indexes import KEPT_IN
from index.encoder import MODEL_FILE, TOKENIZER_FILE, OnnxEncoder, Vectors
from index.export import ensure_encoder
from index.models import load_model

BATCH = 16


def batched(folder: Path, encoder: OnnxEncoder, texts: list[str]) -> Vectors:
    """The same model, length-sorted batches of BATCH texts, padded."""
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.enable_truncation(encoder.card.token_limit)
    tokenizer.enable_padding()
    session = onnxruntime.InferenceSession(str(folder / MODEL_FILE))
    vectors = np.empty((len(texts), encoder.card.dimension), np.float32)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    for begin in range(0, len(order), BATCH):
        rows = order[begin : begin + BATCH]
        encoded = tokenizer.encode_batch([encoder.card.passage_prompt + texts[r] for r in rows])
        feeds = {
            "input_ids": np.array([item.ids for item in encoded]),
            "attention_mask": np.array([item.attention_mask for item in encoded]),
        }
        if "token_type_ids" in encoder.card.inputs:
            feeds["token_type_ids"] = np.zeros_like(feeds["input_ids"])
        vectors[rows] = session.run(None, feeds)[0]
    return vectors


def timed(embed: Callable[[], Vectors]) -> tuple[float, Vectors]:
    """The seconds of a second run, after one to warm up, and its vectors."""
    embed()
    began = time.perf_counter()
    vectors = embed()
    return time.perf_counter() - began, vectors


def main() -> None:
    """Print texts a second and agreement, as ratios to sentence-transformers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--encoder", action="append")
    parser.add_argument("--texts", type=int, default=200)
    options = parser.parse_args()
    texts = [document.text for document in read_data_set(options.data).documents[: options.texts]]
    table = Table("encoder", "way", "texts/s", "ratio", "cosine")
    for name in options.encoder or ["e5", "minilm"]:
        folder = ensure_encoder(name, KEPT_IN / "encoders")
        encoder, model = OnnxEncoder(folder), load_model(name)
        ways: dict[str, Callable[[], Vectors]] = {
            "sentence-transformers, torch": lambda m=model: np.asarray(m.encode_document(texts)),
            f"ONNX int8, {BATCH} a batch": lambda f=folder, e=encoder: batched(f, e, texts),
            "ONNX int8, one a run": lambda e=encoder: e.encode_passages(texts),
        }
        alone = encoder.encode_passages(texts)
        slowest = 0.0
        for way, embed in ways.items():
            seconds, vectors = timed(embed)
            slowest = slowest or seconds
            least = (vectors * alone).sum(axis=1).min()
            speed, ratio = len(texts) / seconds, slowest / seconds
            table.add_row(name, way, f"{speed:.0f}", f"{ratio:.1f}", f"{least:.4f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
