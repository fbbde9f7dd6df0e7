"""Whatever the disk does to a build, what is served stays, and the error says what to do."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import filelock
import pytest
from conftest import ROOT
from fakes import build_fake, documents_of, open_fake

from corpus.errors import GenerationError
from index.ledger import LEDGER_FILE
from index.publishing import current, history, rollback

TRAM = "The tram stops at the harbour."
MOMENTS = 8
NEW = {f"{number}.txt": f"Bus {number} stops at the town hall." for number in range(12)}

# The child counts what it writes below the index, and has no space left from a given one on;
# or no file may be longer than so many bytes, which SQLite meets as well.
BUILD = """
import os, resource, sys
from pathlib import Path
import cli, faiss, bm25s, index.build, index.embedding, punkt.data.english
from corpus.errors import RinvioError
from corpus.reading import read_corpus
from fakes import build_fake, fake_encoder_folder
kind, limit = sys.argv[1], int(sys.argv[2])
fake_encoder_folder(Path("index"))
documents = list(read_corpus(Path("new")))
seen = 0
def full(event, args):
    global seen
    writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR) and "index" in str(args[0])
    address = str(args[0]) if args else ""
    writes |= event == "sqlite3.connect" and not ("mode=ro" in address or ":memory:" in address)
    if writes or event in {"os.mkdir", "os.rename"}:
        seen += 1
        if kind == "events" and seen >= limit:
            raise OSError(28, "No space left on device")
if kind == "bytes":
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.addaudithook(full)
try:
    build_fake(Path("index"), documents)
    print(seen)
except RinvioError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


def run_build(folder: Path, kind: str, limit: int) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"}
    arguments = [sys.executable, "-c", BUILD, kind, str(limit)]
    return subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True)


def test_a_full_disk_at_any_moment_leaves_what_is_served(tmp_path: Path) -> None:
    """No space for the n-th write and all after it: said with its cure, nothing half-written."""
    index = tmp_path / "index"
    first = build_fake(index, documents_of(tmp_path / "old", {"a.txt": TRAM}))
    documents_of(tmp_path / "new", NEW)
    whole = run_build(tmp_path, "events", 10**6)
    moments = int(whole.stdout)
    assert moments > 20, whole.stderr
    new, _ = rollback(index)
    shutil.rmtree(index / "generations" / new)
    (index / LEDGER_FILE).unlink()
    for moment in random.Random(1).sample(range(1, moments), MOMENTS):
        ended = run_build(tmp_path, "events", moment)
        assert ended.returncode == 2, ended.stderr
        assert "cannot be written" in ended.stderr
        assert "No space left on device" in ended.stderr
        assert history(index) == [first.index_version]
        assert not (index / "building").exists()
    assert open_fake(index).document_count == 1
    assert [path.name for path in (index / "generations").iterdir()] == [first.index_version]
    assert run_build(tmp_path, "events", 10**6).returncode == 0


@pytest.mark.parametrize("limit", [1_000, 5_000, 20_000])
def test_files_that_cannot_grow_leave_what_is_served(tmp_path: Path, limit: int) -> None:
    """A write that fails half-way, in SQLite too, is an error like a full disk."""
    index = tmp_path / "index"
    first = build_fake(index, documents_of(tmp_path / "old", {"a.txt": TRAM}))
    documents_of(tmp_path / "new", NEW)
    ended = run_build(tmp_path, "bytes", limit)
    assert (ended.returncode, "cannot be" in ended.stderr) == (2, True), ended.stderr
    assert open_fake(index).index_version == first.index_version
    assert run_build(tmp_path, "bytes", 10**9).returncode == 0


def test_a_read_only_index_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not even the lock can be taken, the error names the folder; it can be asked still."""
    index = tmp_path / "index"
    documents = documents_of(tmp_path / "old", {"a.txt": TRAM})
    first = build_fake(index, documents)

    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(filelock.FileLock, "acquire", read_only)
        with pytest.raises(GenerationError, match=r"index cannot be written \(Read-only file sys"):
            build_fake(index, documents)
    assert open_fake(index).index_version == first.index_version


def test_a_lost_pointer_is_said_with_what_is_still_there(tmp_path: Path) -> None:
    """Without CURRENT the error names the generations, and rollback serves one again."""
    index = tmp_path / "index"
    first = build_fake(index, documents_of(tmp_path / "old", {"a.txt": TRAM}))
    (index / "CURRENT").unlink()
    with pytest.raises(GenerationError, match=f"missing.*{first.index_version}.*rollback --to"):
        current(index)
    assert rollback(index, to=first.index_version)[1] == first.index_version
    assert open_fake(index).index_version == first.index_version


def test_a_pointer_of_rubbish_is_said_with_its_cure(tmp_path: Path) -> None:
    """What is not even text stops the build; removed, as it says, the build goes on."""
    index = tmp_path / "index"
    documents = documents_of(tmp_path / "old", {"a.txt": TRAM})
    build_fake(index, documents)
    (index / "CURRENT").write_bytes(b"\xff\x00")
    with pytest.raises(GenerationError, match=r"cannot be read.*Remove it"):
        build_fake(index, documents)
    (index / "CURRENT").unlink()
    assert build_fake(index, documents).embedded == 0


def test_truncated_files_cost_vectors_only(tmp_path: Path) -> None:
    """Every file of the earlier generation cut in half: the build makes all of it again."""
    index = tmp_path / "index"
    documents = documents_of(tmp_path / "old", {"a.txt": TRAM, **NEW})
    first = build_fake(index, documents)
    for path in (index / "generations" / first.index_version).rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    again = build_fake(index, documents)
    assert (again.embedded, again.index_version) == (first.embedded, first.index_version)
    assert open_fake(index).document_count == 13
