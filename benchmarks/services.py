"""Starts a service as its users do, and says how long that took and how much memory it takes."""

import asyncio
import itertools
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory

import psutil

from evaluation.datasets import DataSet
from load import Client, get, post

READY_SECONDS = 180.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.005
K = 5  # passages asked for, of every service


@dataclass(frozen=True)
class Service:
    """How to start a service (`{port}` stands in the command), and how to ask it a question."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    request: Callable[[str], bytes]


@dataclass(frozen=True)
class Running:
    """A service that answers; `started` is the seconds from its process to the first answer."""

    port: int
    process: "subprocess.Popen[bytes]" = field(repr=False)
    started: float

    def memory(self) -> float:
        """The megabytes of all its processes together, what they share counted once (PSS)."""
        return float(sum(each.memory_full_info().pss for each in _all(self.process))) / 1e6


def rinvio(
    executable: Path, index: Path, *, verifier: bool = True, workers: int = 1, **settings: str
) -> Service:
    """Rinvio on `index`, with further `settings` by their names."""
    name = ["Rinvio", *([] if verifier else ["no verifier"])]
    chosen = {"index": str(index.absolute()), "verifier": str(verifier), **settings}
    return Service(
        ", ".join([*name, *([f"{workers} workers"] if workers > 1 else [])]),
        (str(executable.absolute()), "serve", "--port", "{port}", "--workers", str(workers)),
        {f"RINVIO_{key.upper()}": value for key, value in chosen.items()},
        lambda question: post("/v1/ask", question=question, k=K),
    )


def txtai(name: str, python: Path, config: Path) -> Service:
    """The API of txtai with a configuration, started as its documentation does."""
    command = ("-m", "uvicorn", "txtai.api:app", "--port", "{port}")
    return Service(
        name,
        (str(python.absolute()), *command),
        {"CONFIG": str(config.absolute()), "HF_HUB_OFFLINE": "1"},
        lambda question: get("/search", query=question, limit=K),
    )


def questions(data: DataSet) -> Iterator[str]:
    """Every question of `data`, then the same with a number, and so on: none comes twice."""
    texts = list(dict.fromkeys(query.text for query in data.queries))
    yield from texts
    for number in itertools.count(2):
        yield from (f"{text} ({number})" for text in texts)


@contextmanager
def running(service: Service, question: str) -> Iterator[Running]:
    """The service, started in an empty folder; it is stopped on leaving.

    SystemExit with the end of its log when it does not answer `question`.
    """
    inherited = {key: value for key, value in os.environ.items() if key[:7] != "RINVIO_"}
    inherited.pop("PYTHONPATH", None)
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [part.format(port=port) for part in service.command]
    with TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # ours
            command,
            cwd=folder,
            env={**inherited, **service.environment},
            stdout=log,
            stderr=log,
        )
        try:
            if not asyncio.run(_answers(port, service.request(question), process)):
                said = (Path(folder) / "log").read_text(errors="replace")[-3000:]
                raise SystemExit(f"{service.name} does not answer:\n{said}")
            yield Running(port, process, time.perf_counter() - began)
        finally:
            _stop(process)


async def _answers(port: int, request: bytes, process: "subprocess.Popen[bytes]") -> bool:
    """Whether there is an answer before the process ends or the time is up."""
    end = time.monotonic() + READY_SECONDS
    with Client(port) as client:
        while time.monotonic() < end and process.poll() is None:
            if (await client.ask(request)).status == 200:
                return True
            await asyncio.sleep(POLL_SECONDS)
    return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end; what is left of it after a while is killed."""
    if process.poll() is not None:
        return
    ours = _all(process)
    process.terminate()
    for left in psutil.wait_procs(ours, STOP_SECONDS)[1]:
        left.kill()
    process.wait()


def _all(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """The process and its workers."""
    leader = psutil.Process(process.pid)
    return [leader, *leader.children(recursive=True)]
