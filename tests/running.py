"""A service that really runs: `rinvio serve` in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from conftest import ROOT


@dataclass
class Running:
    """Where it listens, and what it wrote to stderr: all of it once it has ended."""

    port: int
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running(index: Path, **settings: object) -> Iterator[Running]:
    """`rinvio serve` of `index` on a free port, ended on leaving."""
    chosen = {f"RINVIO_{name.upper()}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve", "--index", str(index), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **chosen},
    )
    assert process.stderr is not None
    lines: list[str] = []
    try:
        port = None
        while port is None:
            lines.append(process.stderr.readline())
            assert lines[-1], "".join(lines)  # it ended
            port = re.search(r"running on http://127\.0\.0\.1:(\d+)", lines[-1])
        service = Running(int(port[1]), lines)
        with httpx2.Client(transport=httpx2.HTTPTransport(retries=7)) as patient:
            patient.get(f"{service.address}/healthz")  # workers begin to listen after that line
        yield service
    finally:
        process.terminate()
        lines += process.communicate()[1].splitlines()
