"""What more documents cost: the time to find, the memory that serves, the place on the disk.

    python benchmarks/growth.py --documents 1000 --documents 4000 --documents 16000

The documents are made up, some 300 words each (`rebuild.py`), and the encoder takes no time:
what a question costs beside the models is seen, which alone depends on how much there is.
`beside` is that part of an answer in milliseconds, without the verifier; memory is what a
process holds after all QUESTIONS, the models left out.
"""

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from index.generation import Generation
from qa.confidence import Confidence
from qa.engine import Engine
from rebuild import WORDS, NoEncoder, build_with_no_encoder, made_up

QUESTIONS = 300
WARM = 20  # questions that are not timed


def asked(count: int) -> Iterator[str]:
    """Questions in the made-up language, eight words each, frequent and rare ones."""
    chance = random.Random(count)
    weights = [1 / (rank + 10) for rank in range(WORDS)]
    for _ in range(count):
        yield " ".join(f"w{rank:x}" for rank in chance.choices(range(WORDS), weights, k=8)) + "?"


def serve(index: Path) -> None:
    """Print the passages, the median and 95th percentile in ms, and the memory in MB."""
    generation = Generation.open(index, None, lambda _: NoEncoder())
    engine = Engine(index, generation, Confidence.load())
    taken = []
    for question in asked(QUESTIONS + WARM):
        began = time.perf_counter()
        engine.ask(question, language="en")
        taken.append(1000 * (time.perf_counter() - began))
    taken = taken[WARM:]
    memory = psutil.Process().memory_full_info().pss / 1e6
    slow = statistics.quantiles(taken, n=20)[-1]
    print(len(generation.vectors), statistics.median(taken), slow, memory)


def measured(count: int, place: Path) -> list[str]:
    """A row of the table."""
    documents, index = place / "documents", place / "index"
    made_up(documents, count)
    build_with_no_encoder(documents, index)
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file()) / 1e6
    command = [sys.executable, __file__, "--child", str(index)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  # ourselves
    passages, median, slow, memory = map(float, printed.split())
    shutil.rmtree(documents)
    shutil.rmtree(index)
    return [
        f"{count:,}",
        f"{passages:,.0f}",
        f"{median:.1f}",
        f"{slow:.1f}",
        f"{memory:,.0f}",
        f"{size:,.0f}",
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, action="append", metavar="N")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        serve(options.child)
        return
    table = Table("documents", "passages", "beside, p50 ms", "p95 ms", "memory, MB", "on disk, MB")
    for count in options.documents or [1000, 4000, 16000]:
        with tempfile.TemporaryDirectory(dir=".") as place:
            table.add_row(*measured(count, Path(place)))
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
