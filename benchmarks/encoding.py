"""How fast texts are embedded, beside sentence-transformers with the same model.

    python benchmarks/encoding.py --data FOLDER [--encoder e5] [--texts 200]

All embed the same passages in one run: sentence-transformers on torch, in batches of three sizes,
and the exported encoders, one text a run on each core. Ratios are to torch at its quickest;
`cosine` is the least one with the first.
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

BATCHES = (1, 8, 32)  # of sentence-transformers; the last is its default
PRECISIONS: tuple[Precision, ...] = ("fp32", "int8")


def timed(embed: Callable[[], Vectors]) -> tuple[float, Vectors]:
    """The seconds of a second run, after one to warm up, and its vectors."""
    embed()
    began = time.perf_counter()
    vectors = embed()
    return time.perf_counter() - began, vectors


def main() -> None:
    """Print texts a second and agreement, as ratios to sentence-transformers at its quickest."""
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
            f"torch, batches of {size}": lambda m=model, size=size: np.asarray(
                m.encode_document(texts, batch_size=size)
            )
            for size in BATCHES
        }
        for precision in PRECISIONS:
            encoder = OnnxEncoder(ensure_encoder(name, KEPT_IN / "encoders", precision))
            ways[f"exported, {precision}"] = lambda e=encoder: e.encode_passages(texts)
        runs = {way: timed(embed) for way, embed in ways.items()}
        (_, reference), *_ = runs.values()
        quickest = min(seconds for way, (seconds, _) in runs.items() if way.startswith("torch"))
        for way, (seconds, vectors) in runs.items():
            least = (vectors * reference).sum(axis=1).min()
            speed, ratio = len(texts) / seconds, quickest / seconds
            table.add_row(name, way, f"{speed:.0f}", f"{ratio:.1f}", f"{least:.4f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
