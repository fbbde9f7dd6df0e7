"""What a build changes: its documents against those of the generation before."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.writer import attach

QUERIES = {
    "added": "SELECT id FROM fresh.documents WHERE id NOT IN (SELECT id FROM earlier.documents)",
    "changed": "SELECT fresh.documents.id FROM fresh.documents JOIN earlier.documents USING (id) "
    "WHERE fresh.documents.origin <> earlier.documents.origin",
    "removed": "SELECT id FROM earlier.documents WHERE id NOT IN (SELECT id FROM fresh.documents)",
}
UNCHANGED = "SELECT count(*) FROM fresh.documents JOIN earlier.documents USING (id, origin)"


@dataclass(frozen=True)
class Changes:
    """The ids of the documents that are new, read from other bytes, or gone; how many stay."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def changes(fresh: Path, earlier: Path | None) -> Changes:
    """The documents of the store in `fresh` against those in `earlier`, if there is one."""
    with closing(sqlite3.connect(":memory:", uri=True)) as database:
        attach(database, "fresh", fresh)
        if earlier:
            attach(database, "earlier", earlier)
        else:
            database.execute("ATTACH ':memory:' AS earlier")
            database.execute("CREATE TABLE earlier.documents (id TEXT, origin TEXT)")
        ids = {
            name: tuple(row[0] for row in database.execute(query))
            for name, query in QUERIES.items()
        }
        unchanged = database.execute(UNCHANGED).fetchone()[0]
    return Changes(**ids, unchanged=unchanged)
