"""Keeps the documents, passages and sentences of a generation in one SQLite file.

Rows are numbered from 0 in the order of the documents, so that row i of the
vectors is passage i here.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from corpus.document import Document, Heading, Passage, Sentence

STORE_FILE = "documents.sqlite"
SCHEMA = """
CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT UNIQUE, title TEXT, text TEXT,
    language TEXT, url TEXT, sha256 TEXT, headings TEXT, metadata TEXT);
CREATE TABLE passages (number INTEGER PRIMARY KEY, document INTEGER, start INTEGER, end INTEGER,
    headings TEXT, first INTEGER, last INTEGER, context TEXT, key BLOB);
CREATE TABLE sentences (number INTEGER PRIMARY KEY, document INTEGER, start INTEGER, end INTEGER,
    key BLOB);
"""
Keys = Sequence[bytes]
PASSAGES_KEPT = 20_000  # places of passages that stay in memory: some 10 MB


class StoreWriter:
    """Fills a new file, document by document; the file is whole when the `with` block ends."""

    def __init__(self, folder: Path) -> None:
        """Create the file in `folder`, where there must be none."""
        self._database = sqlite3.connect(folder / STORE_FILE, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA
        )
        self._database.execute("BEGIN")
        self.documents = self.passages = self.sentences = 0

    def __enter__(self) -> "StoreWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.execute("COMMIT")
        self._database.close()

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        contexts: Sequence[str],
        passage_keys: Keys,
        sentences: Sequence[Sentence],
        sentence_keys: Keys,
    ) -> None:
        """Append a document with its passages and sentences, and the keys of their vectors."""
        number = self.documents
        self._database.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *_row(document))
        )
        self._database.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    self.passages + row,
                    number,
                    passage.start,
                    passage.end,
                    _json(passage.headings),
                    self.sentences + passage.first,
                    self.sentences + passage.last,
                    above,
                    key,
                )
                for row, (passage, above, key) in enumerate(
                    zip(passages, contexts, passage_keys, strict=True)
                )
            ],
        )
        self._database.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?)",
            [
                (self.sentences + row, number, sentence.start, sentence.end, key)
                for row, (sentence, key) in enumerate(zip(sentences, sentence_keys, strict=True))
            ],
        )
        self.documents += 1
        self.passages += len(passages)
        self.sentences += len(sentences)


class Store:
    """Reads what a StoreWriter wrote; safe to share between threads.

    Numbers of passages and sentences count through the whole generation.
    """

    def __init__(self, folder: Path) -> None:
        """Open the file in `folder`, never to be changed."""
        self._database = sqlite3.connect(
            f"{(folder / STORE_FILE).absolute().as_uri()}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=False,
        )
        # The caches do not refer to the store: it is freed with its last holder.
        self.document = lru_cache(maxsize=256)(partial(_read_document, self._database))
        self.passage = lru_cache(maxsize=PASSAGES_KEPT)(partial(_read_passage, self._database))
        rows = self._database.execute(
            "SELECT document, language FROM passages "
            "JOIN documents ON document = documents.number ORDER BY passages.number"
        ).fetchall()
        self.document_of_passage = np.array([row[0] for row in rows], np.int64)
        self.language_of_passage = np.array([row[1] for row in rows], str)
        self.sentence_count: int = self._one("SELECT count(*) FROM sentences")[0]

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.document_of_passage)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def document_ids(self) -> list[str]:
        """The ids of all documents, in order."""
        rows = self._database.execute("SELECT id FROM documents ORDER BY number")
        return [row[0] for row in rows]

    def number_of(self, document_id: str) -> int | None:
        """The number of a document, None when there is no such id."""
        row = self._one("SELECT number FROM documents WHERE id = ?", document_id)
        return None if row is None else int(row[0])

    def sentences(self, first: int, last: int) -> list[Sentence]:
        """Sentences `first` to `last`, both included."""
        rows = self._database.execute(
            "SELECT start, end FROM sentences WHERE number BETWEEN ? AND ? ORDER BY number",
            (first, last),
        )
        return [Sentence(*row) for row in rows]

    def sentence(self, number: int) -> Sentence:
        """Sentence `number`."""
        return self.sentences(number, number)[0]

    def sentence_with_the_one_before(self, number: int) -> list[Sentence]:
        """Sentence `number` after the one before it, if its document has one before."""
        rows = self._database.execute(
            "SELECT b.start, b.end FROM sentences a JOIN sentences b ON b.document = a.document "
            "WHERE a.number = ? AND b.number BETWEEN a.number - 1 AND a.number ORDER BY b.number",
            (number,),
        )
        return [Sentence(*row) for row in rows]

    def sentences_of(self, document_id: str) -> list[Sentence]:
        """All sentences of a document, in order."""
        rows = self._database.execute(
            "SELECT start, end FROM sentences WHERE document = ? ORDER BY number",
            (self.number_of(document_id),),
        )
        return [Sentence(*row) for row in rows]

    def passages_of(self, document: int) -> list[Passage]:
        """All passages of document number `document`, in order."""
        rows = self._database.execute(
            "SELECT number FROM passages WHERE document = ? ORDER BY number", (document,)
        ).fetchall()
        return [self.passage(row[0]) for row in rows]

    def indexed_text(self, number: int) -> str:
        """What is embedded and indexed for passage `number`: its context and its words."""
        document, start, end, above = self._one(
            "SELECT document, start, end, context FROM passages WHERE number = ?", number
        )
        return str(above) + self.document(document).text[start:end]

    def sentence_text(self, number: int) -> tuple[str, str]:
        """The words of sentence `number`, and their language."""
        document, start, end = self._one(
            "SELECT document, start, end FROM sentences WHERE number = ?", number
        )
        found = self.document(document)
        return found.text[start:end], found.language

    def keys(self, table: Literal["passages", "sentences"]) -> list[bytes]:
        """The keys of the vectors, in the order of their rows."""
        query = {
            "passages": "SELECT key FROM passages ORDER BY number",
            "sentences": "SELECT key FROM sentences ORDER BY number",
        }
        rows = self._database.execute(query[table])
        return [row[0] for row in rows]

    def _one(self, query: str, *values: object) -> Any:
        return self._database.execute(query, values).fetchone()


def _read_passage(database: sqlite3.Connection, number: int) -> Passage:
    """Passage `number`; its sentences are numbered through the generation."""
    document, start, end, headings, first, last = database.execute(
        "SELECT id, start, end, passages.headings, first, last FROM passages "
        "JOIN documents ON document = documents.number WHERE passages.number = ?",
        (number,),
    ).fetchone()
    return Passage(document, start, end, tuple(json.loads(headings)), first, last)


def _read_document(database: sqlite3.Connection, number: int) -> Document:
    identity, title, text, language, url, sha256, headings, metadata = database.execute(
        "SELECT id, title, text, language, url, sha256, headings, metadata FROM documents "
        "WHERE number = ?",
        (number,),
    ).fetchone()
    fields = json.loads(metadata)
    return Document(
        identity,
        title,
        text,
        language,
        url,
        sha256,
        tuple(Heading(*values) for values in json.loads(headings)),
        (),
        {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()},
    )


def _row(document: Document) -> tuple[str | None, ...]:
    headings = [(part.text, part.level, part.start, part.end) for part in document.headings]
    return (
        document.id,
        document.title,
        document.text,
        document.language,
        document.url,
        document.sha256,
        _json(headings),
        _json(document.metadata),
    )


def _json(value: Iterable[object]) -> str:
    return json.dumps(value, ensure_ascii=False)
