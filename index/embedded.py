"""The vectors of a generation that is being built: those it has already, and those it still needs.

What is embedded goes into a file beside the generations, a chunk at a time, and from
there into the new generation: the next build goes on where one was killed.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.arrays import Numbers, Rows
from index.earlier import Earlier, Table
from index.writer import attach

KEPT_FILE = "embedded.sqlite"
BLOCK = 512  # rows handed out at a time

# {} is one of the tables. `known` names the earlier generation's first row of each key.
KEPT = "CREATE TABLE IF NOT EXISTS {} (key BLOB PRIMARY KEY, vector BLOB)"
KNOWN = "CREATE TEMP TABLE known_{} (key BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID"
FIRST = "INSERT INTO known_{0} SELECT key, min(number) FROM earlier.{0} GROUP BY key"
FORGET = "DELETE FROM main.{0} WHERE key NOT IN (SELECT key FROM fresh.{0})"
MISSING = (
    "SELECT min(number) FROM fresh.{0} WHERE key NOT IN (SELECT key FROM known_{0}) "
    "AND key NOT IN (SELECT key FROM main.{0}) GROUP BY key ORDER BY 1"
)
COUNT = "SELECT count(*) FROM main.{}"
ADD = "INSERT INTO main.{0} SELECT key, ? FROM fresh.{0} WHERE number = ?"
FOUND = (
    "SELECT known_{0}.number, kept.vector FROM fresh.{0} AS wanted "
    "LEFT JOIN known_{0} ON known_{0}.key = wanted.key "
    "LEFT JOIN main.{0} AS kept ON kept.key = wanted.key ORDER BY wanted.number"
)


class Embedded:
    """The vectors of a generation that is being built, wherever they come from.

    Texts are named by their numbers in the new store; equal texts share a vector.
    """

    def __init__(self, index: Path, fresh: Path, earlier: Earlier | None) -> None:
        """Open or begin the file in `index` for the store in `fresh`; forget what it lacks."""
        self._earlier = earlier
        self._database = _opened(index / KEPT_FILE)
        try:
            self._begin(fresh)
        except BaseException:
            self.close()
            raise

    def _begin(self, fresh: Path) -> None:
        attach(self._database, "fresh", fresh)
        if self._earlier:
            attach(self._database, "earlier", self._earlier.folder)
        for table in ("passages", "sentences"):
            for query in (KEPT, KNOWN, *([FIRST] if self._earlier else []), FORGET):
                self._database.execute(query.format(table))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def kept(self, table: Table) -> int:
        """How many vectors a killed build has left."""
        return int(self._database.execute(COUNT.format(table)).fetchone()[0])

    def missing(self, table: Table) -> Numbers:
        """The texts that have no vector yet, in order, one for all that are equal."""
        rows = self._database.execute(MISSING.format(table))
        return np.fromiter((row[0] for row in rows), np.int64)

    def add(self, table: Table, numbers: Sequence[int], vectors: Rows) -> None:
        """Keep the vectors of the texts `numbers`, safe on the disk when it returns."""
        rows = zip((vector.tobytes() for vector in vectors), numbers, strict=True)
        self._database.execute("BEGIN")
        self._database.executemany(ADD.format(table), rows)
        self._database.execute("COMMIT")

    def blocks(self, table: Table, dtype: type, dimension: int) -> Iterator[Rows]:
        """The vectors of all texts, in order, as `dtype` of shape (at most BLOCK, dimension)."""
        found = self._database.execute(FOUND.format(table))
        while chunk := found.fetchmany(BLOCK):
            numbers = np.array([-1 if row is None else row for row, _ in chunk], np.int64)
            block: Rows = np.empty((len(chunk), dimension), dtype)
            taken = numbers >= 0
            if self._earlier and taken.any():
                block[taken] = self._earlier.rows(table, numbers[taken])
            for place in np.flatnonzero(~taken):
                block[place] = np.frombuffer(chunk[place][1], dtype)
            yield block


def _opened(path: Path) -> sqlite3.Connection:
    """The file; a damaged one is begun anew, since all that it holds can be embedded again."""
    database = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
    try:
        state = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            database.close()
            raise
        state = str(error)
    if state == "ok":
        return database
    database.close()
    path.unlink()
    return _opened(path)
