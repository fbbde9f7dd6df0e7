"""Remembers every sentence that any generation could cite, so that old citations can be checked.

One SQLite file beside the generations, only ever added to: a build writes its
sentences here before it is published. A row is a quote in one version of a document.
"""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.store import Store

LEDGER_FILE = "citations.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS citations (number INTEGER PRIMARY KEY, id TEXT, document_id TEXT,
    sha256 TEXT, start INTEGER, end INTEGER, quote TEXT, UNIQUE (id, sha256, start));
"""


@dataclass(frozen=True)
class Known:
    """A quote as it stood in the version of its document that has this sha256."""

    document_id: str
    sha256: str
    start: int
    end: int
    quote: str


def citation_id(document_id: str, quote: str) -> str:
    """The id of a quote in a document: the same in every generation that holds it."""
    return "c-" + hashlib.sha256(f"{document_id}\n{quote}".encode()).hexdigest()[:16]


def remember(index: Path, store: Store) -> None:
    """Add every sentence of `store` that is not known yet, in one transaction."""
    with closing(sqlite3.connect(index / LEDGER_FILE)) as database, database:
        database.executescript(SCHEMA)
        known = {row[0] for row in database.execute("SELECT DISTINCT sha256 FROM citations")}
        for number in range(len(store.document_ids())):
            document = store.document(number)
            if document.sha256 in known:
                continue
            quotes = [
                (span, document.text[span.start : span.end])
                for span in store.sentences_of(document.id)
            ]
            database.executemany(
                "INSERT OR IGNORE INTO citations (id, document_id, sha256, start, end, quote) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        citation_id(document.id, quote),
                        document.id,
                        document.sha256,
                        span.start,
                        span.end,
                        quote,
                    )
                    for span, quote in quotes
                ],
            )


def recall(index: Path, identity: str) -> list[Known]:
    """Every known place of a citation, the oldest first; none for an id never given out."""
    path = index / LEDGER_FILE
    if not path.is_file():
        return []
    with closing(sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT document_id, sha256, start, end, quote FROM citations "
            "WHERE id = ? ORDER BY number",
            (identity,),
        ).fetchall()
    return [Known(*row) for row in rows]
