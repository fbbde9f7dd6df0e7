"""Whatever the disk does to a build, what is served stays, and the error says what to do."""

import os
import random
import resource
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

import filelock
import pytest
from fakes import build_fake, documents_of, fake_encoder_folder, open_fake
from processes import outcome

from corpus.errors import GenerationError, RinvioError
from corpus.reading import find_files
from index.ledger import LEDGER_FILE
from index.publishing import current, history
from index.rollback import rollback

TRAM = "The tram stops at the harbour."
MOMENTS = 8
NEW = {f"{number}.txt": f"Bus {number} stops at the town hall." for number in range(12)}


class Ended(NamedTuple):
    """A build: how many times it wrote below the index, and what it said when it failed."""

    writes: int
    error: str


def run_build(folder: Path, full_from: int | None = None, longest: int | None = None) -> Ended:
    """Build `new` on a disk that is full from a write on, or holds no file of `longest` bytes."""
    _, ended = outcome(_build, folder, full_from, longest)
    assert isinstance(ended, Ended)
    return ended


def _build(folder: Path, full_from: int | None, longest: int | None) -> Ended:
    os.chdir(folder)
    fake_encoder_folder(Path("index"))
    documents = find_files(Path("new"))
    seen = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        address = str(arguments[0]) if arguments else ""
        if event == "open":
            writes = arguments[2] & (os.O_WRONLY | os.O_RDWR) and "index" in address
        elif event == "sqlite3.connect":  # SQLite opens its files itself
            writes = not ("mode=ro" in address or ":memory:" in address)
        else:
            writes = event in {"os.mkdir", "os.rename"}
        if writes:
            seen += 1
            if full_from is not None and seen >= full_from:
                raise OSError(28, "No space left on device")

    if longest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (longest, longest))
    sys.addaudithook(count)
    error = ""
    try:
        build_fake(Path("index"), documents)
    except RinvioError as failed:
        error = str(failed)
    return Ended(seen, error)


def test_a_full_disk_at_any_moment_leaves_what_is_served(tmp_path: Path) -> None:
    """No space for the n-th write and all after it: said with its cure, nothing half-written."""
    index = tmp_path / "index"
    first = build_fake(index, documents_of(tmp_path / "old", {"a.txt": TRAM}))
    documents_of(tmp_path / "new", NEW)
    moments = run_build(tmp_path).writes
    assert moments > 20
    new, _ = rollback(index)
    shutil.rmtree(index / "generations" / new)
    (index / LEDGER_FILE).unlink()
    for moment in random.Random(1).sample(range(1, moments), MOMENTS):
        ended = run_build(tmp_path, full_from=moment)
        assert "cannot be written" in ended.error
        assert "No space left on device" in ended.error
        assert history(index) == [first.index_version]
        assert not (index / "building").exists()
    assert open_fake(index).document_count == 1
    assert [path.name for path in (index / "generations").iterdir()] == [first.index_version]
    assert not run_build(tmp_path).error


@pytest.mark.parametrize("limit", [1_000, 5_000, 20_000])
def test_files_that_cannot_grow_leave_what_is_served(tmp_path: Path, limit: int) -> None:
    """A write that fails half-way, in SQLite too, is an error like a full disk."""
    index = tmp_path / "index"
    first = build_fake(index, documents_of(tmp_path / "old", {"a.txt": TRAM}))
    documents_of(tmp_path / "new", NEW)
    error = run_build(tmp_path, longest=limit).error
    assert "cannot be written" in error
    assert "free space" in error
    assert "transaction" not in error  # it says what happened first, not what came of that
    assert open_fake(index).index_version == first.index_version
    assert not run_build(tmp_path).error


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


def test_going_back_in_a_read_only_index_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the index and its cure, not by the system's word for a file that nobody knows."""
    index = tmp_path / "index"
    for text in ("It rained.", "It snowed."):
        build_fake(index, documents_of(tmp_path / text, {"a.txt": text}))

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "CURRENT.new")

    monkeypatch.setattr("index.publishing.replace_text", refused)
    with pytest.raises(GenerationError, match=r"The index .* cannot be written .* permissions"):
        rollback(index)


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
