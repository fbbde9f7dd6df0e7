"""Makes a generation in a folder aside: complete and verified, but not published."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from corpus.document import Source
from index.changes import Changes, changes
from index.cutting import Progress, write_store
from index.earlier import find_earlier
from index.embedding import Work, write_vectors
from index.encoder import CARD_FILE, EncoderCard
from index.files import sha256_of, sync_folder
from index.generation import OpenEncoder, Parts
from index.manifest import FORMAT, Manifest, check_files, file_hashes
from index.recipe import recipe
from index.store import Store
from index.words import worded, write_lexical


@dataclass(frozen=True)
class Task:
    """Where a build reads and writes, and how."""

    index: Path
    aside: Path
    encoder_folder: Path
    open_encoder: OpenEncoder
    progress: Progress
    words: int


@dataclass(frozen=True)
class Built:
    """A generation that is complete and verified, but not published."""

    name: str
    manifest: Manifest
    work: Work
    changes: Changes


def make(documents: Iterable[Source], task: Task) -> Built:
    """Fill and verify `task.aside`; CorpusError and GenerationError say what stands against it."""
    aside = task.aside
    card = EncoderCard.load(task.encoder_folder)
    encoder = cache(partial(task.open_encoder, task.encoder_folder))  # only if it is needed
    earlier = find_earlier(task.index, card.fingerprint)
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
        manifest = _manifest(store, card, file_hashes(aside), task)
    name = manifest.write(aside)
    sync_folder(aside)
    check_files(aside, manifest.files)
    Parts(aside)
    return Built(name, manifest, work, changes(aside, earlier.folder if earlier else None))


def _manifest(store: Store, card: EncoderCard, files: dict[str, str], task: Task) -> Manifest:
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
        # What the export proved: a file altered since then is refused, never taken as it is.
        encoder_files={CARD_FILE: sha256_of(task.encoder_folder / CARD_FILE), **card.files},
    )
