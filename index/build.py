"""Builds a generation from documents: aside, verified, then published.

`rinvio build` and `python -m index.build` both end here.
"""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from corpus.document import Document
from corpus.errors import GenerationError
from corpus.passages import PASSAGE_WORDS, context, passages, sentences
from index.embedding import Known, fill, vector_key
from index.encoder import Encoder, OnnxEncoder
from index.generation import OpenEncoder, Parts
from index.ledger import remember
from index.lexical import Lexical
from index.manifest import FORMAT, Manifest, check_files, file_hashes, read_manifest
from index.publishing import build_lock, history, publish, sync_folder
from index.stems import SentenceStems
from index.store import Store, StoreWriter
from index.vectors import SENTENCES_FILE, PassageVectors, quantised

Progress = Callable[[str, int, int], None]  # the step, how many are done, how many there are


@dataclass(frozen=True)
class BuildReport:
    """What a build did: what it holds, how much it had to embed, how long, how large."""

    index_version: str
    encoder: str
    documents: int
    passages: int
    sentences: int
    embedded: int
    reused: int
    seconds: float
    bytes: int
    changed: bool


def build(
    documents: Iterable[Document],
    index: Path,
    encoder_folder: Path,
    open_encoder: OpenEncoder = OnnxEncoder,
    progress: Progress = lambda step, done, total: None,
    passage_words: int = PASSAGE_WORDS,
) -> BuildReport:
    """Write a generation of `documents`, verify it and publish it.

    Whatever goes wrong, the generation that is served stays as it is. All documents are
    read before the first is embedded, so that a bad one is refused at once.
    """
    began = time.monotonic()
    with build_lock(index):
        aside = index / "building"
        shutil.rmtree(aside, ignore_errors=True)
        try:
            aside.mkdir()
            name, manifest, embedded = _write(
                documents, index, aside, encoder_folder, open_encoder, progress, passage_words
            )
            changed = history(index)[:1] != [name]
            publish(index, aside, name)
        except (OSError, RuntimeError, sqlite3.Error) as error:  # RuntimeError: FAISS cannot write
            raise GenerationError(
                f"The index {index} cannot be written ({error}).",
                "Check the disk's free space and the folder's permissions; "
                "what is served is as it was.",
            ) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return BuildReport(
        index_version=name,
        encoder=manifest.encoder_name,
        documents=manifest.documents,
        passages=manifest.passages,
        sentences=manifest.sentences,
        embedded=embedded,
        reused=manifest.passages + manifest.sentences - embedded,
        seconds=round(time.monotonic() - began, 2),
        bytes=_size(index / "generations" / name),
        changed=changed,
    )


def _write(
    documents: Iterable[Document],
    index: Path,
    aside: Path,
    encoder_folder: Path,
    open_encoder: OpenEncoder,
    progress: Progress,
    words: int,
) -> tuple[str, Manifest, int]:
    """Fill and verify `aside`; returns the generation's id, its manifest, and what was embedded."""
    encoder = open_encoder(encoder_folder)
    _write_texts(documents, aside, encoder, words, progress)
    store = Store(aside)
    embedded = _write_vectors(store, aside, encoder, _previous(index), progress)
    texts = (store.indexed_text(number) for number in range(len(store)))
    lexical = Lexical(texts, store.language_of_passage.tolist())
    lexical.save(aside)
    SentenceStems.of(store, lexical).save(aside)
    remember(index, store)
    manifest = _manifest(store, encoder, file_hashes(aside), encoder_folder, words)
    store.close()
    name = manifest.write(aside)
    sync_folder(aside)
    check_files(aside, manifest.files)
    Parts(aside)
    return name, manifest, embedded


def _write_texts(
    documents: Iterable[Document], aside: Path, encoder: Encoder, words: int, progress: Progress
) -> None:
    limit = encoder.card.token_limit
    with StoreWriter(aside) as writer:
        for document in documents:
            spans = sentences(document, encoder.count_tokens, limit)
            cut = passages(document, spans, encoder.count_tokens, limit, words)
            contexts = [context(document, p.headings, encoder.count_tokens, limit) for p in cut]
            whole = [
                above + document.text[passage.start : passage.end]
                for above, passage in zip(contexts, cut, strict=True)
            ]
            writer.add(
                document,
                cut,
                contexts,
                [vector_key(encoder, text) for text in whole],
                spans,
                [vector_key(encoder, document.text[s.start : s.end]) for s in spans],
            )
            progress("reading", writer.documents, 0)


def _write_vectors(
    store: Store, aside: Path, encoder: Encoder, previous: Parts | None, progress: Progress
) -> int:
    total = len(store) + store.sentence_count
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress("embedding", done, total)

    size = encoder.card.dimension
    vectors = np.empty((len(store), size), np.float32)
    embedded = fill(
        vectors,
        store.keys("passages"),
        store.indexed_text,
        _known(previous, "passages"),
        encoder.encode_passages,
        lambda fresh: fresh,
        advance,
    )
    PassageVectors(vectors).save(aside)
    rows = np.empty((store.sentence_count, size), np.int8)
    embedded += fill(
        rows,
        store.keys("sentences"),
        lambda number: store.sentence_text(number)[0],
        _known(previous, "sentences"),
        encoder.encode_passages,
        quantised,
        advance,
    )
    np.save(aside / SENTENCES_FILE, rows)
    return embedded


def _previous(index: Path) -> Parts | None:
    """The served generation, to take vectors from; a damaged or missing one gives none."""
    try:
        name = history(index)[0]
        folder = index / "generations" / name
        check_files(folder, read_manifest(folder, name).files)
        return Parts(folder)
    except (IndexError, GenerationError):
        return None


def _known(previous: Parts | None, kind: Literal["passages", "sentences"]) -> Known:
    if previous is None:
        return Known({}, np.empty((0, 0)))
    rows = {key: row for row, key in enumerate(previous.store.keys(kind))}
    vectors = previous.vectors.rows() if kind == "passages" else previous.sentence_vectors
    return Known(rows, vectors)


def _manifest(
    store: Store, encoder: Encoder, files: dict[str, str], encoder_folder: Path, words: int
) -> Manifest:
    return Manifest(
        format=FORMAT,
        encoder=encoder.card.fingerprint,
        encoder_name=encoder.card.name,
        dimension=encoder.card.dimension,
        documents=len(store.document_ids()),
        passages=len(store),
        sentences=store.sentence_count,
        languages=tuple(sorted(set(store.language_of_passage.tolist()))),
        passage_words=words,
        files=files,
        encoder_files=file_hashes(encoder_folder),
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    # The command line stands above this module: only running it as a script reaches up.
    import importlib
    import sys

    sys.argv.insert(1, "build")
    importlib.import_module("cli").main()
