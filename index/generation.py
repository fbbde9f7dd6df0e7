"""One immutable, complete, self-describing index: checked and opened."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from corpus.errors import GenerationError
from index.encoder import Encoder, OnnxEncoder
from index.lexical import Lexical
from index.manifest import REBUILD, Manifest
from index.publishing import current, verify
from index.stems import SentenceStems
from index.store import Store
from index.vectors import SENTENCES_FILE, Bytes, PassageVectors

OpenEncoder = Callable[[Path], Encoder]


class Parts:
    """The searchable files of a generation folder."""

    def __init__(self, folder: Path) -> None:
        """Open them all; GenerationError when one cannot be read or the counts disagree."""
        try:
            self.store = Store(folder)
            self.vectors = PassageVectors(folder)
            mapped = np.load(folder / SENTENCES_FILE, mmap_mode="r")
            self.sentence_vectors: Bytes = np.asarray(mapped)
            self.lexical = Lexical(folder)
            self.sentence_stems = SentenceStems.load(folder)
        except Exception as error:  # FAISS, SQLite, numpy and bm25s each raise their own
            raise GenerationError(f"{folder} cannot be opened ({error}).", REBUILD) from error
        counts = {len(self.store), len(self.vectors), len(self.lexical)}
        sentences = {len(self.sentence_vectors), len(self.sentence_stems)}
        if len(counts) > 1 or sentences != {self.store.sentence_count}:
            raise GenerationError(
                f"The files of {folder} disagree on how much they hold.",
                REBUILD,
            )


class Generation:
    """The documents, vectors and words of one build, with the encoder that made them."""

    def __init__(
        self, generation_id: str, manifest: Manifest, encoder: Encoder, parts: Parts
    ) -> None:
        """Hold the parts; `Generation.open` is the way to get them from a folder."""
        self.id = generation_id
        self.manifest = manifest
        self.encoder = encoder
        self.store = parts.store
        self.vectors = parts.vectors
        self.sentence_vectors = parts.sentence_vectors
        self.lexical = parts.lexical
        self.sentence_stems = parts.sentence_stems

    @classmethod
    def open(
        cls,
        index: Path,
        generation_id: str | None = None,
        open_encoder: OpenEncoder = OnnxEncoder,
    ) -> "Generation":
        """The served generation of `index` (or another one), every file checked first.

        GenerationError names the file that is missing or differs from the manifest.
        """
        name = generation_id or current(index)
        manifest = verify(index, name)
        encoder = open_encoder(index / "encoders" / manifest.encoder)
        return cls(name, manifest, encoder, Parts(index / "generations" / name))


def verify_spans(store: Store) -> int:
    """Check every stored place against its text, and return how many there are.

    GenerationError names the document whose text or places are not what was stored.
    """
    checked = 0
    for number, document_id in enumerate(store.document_ids()):
        document = store.document(number)
        if hashlib.sha256(document.text.encode()).hexdigest() != document.sha256:
            raise GenerationError(f"The text of {document_id} is not the one stored.", REBUILD)
        spans = [(s.start, s.end) for s in store.sentences_of(document_id)]
        spans += [(passage.start, passage.end) for passage in store.passages_of(number)]
        for start, end in spans:
            if not 0 <= start < end <= len(document.text) or not document.text[start:end].strip():
                raise GenerationError(
                    f"A place in {document_id}, {start} to {end}, holds no text.", REBUILD
                )
        checked += len(spans)
    return checked
