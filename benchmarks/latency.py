"""How long a question takes over HTTP, with the verifier and without.

    python benchmarks/latency.py --data FOLDER [--questions 300]

Starts the service on the index of a set, on this machine, and asks its first questions one
after the other from one client; the first 20 only warm up. The encoder alone is timed in
this process, before and after, as a measure of how fast the machine is just then.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from evaluation.datasets import read_data_set
from evaluation.indexes import index_of
from qa.engine import Engine

WARM = 20
READY_SECONDS = 120


@contextmanager
def service(index: Path, verifier: bool) -> Iterator[str]:
    """The address of a service of `index`, stopped on leaving."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "api:app", "--port", str(port)]
    command += ["--log-level", "warning", "--no-access-log"]
    settings = {"RINVIO_INDEX": str(index), "RINVIO_VERIFIER": str(verifier)}
    process = subprocess.Popen(command, env={**os.environ, **settings})  # noqa: S603
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise SystemExit("the service did not become ready")


def asked(address: str, questions: Sequence[str]) -> list[float]:
    """Milliseconds from question to answer, of each."""
    taken = []
    with httpx.Client(base_url=address) as client:
        for question in questions:
            began = time.perf_counter()
            client.post("/v1/ask", json={"question": question}).raise_for_status()
            taken.append((time.perf_counter() - began) * 1000)
    return taken[WARM:]


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
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    data = read_data_set(options.data)
    index = index_of(data, options.encoder)
    questions = [query.text for query in data.queries][: options.questions + WARM]
    taken = {"question embedded, before": encoded(index, questions)}
    for verifier, name in ((False, "without the verifier"), (True, "with the verifier")):
        with service(index, verifier) as address:
            taken[f"answered over HTTP, {name}"] = asked(address, questions)
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
