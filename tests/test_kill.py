"""A build that is killed never harms what is served."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from conftest import ROOT
from fakes import build_fake, documents_of, open_fake

from index.embedded import KEPT_FILE
from index.publishing import history
from views.schemas import answer_json

# The child counts what it does to files and kills itself at a given one: a moment of
# the build, chosen at random beforehand, that needs no clock.
BUILD = """
import os, signal, sys
from pathlib import Path
import cli, faiss, bm25s, index.build, index.embedding, nltk.tokenize.punkt, punkt.data.english
from corpus.reading import read_corpus
from fakes import build_fake
stop = int(sys.argv[1])
index.embedding.CHUNK = 4
seen = 0
def count(event, args):
    global seen
    if event in {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect"}:
        seen += 1
        if seen == stop:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
embedding = []
def progress(step, *_):
    open(os.devnull).close()
    if step == "embedding":
        embedding.append(seen)
build_fake(Path("index"), read_corpus(Path("new")), progress=progress)
print(seen, *embedding[:1], *embedding[-1:])
"""
MOMENTS = 15  # of the whole build; those between two chunks of texts come besides


def run_build(folder: Path, stop: int) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    return subprocess.run(
        [sys.executable, "-c", BUILD, str(stop)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )


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
    done = run_build(tmp_path, 0)
    moments, begin, end = map(int, done.stdout.split())
    assert moments > 50, done.stderr
    after = history(index)[0]
    resumed = set()
    chosen = random.Random(7).sample(range(1, moments), MOMENTS)
    for stop in [*chosen, *range(begin, end)]:
        build_fake(index, old)
        (index / "CURRENT").write_text(first.index_version + "\n")
        shutil.rmtree(index / "generations" / after, ignore_errors=True)
        assert run_build(tmp_path, stop).returncode == -signal.SIGKILL
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
    assert run_build(tmp_path, 0).returncode == 0
    assert history(index)[0] == after
