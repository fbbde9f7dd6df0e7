"""Builds that are stopped half-way: each is a process of its own, and its end is told."""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

# Each starts as a copy of one that has imported everything already.
PROCESSES = multiprocessing.get_context("forkserver")
IMPORTED = ["api", "cli", "bm25s", "faiss", "nltk.tokenize.punkt", "punkt.data.english", "pytest"]
PROCESSES.set_forkserver_preload(IMPORTED)


def outcome(run: Callable[..., Any], *arguments: Any) -> tuple[int | None, Any]:
    """How a process ended, as its exit code or -signal, and what `run` returned if it did."""
    receiver, sender = PROCESSES.Pipe(duplex=False)
    child = PROCESSES.Process(target=_send, args=(sender, run, arguments))
    child.start()
    sender.close()
    returned = None
    with suppress(EOFError):  # it was killed
        returned = receiver.recv()
    child.join()
    return child.exitcode, returned


def _send(sender: Connection, run: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    sender.send(run(*arguments))
