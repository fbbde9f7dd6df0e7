"""Measures latency and refusals by the number of clients, up to far more than can be served."""

import asyncio
import itertools
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from evaluation.datasets import DataSet
from load import Response, lasting, load
from services import Service, questions, running

CLIENTS = (1, 2, 4, 8, 16, 32, 64, 128, 250, 500)
REST = 1.0  # seconds that a client waits who was refused
Row = dict[str, Any]


def crowded(service: Service, data: DataSet, seconds: float) -> list[Row]:
    """Latency of the answers and the share of refusals, for each number of clients.

    SystemExit when the service has died, or answers no more after the largest crowd.
    """
    asked = questions(data)
    rows = []
    with running(service, next(asked)) as it:
        requests = map(service.request, asked)
        for clients in CLIENTS:
            rows.append(asyncio.run(_crowd(it.port, requests, clients, seconds)))
            print(rows[-1], file=sys.stderr)
        after = asyncio.run(load(it.port, itertools.islice(requests, 1)))
        if it.process.poll() is not None or after.statuses[0] != 200:
            raise SystemExit("the service did not live through the crowd")
    return rows


async def _crowd(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> Row:
    untold = 0

    def heard(_: int, response: Response) -> None:
        nonlocal untold
        untold += response.status == 503 and b"retry-after:" not in response.head.lower()

    result = await load(port, lasting(requests, seconds), clients, heard, REST)
    answered = result.of(200) or [float("nan")]
    p50, p99 = np.percentile(answered, [50, 99]).round(2).tolist()
    return {
        "clients": clients,
        "answers/s": round(len(answered) / result.seconds, 1),
        "p50": p50,
        "p99": p99,
        "refused": len(result.of(503)) / len(result.statuses),
        "without Retry-After": untold,
        "statuses": Counter(result.statuses),
    }
