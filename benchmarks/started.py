"""A service that really runs, for the benchmarks that attack it: `rinvio serve` on loopback."""

import os
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2


@contextmanager
def started(index: Path, **settings: object) -> Iterator[int]:
    """The port of a service of `index` with these settings, ready; stopped on leaving."""
    chosen = {f"RINVIO_{name.upper()}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "cli", "serve", "--index", str(index), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **chosen},
    )
    lines = process.stderr or ()
    try:
        port = next(filter(None, map(_port, lines)), None)
        if port is None:
            raise SystemExit("the service did not start; does the index exist?")
        drain = threading.Thread(target=deque, args=(lines, 0))  # or its log would stop it
        drain.start()
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _port(line: str) -> int | None:
    found = re.search(r"running on http://127\.0\.0\.1:(\d+)", line)
    return int(found[1]) if found else None


def _wait(port: int) -> None:
    with httpx2.Client(transport=httpx2.HTTPTransport(retries=8)) as client:
        client.get(f"http://127.0.0.1:{port}/readyz", timeout=60).raise_for_status()
