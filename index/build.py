"""Builds a generation from documents: aside, verified, then published.

`rinvio build` and `python -m index.build` both end here.
"""

import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from corpus.document import Source
from corpus.errors import GenerationError
from corpus.passages import PASSAGE_WORDS
from corpus.recipe import recipe
from index.cutting import Progress, write_store
from index.earlier import find_earlier
from index.embedded import KEPT_FILE
from index.embedding import Work, write_vectors
from index.encoder import EncoderCard, OnnxEncoder
from index.generation import OpenEncoder, Parts
from index.ledger import remember
from index.manifest import FORMAT, Manifest, check_files, file_hashes
from index.publishing import build_lock, history, publish, sync_folder
from index.store import Store
from index.words import worded, write_lexical


@dataclass(frozen=True)
class BuildReport:
    """What a build did: what it holds, how much it had to embed, how long, how large.

    Of the vectors of all passages and sentences, `embedded` were made, `resumed` were left
    by a build that was killed, and `reused` come from an earlier generation or an equal text.
    """

    index_version: str
    encoder: str
    documents: int
    passages: int
    sentences: int
    embedded: int
    resumed: int
    reused: int
    seconds: float
    bytes: int
    changed: bool


def build(
    documents: Iterable[Source],
    index: Path,
    encoder_folder: Path,
    open_encoder: OpenEncoder = OnnxEncoder,
    progress: Progress = lambda step, done, total: None,
    passage_words: int = PASSAGE_WORDS,
) -> BuildReport:
    """Write a generation of `documents`, verify it and publish it.

    Whatever goes wrong, the generation that is served stays as it is. All documents are
    read before the first is embedded, so that a bad one is refused at once. Memory does
    not grow with them; what a killed build has embedded is kept for the next.
    """
    began = time.monotonic()
    with build_lock(index), _refusing_disk(index):
        aside = index / "building"
        shutil.rmtree(aside, ignore_errors=True)
        try:
            aside.mkdir()
            task = _Task(index, aside, encoder_folder, open_encoder, progress, passage_words)
            name, manifest, work = _write(documents, task)
            changed = history(index)[:1] != [name]
            publish(index, aside, name)
            (index / KEPT_FILE).unlink(missing_ok=True)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return BuildReport(
        index_version=name,
        encoder=manifest.encoder_name,
        documents=manifest.documents,
        passages=manifest.passages,
        sentences=manifest.sentences,
        embedded=work.embedded,
        resumed=work.resumed,
        reused=manifest.passages + manifest.sentences - work.embedded - work.resumed,
        seconds=round(time.monotonic() - began, 2),
        bytes=_size(index / "generations" / name),
        changed=changed,
    )


@contextmanager
def _refusing_disk(index: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise GenerationError(
            f"The index {index} cannot be written ({error}).",
            "Check the disk's free space and the folder's permissions; "
            "what is served is as it was.",
        ) from error


@dataclass(frozen=True)
class _Task:
    """Where a build reads and writes, and how."""

    index: Path
    aside: Path
    encoder_folder: Path
    open_encoder: OpenEncoder
    progress: Progress
    words: int


def _write(documents: Iterable[Source], task: _Task) -> tuple[str, Manifest, Work]:
    """Fill and verify `aside`; returns the generation's id, its manifest, and what was embedded."""
    aside = task.aside
    card = EncoderCard.load(task.encoder_folder)
    encoder = cache(partial(task.open_encoder, task.encoder_folder))  # only if it is needed
    earlier = find_earlier(task.index)
    write_store(
        documents,
        aside,
        card,
        lambda text: encoder().count_tokens(text),
        task.words,
        earlier,
        task.progress,
    )
    with closing(Store(aside)) as store:
        work = write_vectors(
            task.index,
            aside,
            store,
            card,
            lambda texts: encoder().encode_passages(texts),
            earlier,
            partial(task.progress, "embedding"),
        )
        write_lexical(aside, worded(store))
        remember(task.index, store)
        manifest = _manifest(store, card, file_hashes(aside), task)
    name = manifest.write(aside)
    sync_folder(aside)
    check_files(aside, manifest.files)
    Parts(aside)
    return name, manifest, work


def _manifest(store: Store, card: EncoderCard, files: dict[str, str], task: _Task) -> Manifest:
    return Manifest(
        format=FORMAT,
        encoder=card.fingerprint,
        encoder_name=card.name,
        dimension=card.dimension,
        documents=store.document_count,
        passages=len(store),
        sentences=store.sentence_count,
        languages=tuple(np.unique(store.language_of_passage).tolist()),
        passage_words=task.words,
        recipe=recipe(),
        files=files,
        encoder_files=file_hashes(task.encoder_folder),
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    # The command line stands above this module: only running it as a script reaches up.
    import importlib
    import sys

    sys.argv.insert(1, "build")
    importlib.import_module("cli").main()
