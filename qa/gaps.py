"""Keeps refused questions where the operator asked for it: what was asked, why in vain, which day.

Nothing else is kept: no address, no id, no time of day. Rows are sorted by what is in
them, and the same question of one day is one row with a count, so that no order of arrival
remains to be read. E-mail addresses and long numbers are left out of the words.
"""

import logging
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import get_ident

from corpus.errors import SettingsError
from qa.answer import Answer

ROWS = 100_000  # different questions a day, over all days; beyond, the oldest days go
BUSY_SECONDS = 1.0  # another process writes for some milliseconds
SCHEMA = """CREATE TABLE IF NOT EXISTS gaps (day TEXT, language TEXT, reason TEXT, question TEXT,
    times INTEGER, PRIMARY KEY (day, language, reason, question)) WITHOUT ROWID"""
ADD = "INSERT INTO gaps VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1"
AGAIN = """UPDATE gaps SET times = times + 1
    WHERE day = ? AND language = ? AND reason = ? AND question = ?"""
DELETE = "DELETE FROM gaps WHERE day < ? RETURNING times"
PRUNE = """DELETE FROM gaps WHERE day < ?
    AND day <= (SELECT day FROM gaps ORDER BY day DESC LIMIT 1 OFFSET ?)"""
COUNT = "SELECT count(*) FROM gaps WHERE day = ?"
READ = "SELECT day, language, reason, question, times FROM gaps WHERE day >= ?"
# Whoever is meant by it: an e-mail address; a telephone number of nine digits or more, spaces
# and brackets and all; a code with six or more, as an identity card or an Italian tax code has.
TELLING = re.compile(
    r"\S+@\S+|\+?\(?\d(?:[\s()./\u2010-\u2015\u2212-]{0,3}\d){8,}|\b(?=(?:[^\W\d]*\d){6})\w+"
)
log = logging.getLogger("rinvio")


@dataclass(frozen=True)
class Gap:
    """A question that was refused `times` times on one day (UTC), for one reason."""

    day: date
    language: str
    reason: str
    question: str
    times: int


def today() -> date:
    """The date in UTC."""
    return datetime.now(UTC).date()


class GapLog:
    """An SQLite file of refused questions; any number of threads and processes may keep in it."""

    def __init__(self, path: Path, rows: int = ROWS, day: Callable[[], date] = today) -> None:
        """Use the file `path`, made when the first question is kept, of about `rows` rows."""
        self._path = Path(os.path.realpath(path))  # a link may name a file that is not there yet
        self._rows = rows
        self._day = day
        self._kept = -1  # the first in a process looks at the limit: it may not live to the next
        self._full = ""  # the day that takes no more different questions
        self._failed = False

    @classmethod
    def of(cls, path: Path | None) -> "GapLog":
        """The file of the setting `gaps`; SettingsError when there is none."""
        if path is None:
            raise SettingsError(
                "Refused questions are not kept: the setting gaps names no file.",
                "Name one for the service and here: RINVIO_GAPS, gaps in rinvio.toml, or --gaps.",
            )
        if path.is_dir():
            raise SettingsError(f"{path} is a folder.", "Name a file for refused questions.")
        return cls(path)

    def keep(self, answer: Answer) -> None:
        """Add the question of `answer` if it was refused; never raises.

        What stands against it (a full disk, a locked file) is logged once in a process.
        """
        if answer.answered:
            return
        words = TELLING.sub("…", answer.question)
        try:
            with self._writing() as database:
                day = self._day().isoformat()
                row = (day, answer.language, answer.reason, words)
                database.execute(AGAIN if self._full == day else ADD, row)
                self._prune(database, day)
        except (sqlite3.Error, OSError) as error:
            if not self._failed:
                log.error("refused questions are not kept: %s (%s)", self._path, error)
            self._failed = True

    def read(self, since: date = date.min) -> list[Gap]:
        """The refused questions of `since` and later, by day; none when there is no file yet.

        SettingsError when the file cannot be read.
        """
        if not self._path.is_file():
            return []
        with self._refusing_damage(), closing(self._connect()) as database:
            rows = database.execute(READ, (since.isoformat(),)).fetchall()
            return [Gap(date.fromisoformat(day), *rest) for day, *rest in rows]

    def forget(self, before: date) -> int:
        """Delete what was asked before a day, and return how many questions that were.

        SettingsError when the file cannot be written.
        """
        if not self._path.is_file():
            return 0
        with self._refusing_damage(), self._writing() as database:
            rows = database.execute(DELETE, (before.isoformat(),)).fetchall()
        return sum(times for (times,) in rows)

    def _prune(self, database: sqlite3.Connection, day: str) -> None:
        """Delete the oldest days beyond the limit; looked at now and then, as it counts rows.

        A `day` that has so many by itself keeps them, and counts only those from then on.
        """
        self._kept += 1
        if self._kept % max(self._rows // 100, 1):
            return
        database.execute(PRUNE, (day, self._rows))
        if self._full != day and database.execute(COUNT, (day,)).fetchone()[0] >= self._rows:
            self._full = day
            log.warning("refused questions: no more different ones are kept of %s", day)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One short transaction, after which nothing is open or locked."""
        if not self._path.exists():
            self._begin()
        with closing(self._connect()) as database:
            database.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
            database.execute("PRAGMA synchronous = OFF")  # waiting for the disk holds up the others
            database.execute("BEGIN IMMEDIATE")
            database.execute(SCHEMA)
            yield database
            database.execute("COMMIT")

    def _begin(self) -> None:
        """Make the file, its table in it, in one step, for its owner only.

        SQLite takes the journal of whoever fills an empty file for a remnant, and deletes it.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}-{get_ident()}")
        try:
            aside.touch(mode=0o600)
            with closing(sqlite3.connect(aside)) as database:
                database.execute(SCHEMA)
            with suppress(FileExistsError):  # another one was faster
                os.link(aside, self._path)
        finally:
            aside.unlink(missing_ok=True)

    def _connect(self) -> sqlite3.Connection:
        """To read, too: what a killed process left half-written is taken back by whoever opens."""
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(address, timeout=BUSY_SECONDS, isolation_level=None, uri=True)

    @contextmanager
    def _refusing_damage(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            raise SettingsError(
                f"The refused questions in {self._path} cannot be used ({error}).",
                "Check its permissions, or move it away: a new file begins by itself.",
            ) from error
