"""Reads the documents, passages and sentences of a generation from its one SQLite file.

Rows are numbered from 0 in the order of the documents, so that row i of the
vectors is passage i here.
"""

import json
import sqlite3
import sys
import weakref
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from cachetools import LRUCache, cached

from corpus.document import Document, Heading, Metadata, Passage, Sentence, Summary
from corpus.paragraphs import is_title
from corpus.quotes import leads
from index.writer import STORE_FILE

DOCUMENTS_KEPT = 32 * 2**20  # bytes of their texts that stay in memory
SUMMARIES_KEPT = 1_000  # of documents that stay in memory: some 1 MB
PASSAGES_KEPT = 20_000  # places of passages that stay in memory: some 10 MB


Row = tuple[Any, ...]


class Rows:
    """Asks a SQLite file that never changes; safe to share between threads.

    They take turns: since Python 3.12 threads that run one kept statement at once get each
    other's rows (https://github.com/python/cpython/issues/118172).
    """

    def __init__(self, file: Path) -> None:
        """Open `file`."""
        address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._turn = Lock()
        # A connection that was used refers to itself: left to Python, it stays open for a while.
        weakref.finalize(self, self._database.close)

    def __call__(self, query: str, *values: object) -> list[Row]:
        """All rows of `query`."""
        with self._turn:
            return self._database.execute(query, values).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


class Store:
    """Reads what a StoreWriter wrote; safe to share between threads.

    Numbers of passages and sentences count through the whole generation.
    """

    def __init__(self, folder: Path) -> None:
        """Open the file in `folder`, never to be changed."""
        self._rows = Rows(folder / STORE_FILE)
        # The caches do not refer to the store: it is freed with its last holder.
        texts: LRUCache[Any, Document] = LRUCache(DOCUMENTS_KEPT, _size_of)
        self.document = cached(texts, lock=Lock())(partial(_read_document, self._rows))
        self.summary = lru_cache(maxsize=SUMMARIES_KEPT)(partial(_read_summary, self._rows))
        self.passage = lru_cache(maxsize=PASSAGES_KEPT)(partial(_read_passage, self._rows))
        leading = partial(_leading, self._rows, self.document)
        self.leading = lru_cache(maxsize=PASSAGES_KEPT)(leading)
        found = self._rows("SELECT document FROM passages ORDER BY number")
        self.document_of_passage = np.fromiter((row[0] for row in found), np.int64)
        found = self._rows("SELECT language FROM documents ORDER BY number")
        languages = np.array([row[0] for row in found], str)
        self.language_of_passage = languages[self.document_of_passage]
        self.document_count = len(languages)
        self.sentence_count: int = self._one("SELECT count(*) FROM sentences")[0]

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.document_of_passage)

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()

    def document_ids(self) -> list[str]:
        """The ids of all documents, in order."""
        return [row[0] for row in self._rows("SELECT id FROM documents ORDER BY number")]

    def origins(self) -> list[str]:
        """What the documents were read from (`Document.origin`), in order."""
        return [row[0] for row in self._rows("SELECT origin FROM documents ORDER BY number")]

    def number_of(self, document_id: str) -> int | None:
        """The number of a document, None when there is no such id."""
        row = self._one("SELECT number FROM documents WHERE id = ?", document_id)
        return None if row is None else int(row[0])

    def sentences(self, first: int, last: int) -> list[Sentence]:
        """Sentences `first` to `last`, both included."""
        return _read_sentences(self._rows, first, last)

    def sentences_near(
        self, number: int, before: int, behind: int
    ) -> tuple[list[Sentence], list[Sentence]]:
        """Sentence `number` after those `before` it, and those `behind`, as its document has."""
        rows = self._rows(
            "SELECT b.number, b.start, b.end FROM sentences a JOIN sentences b "
            "ON b.document = a.document WHERE a.number = ? "
            "AND b.number BETWEEN a.number - ? AND a.number + ? ORDER BY b.number",
            number,
            before,
            behind,
        )
        here = 1 + [row[0] for row in rows].index(number)
        found = [Sentence(*row[1:]) for row in rows]
        return found[:here], found[here:]

    def sentences_of(self, document_id: str) -> list[Sentence]:
        """All sentences of a document, in order."""
        rows = self._rows(
            "SELECT start, end FROM sentences WHERE document = ? ORDER BY number",
            self.number_of(document_id),
        )
        return [Sentence(*row) for row in rows]

    def passages_of(self, document: int) -> list[Passage]:
        """All passages of document number `document`, in order."""
        found = self._rows(
            "SELECT number FROM passages WHERE document = ? ORDER BY number", document
        )
        return [self.passage(row[0]) for row in found]

    def language_of(self, number: int) -> str:
        """The language of passage `number`."""
        return str(self.language_of_passage[number])

    def indexed_text(self, number: int) -> str:
        """What is embedded and indexed for passage `number`: its context and its words."""
        document, start, end, above = self._one(
            "SELECT document, start, end, context FROM passages WHERE number = ?", number
        )
        return str(above) + self.document(document).plain[start:end]

    def contexts_of(self, document: int) -> list[tuple[str, int, int]]:
        """Of each passage of document number `document` the context, and its sentences' numbers."""
        return self._rows(
            "SELECT context, first, last FROM passages WHERE document = ? ORDER BY number", document
        )

    def sentence_text(self, number: int) -> tuple[str, str]:
        """The words of sentence `number`, and their language."""
        document, start, end = self._one(
            "SELECT document, start, end FROM sentences WHERE number = ?", number
        )
        found = self.document(document)
        return found.plain[start:end], found.language

    def _one(self, query: str, *values: object) -> Any:
        return next(iter(self._rows(query, *values)), None)


