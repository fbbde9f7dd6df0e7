"""Refused questions: what is kept of them, by whom, for how long, and what never happens."""

import logging
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import ROOT

import qa.gaps
from corpus.errors import SettingsError
from qa.answer import Answer
from qa.gaps import Gap, GapLog

MONDAY, TUESDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 8)


def answer(question: str, reason: str | None = "no_match", language: str = "en") -> Answer:
    """A refusal for `reason`, an answer for None."""
    return Answer(question, language, reason is None, 0.1, reason, (), None, (), "v")


def kept(path: Path, *questions: str, day: date = MONDAY, **options: int) -> GapLog:
    """A file that has kept these questions on `day`."""
    log = GapLog(path, day=lambda: day, **options)
    for question in questions:
        log.keep(answer(question))
    return log


def test_a_refused_question_is_kept_with_its_day_and_nothing_finer(tmp_path: Path) -> None:
    """The file has five columns: day, language, reason, question, and how often that was."""
    log = kept(tmp_path / "gaps", "Where is the pool?")
    log.keep(answer("Dov'è il parco?", "low_confidence", "it"))
    log.keep(answer("Where is the tram?", None))
    assert log.read() == [
        Gap(MONDAY, "en", "no_match", "Where is the pool?", 1),
        Gap(MONDAY, "it", "low_confidence", "Dov'è il parco?", 1),
    ]
    columns = sqlite3.connect(tmp_path / "gaps").execute("SELECT * FROM gaps").description
    assert [column[0] for column in columns] == ["day", "language", "reason", "question", "times"]


def test_the_order_of_arrival_is_not_kept(tmp_path: Path) -> None:
    """Two orders of the same questions read the same; what comes again is only counted."""
    one = kept(tmp_path / "one", "b?", "a?", "b?").read()
    other = kept(tmp_path / "other", "b?", "b?", "a?").read()
    assert one == other
    assert [(gap.question, gap.times) for gap in one] == [("a?", 1), ("b?", 2)]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("May mario.rossi@example.it come?", "May … come?"),
        ("Whose is +39 011 443 3111?", "Whose is …?"),
        ("Whose is (410) 396-3100?", "Whose is …?"),
        ("Whose is +39 (011) 443 - 2100?", "Whose is …?"),
        ("Whose is +39 011  443 2100?", "Whose is …?"),
        ("Whose is 333\u00a0123\u00a04567?", "Whose is …?"),
        ("Whose is 333\u2011123\u20124567\t1?", "Whose is …?"),
        ("What of RSSMRA85T10A562S and card 1234567?", "What of … and card …?"),
        ("Which 14 cities joined in 2014-2020?", "Which 14 cities joined in 2014-2020?"),
    ],
)
def test_what_points_at_a_person_is_left_out(tmp_path: Path, question: str, words: str) -> None:
    """E-mail addresses, telephone numbers and codes are not kept; years and amounts are."""
    assert kept(tmp_path / "gaps", question).read()[0].question == words


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    """A new file has no rights for group and others."""
    kept(tmp_path / "new" / "gaps", "a?")
    assert stat.S_IMODE((tmp_path / "new" / "gaps").stat().st_mode) == 0o600


KEEP = """
import sys
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
import qa.gaps
from qa.gaps import GapLog
from test_gaps import answer
qa.gaps.BUSY_SECONDS = 60.0
log = GapLog(Path(sys.argv[1]))
with ThreadPoolExecutor(2) as threads:
    list(threads.map(lambda number: log.keep(answer(f"{number % 10}?")), range(40)))
"""


def python(script: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_several_processes_keep_in_one_file(tmp_path: Path) -> None:
    """Three processes of two threads lose no question, however long each has to wait."""
    processes = [python(KEEP, str(tmp_path / "gaps")) for _ in range(3)]
    assert [process.communicate()[1] for process in processes] == [""] * 3
    assert [gap.times for gap in GapLog(tmp_path / "gaps").read()] == [12] * 10


def test_a_locked_file_is_logged_once_and_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While another program holds the file nothing is kept or raised; afterwards it goes on."""
    monkeypatch.setattr(qa.gaps, "BUSY_SECONDS", 0.01)
    log = kept(tmp_path / "gaps", "before?")
    other = sqlite3.connect(tmp_path / "gaps", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with caplog.at_level(logging.ERROR, "rinvio"):
        log.keep(answer("in vain?"))
        log.keep(answer("in vain?"))
    other.close()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "in vain" not in caplog.text
    log.keep(answer("later?"))
    assert [gap.question for gap in log.read()] == ["before?", "later?"]


FULL = """
import resource, sys
from pathlib import Path
from qa.gaps import GapLog
from test_gaps import answer
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
log = GapLog(Path(sys.argv[1]))
for number in range(300):
    log.keep(answer(f"{number} " * 20))
print("answered all the same", file=sys.stderr)
"""


def test_the_time_to_wait_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.15 takes no more than the address of a file by its place."""
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda address, **named: connect(address, **named))
    assert kept(tmp_path / "gaps", "a?").read()[0].question == "a?"


