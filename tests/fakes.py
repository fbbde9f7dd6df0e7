"""The fake at the seam: an encoder whose vectors count words, for exact small worlds."""

import errno
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from api import create_app
from corpus.document import Document
from corpus.layout import plain_layout
from corpus.reading import find_files
from index.build import BuildReport, build
from index.encoder import EncoderCard, Vectors
from index.generation import Generation
from qa.confidence import Confidence
from qa.engine import Engine
from qa.verifier import Verifier
from settings import load_settings

DIMENSION = 64
TOKEN_LIMIT = 60
TRAM: dict[str, str | bytes] = {
    "tram.txt": "The tram runs every ten minutes. It stops at the harbour."
}


class WordCountEncoder:
    """Each word adds 1 at a place of its own (by hash): texts that share words are near."""

    def __init__(self, folder: Path) -> None:
        self.card = EncoderCard.load(folder)

    def count_tokens(self, text: str) -> int:
        return len(text.split()) + 2

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([_vector(text) for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self.encode_queries(texts)


def _vector(text: str) -> np.ndarray:
    vector = np.full(DIMENSION, 1e-3, np.float32)
    for word in text.casefold().split():
        place = hashlib.sha256(word.strip(".,?!:;").encode()).digest()[0] % DIMENSION
        vector[place] += 1
    return vector / np.linalg.norm(vector)


def fake_encoder_folder(index: Path) -> Path:
    """The folder of the fake encoder below `index`."""
    folder = index / "encoders" / "fake"
    folder.mkdir(parents=True, exist_ok=True)
    EncoderCard(
        name="fake",
        fingerprint="fake",
        precision="fp32",
        dimension=DIMENSION,
        token_limit=TOKEN_LIMIT,
        query_prompt="",
        passage_prompt="",
        cosine_fp32=1.0,
        cosine=1.0,
        background=(0.0, 0.6),
        licence="",
        files={},
    ).save(folder)
    return folder


def build_fake(index: Path, documents: list[Document], **options: object) -> BuildReport:
    """Build an index of `documents` with the fake encoder."""
    return build(documents, index, fake_encoder_folder(index), WordCountEncoder, **options)


def open_fake(
    index: Path, verifier: Verifier | None = None, generation_id: str | None = None
) -> Engine:
    """The engine of an index that `build_fake` made."""
    generation = Generation.open(index, generation_id, WordCountEncoder)
    return Engine(index, generation, Confidence.load(), verifier)


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Files by name below `folder`, byte for byte."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def documents_of(folder: Path, files: dict[str, str | bytes]) -> list[Document]:
    """The documents that these files are read as."""
    return read_corpus(write(folder, files))


def read_corpus(folder: Path) -> list[Document]:
    """The documents below a folder, in the order of their ids."""
    return [file.read() for file in find_files(folder)]


def forbid(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Let `path` be a file that this process may not read, whoever runs it."""
    opened = io.open

    def refused(file: object, *arguments: Any, **options: Any) -> Any:
        if file == path:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(file, *arguments, **options)

    monkeypatch.setattr(io, "open", refused)


def client_of(folder: Path, address: str = "203.0.113.5", **settings: Any) -> TestClient:
    """A client at `address` of the service of two sentences about a tram, with these settings."""
    build_fake(folder / "index", documents_of(folder / "documents", TRAM))
    chosen = load_settings(index=folder / "index", **settings)
    app = create_app(chosen, lambda *_: open_fake(folder / "index"))
    return TestClient(app, raise_server_exceptions=False, client=(address, 50_000))


def laid_out(text: str) -> tuple[list[str], list[str]]:
    """The headings and the blocks of plain text, in words."""
    headings, blocks = plain_layout(text)
    return [heading.text for heading in headings], [text[b.start : b.end] for b in blocks]
