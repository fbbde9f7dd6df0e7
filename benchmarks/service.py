"""The service beside txtai's own API: start, latency, throughput, memory, installed size.

    make bench-peers DATA="FOLDER ..."
    python benchmarks/service.py --data FOLDER [--encoder minilm --encoder e5]

Both have the same model, the same passages and get the same questions, on this machine, from
the same client. Each repetition starts every service anew, in alternating order, so that noise
is shared; no question comes twice while a process lives, so no cache of answers can help.
Rinvio runs from an environment of its own with nothing but `pip install .`. txtai comes twice:
as it is by default, vectors only, whose answers are numbers of passages; and as its hybrid of
vectors and keywords that answers with text, which is nearer to what Rinvio does. Ratios are to
the first, the faster one.
"""

import argparse
import asyncio
import itertools
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from evaluation.datasets import read_data_set
from evaluation.indexes import KEPT_IN
from load import Load, load
from plots import RESULTS, bars
from rivals import PEER, Rival, rivals
from services import Service, questions, running

WARM, ALONE, CROWD, CLIENTS = 20, 300, 680, 32  # questions: 1,000 until memory is read
TITLES = {
    "start": "to the first answer, s",
    "p50": "one client, p50, ms",
    "p95": "one client, p95, ms",
    "speed": f"{CLIENTS} clients, answers/s",
    "memory": "memory, MB (PSS)",
    "installed": "installed, MB",
}
Figures = dict[str, float]
Row = dict[str, Any]


def measured(service: Service, asked: Sequence[str]) -> Figures:
    """The figures of a service that is started for the questions `asked`, but its size."""
    first, *others = asked
    requests = map(service.request, others)
    with running(service, first) as it:
        _answered(service, it.port, itertools.islice(requests, WARM), 1)
        alone = _answered(service, it.port, itertools.islice(requests, ALONE), 1)
        crowd = _answered(service, it.port, requests, CLIENTS)
        p50, p95 = np.percentile(alone.milliseconds, [50, 95]).tolist()
        return {
            "start": it.started,
            "p50": p50,
            "p95": p95,
            "speed": len(crowd.statuses) / crowd.seconds,
            "memory": it.memory(),
        }


def _answered(service: Service, port: int, requests: Iterable[bytes], clients: int) -> Load:
    result = asyncio.run(load(port, requests, clients))
    if set(result.statuses) != {200}:
        raise SystemExit(f"{service.name} answered with {sorted(set(result.statuses))}")
    return result


def installed(environment: Path) -> float:
    """The megabytes of the files in an environment."""
    return sum(path.lstat().st_size for path in environment.rglob("*") if path.is_file()) / 1e6


def summary(all_of_them: Sequence[Rival], runs: Sequence[Sequence[Figures]]) -> list[Row]:
    """For each rival the medians of its repetitions, and their ratios to txtai's before it."""
    rows: list[Row] = []
    peer: Figures = {}
    for rival, repetitions in zip(all_of_them, runs, strict=True):
        middle = {name: median(run[name] for run in repetitions) for name in repetitions[0]}
        middle["installed"] = installed(rival.environment)
        peer = middle if rival.service.name == PEER else peer
        rows.append(
            {
                "encoder": rival.encoder,
                "service": rival.service.name,
                "median": middle,
                "ratio": {name: value / peer[name] for name, value in middle.items()},
                "repetitions": repetitions,
            }
        )
    return rows


def show(rows: Sequence[Row]) -> None:
    """Print the medians, each with its ratio to txtai."""
    table = Table("encoder", "service", *TITLES.values())
    for row in rows:
        cells = [f"{row['median'][name]:,.4g} ({row['ratio'][name]:.2f})" for name in TITLES]
        table.add_row(row["encoder"], row["service"], *cells)
    Console(width=140).print(table)


def alternating(
    all_of_them: Sequence[Rival], asked: Sequence[str], times: int
) -> list[list[Figures]]:
    """The figures of each rival, so many times; every other round backwards."""
    runs: list[list[Figures]] = [[] for _ in all_of_them]
    for repetition in range(times):
        for number in range(len(all_of_them))[:: -1 if repetition % 2 else 1]:
            rival = all_of_them[number]
            runs[number].append(measured(rival.service, asked))
            print(repetition + 1, rival.encoder, rival.service.name, file=sys.stderr)
    return runs


def main() -> None:
    """Measure, print one table, and write service.json and service.svg."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--encoder", action="append", help="minilm (default) or e5; may repeat")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--rinvio", type=Path, default=KEPT_IN / "serving/bin/rinvio")
    parser.add_argument("--txtai", type=Path, default=KEPT_IN / "txtai/bin/python")
    parser.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    data = read_data_set(options.data)
    asked = list(itertools.islice(questions(data), 1 + WARM + ALONE + CROWD))
    settings = dict(setting.split("=", 1) for setting in options.setting)
    both = [
        rival
        for encoder in options.encoder or ["minilm"]
        for rival in rivals(data, encoder, options.txtai, options.rinvio, settings)
    ]
    rows = summary(both, alternating(both, asked, options.repetitions))
    show(rows)
    bars(rows, TITLES)
    (RESULTS / "service.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
