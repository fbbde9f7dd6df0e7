"""Remembers every quote that any generation could cite, so that old citations can be checked.

One SQLite file beside the generations, only ever added to: a build writes its
quotes here before it is published. A row is a quote in one version of a document;
`whole` names the documents whose every quote is here, by the code and the encoder that cut them.
"""

import hashlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from corpus.errors import GenerationError
from corpus.quotes import citable
from index.files import sync
from index.publishing import history
from index.recipe import recipe
from index.store import Store

log = logging.getLogger("rinvio")
LEDGER_FILE = "citations.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS citations (number INTEGER PRIMARY KEY, id TEXT, document_id TEXT,
    sha256 TEXT, start INTEGER, end INTEGER, quote TEXT, UNIQUE (id, sha256, start));
CREATE TABLE IF NOT EXISTS whole (origin TEXT, recipe TEXT, PRIMARY KEY (origin, recipe))
    WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Given:
    """A quote as it stood in the version of its document that has this sha256."""

    document_id: str
    sha256: str
    start: int
    end: int
    quote: str


def citation_id(document_id: str, quote: str) -> str:
    """The id of a quote in a document: the same in every generation that holds it."""
    return "c-" + hashlib.sha256(f"{document_id}\n{quote}".encode()).hexdigest()[:16]


def remember(index: Path, store: Store, encoder: str) -> None:
    """Add every place that `store`, cut for `encoder`, lets be cited and that is not known yet.

    A copy is filled and takes the file's place in one rename: whenever a build is killed,
    readers find a whole file without a journal. Where no document is new nothing is written; where
    the file is lost, the log says so.
    """
    if _is_lost(index):
        log.warning(
            "%s is missing: a new one begins, and citations of what documents said before are "
            "unknown; a backup may be put back in its place",
            index / LEDGER_FILE,
        )
    with _refusing_damage(index):
        way = f"{recipe()} {encoder}"  # an encoder of fewer tokens cuts long sentences shorter
        new = _new(index, store, way)
        if not new:
            return
        aside = index / "building" / LEDGER_FILE
        aside.parent.mkdir(exist_ok=True)
        if (index / LEDGER_FILE).is_file():
            shutil.copyfile(index / LEDGER_FILE, aside)
    with (
        _refusing_damage(index, sqlite3.OperationalError),  # a full disk damages nothing
        closing(sqlite3.connect(aside)) as database,
        database,
    ):
        database.executescript(SCHEMA)
        for number in new:
            _add(database, store.document(number), store, way)
    sync(aside)
    os.replace(aside, index / LEDGER_FILE)


def _new(index: Path, store: Store, way: str) -> list[int]:
    """The numbers of the documents whose quotes, cut in this way, are not all known."""
    if not (index / LEDGER_FILE).is_file():
        return list(range(store.document_count))
    with closing(_connect(index)) as database:
        if "whole" not in _tables(database):
            return list(range(store.document_count))  # written before documents were noted
        query = "SELECT 1 FROM whole WHERE origin = ? AND recipe = ?"
        known = (database.execute(query, (origin, way)).fetchone() for origin in store.origins())
        return [number for number, found in enumerate(known) if not found]


def _add(database: sqlite3.Connection, document: Document, store: Store, way: str) -> None:
    spans = citable(document.text, store.sentences_of(document.id))
    quotes = [(span, document.text[span.start : span.end]) for span in spans]
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
    database.execute("INSERT OR IGNORE INTO whole VALUES (?, ?)", (document.origin, way))


def recall(index: Path, identity: str) -> list[Given]:
    """Every known place of a citation, the oldest first; none for an id never given out."""
    if not (index / LEDGER_FILE).is_file():
        return []
    with _refusing_damage(index), closing(_connect(index)) as database:
        rows = database.execute(
            "SELECT document_id, sha256, start, end, quote FROM citations "
            "WHERE id = ? ORDER BY number",
            (identity,),
        ).fetchall()
    return [Given(*row) for row in rows]


def _is_lost(index: Path) -> bool:
    """Whether the file is missing although a generation was served, whose quotes it would hold."""
    return not (index / LEDGER_FILE).exists() and bool(history(index))


def check_ledger(index: Path) -> None:
    """Read the file from end to end; GenerationError where it is damaged or lost."""
    if _is_lost(index):
        raise GenerationError(
            f"{index / LEDGER_FILE} is missing.",
            "Restore it from a backup. Otherwise the next build begins a new one, and citations "
            "of what documents said before are unknown.",
        )
    if not (index / LEDGER_FILE).is_file():
        return
    with _refusing_damage(index), closing(_connect(index)) as database:
        [(found,), *_] = database.execute("PRAGMA quick_check(1)").fetchall()
        if found != "ok":
            raise sqlite3.DatabaseError(found.splitlines()[-1])
        _tables(database)


def _tables(database: sqlite3.Connection) -> set[str]:
    """The names of what is in the file; an empty file is none of ours, though SQLite reads it."""
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    if "citations" not in names:
        raise sqlite3.DatabaseError("it holds no citations")
    return names


def _connect(index: Path) -> sqlite3.Connection:
    address = (index / LEDGER_FILE).absolute().as_uri()
    return sqlite3.connect(f"{address}?mode=ro", uri=True)


@contextmanager
def _refusing_damage(index: Path, *others: type[sqlite3.Error]) -> Iterator[None]:
    """GenerationError for what SQLite says of the file; `others` are none of its faults."""
    try:
        yield
    except others:
        raise
    except sqlite3.Error as error:
        if not os.access(index / LEDGER_FILE, os.R_OK):
            raise GenerationError(
                f"{index / LEDGER_FILE} may not be read.", "Change its permissions, or whose it is."
            ) from error
        raise GenerationError(
            f"{index / LEDGER_FILE} cannot be used ({error}).",
            "Restore it from a backup, or move it away: a new one begins with the next build.",
        ) from error
