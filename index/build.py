"""Builds a generation from documents: aside, verified, then published.

`rinvio build` and `python -m index.build` both end here.
"""

import logging
import shutil
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Source
from corpus.passages import PASSAGE_WORDS
from index.cutting import Progress
from index.embedded import KEPT_FILE
from index.encoder import OnnxEncoder
from index.gate import Gate, GateVerdict, RefusedError, record
from index.generation import OpenEncoder
from index.ledger import remember
from index.making import Built, Task, make
from index.publishing import build_lock, history, place, publish, refusing_disk
from index.store import Store

log = logging.getLogger("rinvio")


@dataclass(frozen=True)
class BuildReport:
    """What a build did: what it holds, how much it had to embed, how long, how large.

    Of the vectors of all passages and sentences, `embedded` were made, `resumed` were left
    by a build that was killed, and `reused` come from an earlier generation or an equal text.
    Documents are counted against the last whole generation; where what is served was the same,
    nothing `changed`, unless its files were damaged and are `repaired`. `gate` is what the
    acceptance questions said.
    """

    index_version: str
    encoder: str
    documents: int
    documents_added: int
    documents_changed: int
    documents_removed: int
    passages: int
    sentences: int
    embedded: int
    resumed: int
    reused: int
    seconds: float
    bytes: int
    changed: bool
    repaired: bool
    gate: GateVerdict | None


def build(
    documents: Iterable[Source],
    index: Path,
    encoder_folder: Path,
    open_encoder: OpenEncoder = OnnxEncoder,
    progress: Progress = lambda step, done, total: None,
    passage_words: int = PASSAGE_WORDS,
    gate: Gate | None = None,
) -> BuildReport:
    """Write a generation of `documents`, verify it and publish it if `gate` lets it pass.

    Whatever goes wrong, the generation that is served stays as it is. All documents are
    read before the first is embedded, so that a bad one is refused at once. Memory does
    not grow with them; what a killed build has embedded is kept for the next. RefusedError
    holds what the gate said.
    """
    began = time.monotonic()
    with build_lock(index), refusing_disk(index):
        aside = index / "building"
        shutil.rmtree(aside, ignore_errors=True)
        try:
            aside.mkdir()
            task = Task(index, aside, encoder_folder, open_encoder, progress, passage_words)
            built = make(documents, task)
            served = history(index)[:1]
            new, verdict = _publish(index, aside, built, gate)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    made, work = built.manifest, built.work
    return BuildReport(
        index_version=built.name,
        encoder=made.encoder_name,
        documents=made.documents,
        documents_added=len(built.changes.added),
        documents_changed=len(built.changes.changed),
        documents_removed=len(built.changes.removed),
        passages=made.passages,
        sentences=made.sentences,
        embedded=work.embedded,
        resumed=work.resumed,
        reused=made.passages + made.sentences - work.embedded - work.resumed,
        seconds=round(time.monotonic() - began, 2),
        bytes=_size(index / "generations" / built.name),
        changed=served != [built.name],
        repaired=new and served == [built.name],
        gate=verdict,
    )


def _publish(
    index: Path, aside: Path, built: Built, gate: Gate | None
) -> tuple[bool, GateVerdict | None]:
    """Let CURRENT name what was built, unless the gate is shut.

    Returns whether it was not there yet, whole, and what the gate said.
    """
    name = built.name
    new = place(index, aside, name)
    try:
        verdict = gate(name, next(iter(history(index)), None)) if gate else None
        if verdict and not verdict.passed:
            raise RefusedError(verdict)
        with closing(Store(index / "generations" / name)) as store:
            remember(index, store, built.manifest.encoder)
        if verdict:
            record(index, name, verdict)
        publish(index, name)
    except BaseException:
        if new and name not in history(index):  # it is of no use, and takes space
            shutil.rmtree(index / "generations" / name, ignore_errors=True)
        raise
    with suppress(OSError):  # it is published
        (index / KEPT_FILE).unlink(missing_ok=True)
    return new, verdict


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    # The command line stands above this module: only running it as a script reaches up.
    import importlib
    import sys

    sys.argv.insert(1, "build")
    importlib.import_module("cli").main()
