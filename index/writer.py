"""Writes the documents, passages and sentences of a generation into one SQLite file.

Documents follow each other in the order they are added; passages and sentences are
numbered through the generation. What an earlier generation holds is copied from it.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from corpus.document import Document, Passage, Sentence

STORE_FILE = "documents.sqlite"
SCHEMA = """
CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT UNIQUE, title TEXT, text TEXT,
    language TEXT, url TEXT, sha256 TEXT, origin TEXT, headings TEXT, metadata TEXT, blanked TEXT);
CREATE TABLE passages (number INTEGER PRIMARY KEY, document INTEGER, start INTEGER, end INTEGER,
    headings TEXT, first INTEGER, last INTEGER, context TEXT, key BLOB);
CREATE TABLE sentences (number INTEGER PRIMARY KEY, document INTEGER, start INTEGER, end INTEGER,
    key BLOB);
CREATE INDEX passages_of ON passages (document);
CREATE INDEX sentences_of ON sentences (document);
"""
FIND = """
SELECT number, (SELECT min(number) FROM earlier.passages WHERE document = documents.number),
    (SELECT min(number) FROM earlier.sentences WHERE document = documents.number)
FROM earlier.documents WHERE id = ? AND origin = ?
"""
TAKE = (
    "INSERT INTO documents SELECT :number, id, title, text, language, url, sha256, origin, "
    "headings, metadata, blanked FROM earlier.documents WHERE number = :taken",
    "INSERT INTO passages SELECT number + :passages, :number, start, end, headings, "
    "first + :sentences, last + :sentences, context, key "
    "FROM earlier.passages WHERE document = :taken ORDER BY number",
    "INSERT INTO sentences SELECT number + :sentences, :number, start, end, key "
    "FROM earlier.sentences WHERE document = :taken ORDER BY number",
)
Keys = Sequence[bytes]


class StoreWriter:
    """Fills a new file, document by document; the file is whole when the `with` block ends."""

    def __init__(self, folder: Path, earlier: Path | None = None) -> None:
        """Create the file in `folder`, where there must be none; `take` takes from `earlier`."""
        self._database = sqlite3.connect(
            (folder / STORE_FILE).absolute().as_uri(), uri=True, isolation_level=None
        )
        self._earlier = earlier is not None
        self.documents = self.passages = self.sentences = 0
        try:
            self._begin(earlier)
        except BaseException:
            self._database.close()
            raise

    def _begin(self, earlier: Path | None) -> None:
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA
        )
        if earlier:
            attach(self._database, "earlier", earlier)
        self._database.execute("BEGIN")

    def __enter__(self) -> "StoreWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with closing(self._database):
            if kind is None:
                self._database.execute("COMMIT")

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
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, *_row(document)),
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

    def take(self, document_id: str, origin: str) -> bool:
        """Append the earlier generation's document of this id and origin; False if it has none."""
        found = self._earlier and self._database.execute(FIND, (document_id, origin)).fetchone()
        if not found:
            return False
        taken, passage, sentence = found
        shifts = {
            "taken": taken,
            "number": self.documents,
            "passages": self.passages - (passage or 0),
            "sentences": self.sentences - (sentence or 0),
        }
        _, passages, sentences = (self._database.execute(sql, shifts).rowcount for sql in TAKE)
        self.documents += 1
        self.passages += passages
        self.sentences += sentences
        return True


def attach(database: sqlite3.Connection, name: str, folder: Path) -> None:
    """Let `database` read the store in `folder` as `name`."""
    address = f"{(folder / STORE_FILE).absolute().as_uri()}?mode=ro&immutable=1"
    database.execute("ATTACH ? AS " + name, (address,))


def _row(document: Document) -> tuple[str | None, ...]:
    headings = [(part.text, part.level, part.start, part.end) for part in document.headings]
    return (
        document.id,
        document.title,
        document.text,
        document.language,
        document.url,
        document.sha256,
        document.origin,
        _json(headings),
        _json(document.metadata),
        document.blanked,
    )


def _json(value: Iterable[object]) -> str:
    return json.dumps(value, ensure_ascii=False)