def _size_of(document: Document) -> int:
    size = sys.getsizeof(document.text) + sys.getsizeof(document.blanked)
    return min(size, DOCUMENTS_KEPT)  # the largest stays alone


def _read_passage(rows: Rows, number: int) -> Passage:
    """Passage `number`; its sentences are numbered through the generation."""
    [(document, start, end, headings, first, last)] = rows(
        "SELECT id, start, end, passages.headings, first, last FROM passages "
        "JOIN documents ON document = documents.number WHERE passages.number = ?",
        number,
    )
    return Passage(document, start, end, tuple(json.loads(headings)), first, last)


def _read_sentences(rows: Rows, first: int, last: int) -> list[Sentence]:
    found = rows(
        "SELECT start, end FROM sentences WHERE number BETWEEN ? AND ? ORDER BY number", first, last
    )
    return [Sentence(*row) for row in found]


def _leading(rows: Rows, document_of: Callable[[int], Document], number: int) -> tuple[int, ...]:
    """The sentences of passage `number`, from 0, that only lead to the one behind them.

    Questions are, bare answers to them, and the document's title.
    """
    [(place, first, last)] = rows(
        "SELECT document, first, last FROM passages WHERE number = ?", number
    )
    document = document_of(place)
    text, title = document.text, document.title
    places = _read_sentences(rows, first, last - 1)
    quotes = [text[place.start : place.end] for place in places]
    titled = bool(quotes) and is_title(title) and quotes[0].split() == title.split()
    found = (n for n, quote in enumerate(quotes) if leads(quote) or (titled and n == 0))
    return tuple(found)


def _read_document(rows: Rows, number: int) -> Document:
    [(identity, title, text, language, url, sha256, origin, headings, metadata, blanked)] = rows(
        "SELECT id, title, text, language, url, sha256, origin, headings, metadata, blanked "
        "FROM documents WHERE number = ?",
        number,
    )
    return Document(
        identity,
        title,
        text,
        language,
        url,
        sha256,
        origin,
        tuple(Heading(*values) for values in json.loads(headings)),
        (),
        _metadata(metadata),
        blanked,
    )


def _read_summary(rows: Rows, number: int) -> Summary:
    """Document `number` without its text, which stays in SQLite."""
    [(identity, title, language, url, sha256, characters, metadata)] = rows(
        "SELECT id, title, language, url, sha256, length(text), metadata "
        "FROM documents WHERE number = ?",
        number,
    )
    return Summary(identity, title, language, url, sha256, characters, _metadata(metadata))


def _metadata(written: str) -> Metadata:
    fields = json.loads(written)
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()
    }
