"""A build that is killed never harms what is served."""

import random
import signal
import subprocess
import sys
from pathlib import Path

from conftest import ROOT
from fakes import build_fake, documents_of, open_fake, write

from index.publishing import history
from views.schemas import answer_json

# The child counts what it does to files and kills itself at a given one: a moment of
# the build, chosen at random beforehand, that needs no clock.
BUILD = """
import os, signal, sys
from pathlib import Path
import cli, faiss, bm25s, index.build, nltk.tokenize.punkt, punkt.data.english
from corpus.reading import read_corpus
from fakes import build_fake
stop = int(sys.argv[1])
seen = 0
def count(event, args):
    global seen
    if event in {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect"}:
        seen += 1
        if seen == stop:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
build_fake(Path("index"), read_corpus(Path("new")), progress=lambda *_: open(os.devnull).close())
print(seen)
"""
MOMENTS = 20


def run_build(folder: Path, stop: int) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    return subprocess.run(
        [sys.executable, "-c", BUILD, str(stop)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_build_killed_at_any_moment_leaves_the_answers_unchanged(tmp_path: Path) -> None:
    """SIGKILL at 20 random moments: old or new generation whole, never anything between."""
    index = tmp_path / "index"
    old = documents_of(tmp_path / "old", {"a.txt": "The tram stops at the harbour."})
    write(tmp_path / "new", {f"{n}.txt": f"Bus {n} stops at the town hall." for n in range(12)})
    first = build_fake(index, old)
    ask = "where does the tram stop?"
    answer = answer_json(open_fake(index).ask(ask))
    done = run_build(tmp_path, 0)
    moments = int(done.stdout)
    assert moments > 50, done.stderr
    after = history(index)[0]
    killed = 0
    for stop in random.Random(7).sample(range(1, moments), MOMENTS):
        build_fake(index, old)
        (index / "CURRENT").write_text(first.index_version + "\n")
        ended = run_build(tmp_path, stop)
        killed += ended.returncode == -signal.SIGKILL
        assert history(index)[0] in {first.index_version, after}
        if history(index)[0] == first.index_version:
            assert answer_json(open_fake(index).ask(ask)) == answer
        else:
            assert open_fake(index).document_count == 12
    assert killed == MOMENTS
    assert run_build(tmp_path, 0).returncode == 0
    assert history(index)[0] == after
