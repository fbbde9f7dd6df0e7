"""How fast texts are embedded, beside sentence-transformers with the same model.

    python benchmarks/encoding.py --data FOLDER [--encoder e5] [--texts 200]

All embed the same passages in one run: sentence-transformers on torch, 32 a batch, and the
exported encoders, one text a run on each core. `cosine` is the least one with the first.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from evaluation.datasets import read_data_set
from evaluation.indexes import KEPT_IN
from index.encoder import OnnxEncoder, Vectors
from index.export import Precision, ensure_encoder
from index.models import load_model

PRECISIONS: tuple[Precision, ...] = ("fp32", "int8")


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
        model = load_model(name)
        ways: dict[str, Callable[[], Vectors]] = {
            "sentence-transformers, torch": lambda m=model: np.asarray(m.encode_document(texts))
        }
        for precision in PRECISIONS:
            encoder = OnnxEncoder(ensure_encoder(name, KEPT_IN / "encoders", precision))
            ways[f"exported, {precision}"] = lambda e=encoder: e.encode_passages(texts)
        slowest, reference = 0.0, None
        for way, embed in ways.items():
            seconds, vectors = timed(embed)
            slowest = slowest or seconds
            reference = vectors if reference is None else reference
            least = (vectors * reference).sum(axis=1).min()
            speed, ratio = len(texts) / seconds, slowest / seconds
            table.add_row(name, way, f"{speed:.0f}", f"{ratio:.1f}", f"{least:.4f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
