"""A build that is killed never harms what is served."""

import os
import random
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from fakes import build_fake, documents_of, open_fake, read_corpus
from processes import outcome

import index.embedding
from index.embedded import KEPT_FILE
from index.publishing import history
from views.schemas import answer_json

DEEDS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect"}
MOMENTS = 15  # of the whole build; those between two chunks of texts come besides


class Built(NamedTuple):
    """What a build that was not killed had done to files: in all, and at each step of embedding.

    They are moments of a build that need no clock.
    """

    moments: int
    embedding: list[int]


def run_build(folder: Path, stop: int) -> tuple[int | None, Built | None]:
    """Build `new` in a process that kills itself at its `stop`th deed to files, if any is it."""
    return outcome(_build, folder, stop)


def _build(folder: Path, stop: int) -> Built:
    index.embedding.CHUNK = 4
    seen = 0
    embedding = []

    def count(event: str, _: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in DEEDS:
            seen += 1
            if seen == stop:
                os.kill(os.getpid(), signal.SIGKILL)

    def progress(step: str, *_: int) -> None:
        Path(os.devnull).open().close()
        if step == "embedding":
            embedding.append(seen)

    sys.addaudithook(count)
    build_fake(folder / "index", read_corpus(folder / "new"), progress=progress)
    return Built(seen, embedding)


def kept(index: Path) -> int:
    """How many vectors stand in the file that a killed build leaves."""
    if not (index / KEPT_FILE).is_file():
        return 0
    with closing(sqlite3.connect(index / KEPT_FILE)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master")]
        counted = [
            database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("passages", "sentences")
            if name in tables
        ]
    return sum(counted)


def test_a_build_killed_at_any_moment_leaves_the_answers_unchanged(tmp_path: Path) -> None:
    """SIGKILL at random moments, and while embedding: the old or the new generation, whole.

    The next build embeds what the killed one had not, and no more.
    """
    index = tmp_path / "index"
    old = documents_of(tmp_path / "old", {"a.txt": "The tram stops at the harbour."})
    files = {f"{n}.txt": f"Bus {n} stops at the town hall." for n in range(12)}
    new = documents_of(tmp_path / "new", files)
    first = build_fake(index, old)
    ask = "where does the tram stop?"
    answer = answer_json(open_fake(index).ask(ask))
    assert run_build(tmp_path, 0)[0] == 0
    after = history(index)[0]

    def begin_again() -> None:
        build_fake(index, old)
        (index / "CURRENT").write_text(first.index_version + "\n")
        shutil.rmtree(index / "generations" / after, ignore_errors=True)

    begin_again()  # with the new citations known, as for those that are killed
    _, done = run_build(tmp_path, 0)
    assert done is not None
    assert done.moments > 50
    resumed = set()
    chosen = random.Random(7).sample(range(1, done.moments), MOMENTS)
    for stop in [*chosen, *range(done.embedding[0], done.embedding[-1])]:
        begin_again()
        assert run_build(tmp_path, stop) == (-signal.SIGKILL, None)
        assert history(index)[0] in {first.index_version, after}
        if history(index)[0] == after:
            assert open_fake(index).document_count == 12
            continue
        assert answer_json(open_fake(index).ask(ask)) == answer
        left = kept(index)
        report = build_fake(index, new)
        assert (report.resumed, report.index_version) == (left, after)
        resumed.add(left)
    assert len(resumed) > 2
    assert run_build(tmp_path, 0)[0] == 0
    assert history(index)[0] == after
