"""What long use does to the service: memory over many answers, crowds of clients, live swaps.

    python benchmarks/endurance.py --data FOLDER [--encoder minilm] [--part memory] ...

Every question is asked once while a process lives, so that each has to be worked out. Writes
memory, crowds and swaps (.json, and .svg of the first two) to benchmarks/results/.
"""

import argparse
import asyncio
import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crowds import crowded
from evaluation.datasets import DataSet, read_data_set
from evaluation.indexes import index_of
from load import Response, load
from plots import RESULTS, draw_crowds, draw_memory
from services import Service, questions, rinvio, running
from swaps import Trial, Variants

PARTS = ("memory", "crowds", "swaps")
EARLY = 2_000  # answers after which memory is compared with the end
SAMPLES = 200  # of memory on the way
DRAWN: dict[str, Callable[[Any], None]] = {"memory": draw_memory, "crowds": draw_crowds}
Row = dict[str, Any]


def remembered(service: Service, data: DataSet, answers: int) -> Row:
    """Megabytes after EARLY answers, after all of them, and on the way; 8 clients ask."""
    step = max(1, min(EARLY, answers // SAMPLES))
    count = itertools.count(1)
    way: list[tuple[int, float]] = []
    first, *asked = itertools.islice(questions(data), 1 + answers)
    with running(service, first) as it:

        def sample(_: int, __: Response) -> None:
            done = next(count)
            if done % step == 0:
                way.append((done, round(it.memory(), 1)))

        result = asyncio.run(load(it.port, map(service.request, asked), 8, sample))
    early = next((megabytes for count, megabytes in way if count >= EARLY), way[0][1])
    return {
        "answers": answers,
        "statuses": Counter(result.statuses),
        "early": early,
        "end": way[-1][1],
        "ratio": way[-1][1] / early,
        "way": way,
    }


def swapped(options: argparse.Namespace, data: DataSet) -> Row:
    """What came of asking while two variants of the documents were published in turn."""
    with TemporaryDirectory() as work:
        variants = Variants(data, options.encoder, options.rinvio, Path(work))
        asked = list(itertools.islice(questions(data), 20 * options.requests))
        trial = Trial(_service(options, variants.index), variants, asked)
        return asdict(trial.run(options.requests, options.swaps))


def wrong(part: str, figures: Any) -> int:
    """How many responses there were of a kind that must not be."""
    if part == "swaps":
        return int(figures["errors"] + figures["mixed"])
    allowed = {200, 503} if part == "crowds" else {200}
    rows = figures if part == "crowds" else [figures]
    others = [row["statuses"].total() - sum(row["statuses"][s] for s in allowed) for row in rows]
    return int(sum(others) + sum(row.get("without Retry-After", 0) for row in rows))


def _service(options: argparse.Namespace, index: Path) -> Service:
    settings = dict(setting.split("=", 1) for setting in options.setting)
    return rinvio(options.rinvio, index, workers=options.workers, **settings)


def main() -> None:
    """Run the parts, and write and draw their figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--part", action="append", choices=PARTS, help="all by default")
    parser.add_argument("--answers", type=int, default=200_000, help="of the part memory")
    parser.add_argument("--seconds", type=float, default=10, help="for each crowd")
    parser.add_argument("--requests", type=int, default=10_000, help="during the swaps")
    parser.add_argument("--swaps", type=int, default=20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--rinvio", type=Path, default=Path(sys.executable).with_name("rinvio"))
    parser.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    data = read_data_set(options.data)
    service = _service(options, index_of(data, options.encoder))
    runs: dict[str, Callable[[], Any]] = {
        "memory": lambda: remembered(service, data, options.answers),
        "crowds": lambda: crowded(service, data, options.seconds),
        "swaps": lambda: swapped(options, data),
    }
    RESULTS.mkdir(exist_ok=True)
    for part in options.part or PARTS:
        figures = runs[part]()
        text = json.dumps(figures)
        (RESULTS / f"{part}.json").write_text(text + "\n", encoding="utf-8")
        print(part, text)
        if part in DRAWN:
            DRAWN[part](figures)
        if wrong(part, figures):
            raise SystemExit(f"{part}: {wrong(part, figures)} responses must not be")


if __name__ == "__main__":
    main()
