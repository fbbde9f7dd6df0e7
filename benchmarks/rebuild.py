"""What a rebuild costs against the full build, and what memory a build takes.

    python benchmarks/rebuild.py --data FOLDER [--encoder minilm] [--documents 1000]
    python benchmarks/rebuild.py --memory 1000 --memory 4000 --memory 16000

The first runs `rinvio build` as a command, start of Python included: from nothing, then
with nothing and with one document changed (medians of REPEATS). The second builds made-up
documents with an encoder that takes no time, so that what is seen is the builder's own.
Seconds are the clock's and the processor's; memory is the peak of what was resident.
"""

import argparse
import hashlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from corpus.reading import find_files
from evaluation.datasets import read_data_set
from evaluation.indexes import KEPT_IN
from index.build import build
from index.encoder import EncoderCard, Vectors
from index.export import ensure_encoder

ROOT = Path(__file__).parents[1]
REPEATS = 5
DIMENSION = 384
WORDS = 20_000  # in the made-up language, of Zipf's frequencies


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of the processor, and the peak of resident memory in MB."""

    clock: float
    processor: float
    memory: float


def run(*arguments: str) -> Cost:
    """What a Python process with `arguments` costs, from its start to its end."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    child = subprocess.Popen(  # noqa: S603  # ourselves
        [sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{arguments} failed")
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


class NoEncoder:
    """Vectors out of nothing, the same for the same text."""

    card = EncoderCard("none", "none", "fp32", DIMENSION, 256, "", "", 1.0, 1.0, (0.0, 1.0), "", {})

    def count_tokens(self, text: str) -> int:
        """Words, nearly."""
        return text.count(" ") + 3

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors from each text's hash."""
        rows = [
            np.frombuffer(hashlib.shake_128(text.encode()).digest(DIMENSION), np.int8)
            for text in texts
        ]
        vectors = np.stack(rows).astype(np.float32)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    encode_passages = encode_queries


def build_with_no_encoder(documents: Path, index: Path) -> None:
    """Build, with vectors out of nothing."""
    folder = index / "encoders" / "none"
    folder.mkdir(parents=True, exist_ok=True)
    NoEncoder.card.save(folder)
    build(find_files(documents), index, folder, lambda _: NoEncoder())


def made_up(folder: Path, count: int) -> None:
    """Write `count` documents of some 300 words each."""
    chance = random.Random(count)
    weights = [1 / (rank + 10) for rank in range(WORDS)]
    folder.mkdir()
    for number in range(count):
        words = [f"w{rank:x}" for rank in chance.choices(range(WORDS), weights, k=300)]
        said = [" ".join(words[begin : begin + 20]).capitalize() for begin in range(0, 300, 20)]
        (folder / f"{number}.txt").write_text(f"Title {number}\n\n" + ". ".join(said) + ".\n")


def memory(counts: Sequence[int], place: Path) -> Table:
    """Peak memory and seconds for each number of made-up documents, from nothing and again."""
    table = Table("documents", "build", "peak MB", "seconds", "of processor")
    for count in counts:
        documents, index = place / f"{count}", place / f"index-{count}"
        made_up(documents, count)
        for name in ("full", "unchanged"):
            cost = run(__file__, "--child", str(documents), str(index))
            table.add_row(f"{count:,}", name, *_cells(cost))
        shutil.rmtree(documents)
        shutil.rmtree(index)
    return table


def ratios(data: Path, encoder: str, count: int, place: Path) -> Table:
    """The full build of `count` documents of a set, and rebuilds of it."""
    documents, index = place / "documents", place / "index"
    documents.mkdir()
    chosen = read_data_set(data).documents[:count]
    for number, document in enumerate(chosen):
        (documents / f"{number}.txt").write_text(f"{document.title}\n\n{document.text}\n")
    index.mkdir()
    (index / "encoders").symlink_to((KEPT_IN / "encoders").absolute())
    ensure_encoder(encoder, KEPT_IN / "encoders")
    command = ["-m", "cli", "build", "--json", "--documents", str(documents)]
    command += ["--index", str(index), "--encoder", encoder]
    full = run(*command)
    costs = {"full": full, "unchanged": _median([run(*command) for _ in range(REPEATS)])}
    changed = []
    for number in range(REPEATS):
        path = documents / f"{number}.txt"
        path.write_text(f"{path.read_text()}\nThis is new in {number}.\n")
        changed.append(run(*command))
    costs[f"1 of {len(chosen):,} changed"] = _median(changed)
    table = Table(encoder, "peak MB", "seconds", "of processor", "ratio", "of processor's")
    for name, cost in costs.items():
        clock, processor = cost.clock / full.clock, cost.processor / full.processor
        table.add_row(name, *_cells(cost), f"{clock:.3f}", f"{processor:.3f}")
    return table


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.clock for cost in costs),
        statistics.median(cost.processor for cost in costs),
        max(cost.memory for cost in costs),
    )


def _cells(cost: Cost) -> tuple[str, str, str]:
    return f"{cost.memory:,.0f}", f"{cost.clock:.1f}", f"{cost.processor:.1f}"


def main() -> None:
    """Print one table for each encoder, or one of memory."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, metavar="FOLDER")
    parser.add_argument("--encoder", action="append")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--memory", type=int, action="append", metavar="DOCUMENTS")
    parser.add_argument("--child", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        build_with_no_encoder(*options.child)
        return
    console = Console(width=100)
    if options.memory:
        with tempfile.TemporaryDirectory(dir=".") as place:
            console.print(memory(options.memory, Path(place)))
    for encoder in (options.encoder or ["e5", "minilm"]) if options.data else []:
        with tempfile.TemporaryDirectory(dir=".") as place:
            console.print(ratios(options.data, encoder, options.documents, Path(place)))


if __name__ == "__main__":
    main()