def test_a_full_disk_harms_nothing(tmp_path: Path) -> None:
    """Where a file cannot grow, one line is logged and the answers go on."""
    said = python(FULL, str(tmp_path / "gaps")).communicate()[1].splitlines()
    assert len(said) == 2
    assert said[0].startswith(f"refused questions are not kept: {tmp_path / 'gaps'}")
    assert said[1] == "answered all the same"


def test_the_oldest_days_go_first(tmp_path: Path) -> None:
    """Beyond the number of rows whole days are deleted, the oldest first."""
    for day in (MONDAY, TUESDAY, SUNDAY):
        kept(tmp_path / "gaps", *"abcd", day=day, rows=10)
    assert {gap.day for gap in GapLog(tmp_path / "gaps").read()} == {TUESDAY, SUNDAY}


def test_a_busy_day_keeps_what_it_has(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Beyond the limit one day takes no other questions, and goes on counting those it has."""
    log = kept(tmp_path / "gaps", *"abcdefghij", *"klmab", day=TUESDAY, rows=10)
    assert [(gap.question, gap.times) for gap in log.read()] == [
        *(("a", 2), ("b", 2)),
        *((letter, 1) for letter in "cdefghij"),
    ]
    assert caplog.messages == ["refused questions: no more different ones are kept of 2026-03-03"]
    kept(tmp_path / "gaps", "z", day=SUNDAY, rows=10)
    assert [gap.question for gap in log.read()] == ["z"]


def test_a_day_that_is_none_is_damage(tmp_path: Path) -> None:
    """What somebody else wrote into the file is refused with its cure."""
    log = kept(tmp_path / "gaps", "a")
    with sqlite3.connect(tmp_path / "gaps") as database:
        database.execute("UPDATE gaps SET day = 'yesterday'")
    with pytest.raises(SettingsError, match="cannot be used"):
        log.read()


def test_each_process_looks_at_the_limit(tmp_path: Path) -> None:
    """One that ends before its hundredth question has deleted what was too much as well."""
    for number in range(30):
        kept(tmp_path / "gaps", "why?", day=MONDAY + timedelta(number), rows=1000)
    kept(tmp_path / "gaps", "why?", day=MONDAY + timedelta(30), rows=5)
    assert len(GapLog(tmp_path / "gaps").read()) <= 6


def test_days_are_forgotten_on_demand(tmp_path: Path) -> None:
    """What is deleted is gone from the file's bytes too; later days stay."""
    log = kept(tmp_path / "gaps", "an old secret?", "an old secret?")
    kept(tmp_path / "gaps", "new?", day=SUNDAY)
    assert log.forget(SUNDAY) == 2
    assert b"secret" not in (tmp_path / "gaps").read_bytes()
    assert [gap.question for gap in log.read()] == ["new?"]
    assert [gap.question for gap in log.read(date(2026, 3, 9))] == []


def test_without_a_file_there_is_nothing(tmp_path: Path) -> None:
    """Reading and forgetting before the first refusal find nothing, and make no file."""
    log = GapLog(tmp_path / "gaps")
    assert (log.read(), log.forget(SUNDAY)) == ([], 0)
    assert not (tmp_path / "gaps").exists()


def test_a_damaged_file_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Reading it is refused with its name and the cure; keeping in it fails in silence."""
    (tmp_path / "gaps").write_bytes(b"?" * 8192)
    kept(tmp_path / "gaps", "a?")
    with pytest.raises(SettingsError, match="gaps cannot be used"):
        GapLog(tmp_path / "gaps").read()


def test_what_a_killed_process_left_half_written_is_taken_back(tmp_path: Path) -> None:
    """Reading needs the journal rolled back, and is no damage."""
    kept(tmp_path / "gaps", "a?")
    with closing(sqlite3.connect(tmp_path / "gaps", isolation_level=None)) as database:
        database.execute("PRAGMA cache_size = 1")
        database.execute("BEGIN IMMEDIATE")
        database.execute("CREATE TABLE more (x)")
        for _ in range(9):
            database.execute("INSERT INTO more VALUES (zeroblob(9999))")
        for name in ("gaps", "gaps-journal"):
            shutil.copy(tmp_path / name, tmp_path / f"killed{name[4:]}")
    assert [gap.question for gap in GapLog(tmp_path / "killed").read()] == ["a?"]
