"""How long a question takes over HTTP, with the verifier and without.

    python benchmarks/latency.py --data FOLDER [--questions 300]

Starts the service on the index of a set, on this machine, and asks its first questions one
after the other from one client; the first 20 only warm up. The encoder alone is timed in
this process, before and after, as a measure of how fast the machine is just then.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from evaluation.datasets import read_data_set
from evaluation.indexes import index_of
from load import load
from qa.engine import Engine
from services import Service, rinvio, running

WARM = 20


def answered(service: Service, questions: Sequence[str]) -> list[float]:
    """Milliseconds from question to answer, of each."""
    first, *others = questions
    with running(service, first) as it:
        result = asyncio.run(load(it.port, map(service.request, others)))
    if set(result.statuses) != {200}:
        raise SystemExit(f"the service answered with {sorted(set(result.statuses))}")
    return list(result.milliseconds)[WARM:]


def encoded(index: Path, questions: Sequence[str]) -> list[float]:
    """Milliseconds to embed each question."""
    encoder = Engine.open(index, verified=False).generation.encoder
    taken = []
    for question in questions:
        began = time.perf_counter()
        encoder.encode_queries([question])
        taken.append((time.perf_counter() - began) * 1000)
    return taken[WARM:]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--encoder", default="e5")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--rinvio", type=Path, default=Path(sys.executable).with_name("rinvio"))
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    data = read_data_set(options.data)
    index = index_of(data, options.encoder)
    questions = [query.text for query in data.queries][: options.questions + WARM + 1]
    taken = {"question embedded, before": encoded(index, questions)}
    for verifier, name in ((False, "without the verifier"), (True, "with the verifier")):
        service = rinvio(options.rinvio, index, verifier=verifier)
        taken[f"answered over HTTP, {name}"] = answered(service, questions)
    taken["question embedded, after"] = encoded(index, questions)
    figures = {
        name: {f"p{p}": round(float(np.percentile(values, p)), 2) for p in (50, 95)}
        for name, values in taken.items()
    }
    if options.json:
        print(json.dumps(figures))
        return
    table = Table(f"{data.name}, {options.encoder}, milliseconds", "p50", "p95")
    for name, values in figures.items():
        table.add_row(name, *(f"{value:.1f}" for value in values.values()))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
