"""Generations: byte-identical builds, damage, rollback, locks."""

import gc
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fakes import build_fake, documents_of, fake_encoder_folder, open_fake

from corpus.errors import GenerationError
from index.publishing import KEPT, build_lock, current, history, left
from index.rollback import rollback

TRAM = "The tram runs every ten minutes. It stops at the harbour."
FILES = {"tram.txt": TRAM, "pool.txt": "The pool is closed. Its roof was found to be unsafe."}


def every_file(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_identical_input_gives_identical_generations(tmp_path: Path) -> None:
    """Two builds in two places have the same id, the same files, the same bytes."""
    documents = documents_of(tmp_path / "d", FILES)
    for name in ("a", "b"):
        build_fake(tmp_path / name, documents)
    left, right = (every_file(tmp_path / name / "generations") for name in ("a", "b"))
    assert left == right
    assert len(left) > 5


def test_an_incremental_build_equals_a_fresh_one(tmp_path: Path) -> None:
    """A rebuild embeds only what is new, and ends in the bytes of a build from nothing."""
    one = documents_of(tmp_path / "d", {"tram.txt": TRAM})
    both = documents_of(tmp_path / "d", FILES)
    build_fake(tmp_path / "a", one)
    again = build_fake(tmp_path / "a", both)
    fresh = build_fake(tmp_path / "b", both)
    assert (again.reused, again.embedded) == (3, 3)
    assert again.index_version == fresh.index_version


def test_an_unchanged_build_publishes_nothing_new(tmp_path: Path) -> None:
    """Building the same documents twice leaves one generation and says unchanged."""
    documents = documents_of(tmp_path / "d", FILES)
    first, second = (build_fake(tmp_path / "i", documents) for _ in range(2))
    assert (first.changed, second.changed, second.embedded) == (True, False, 0)
    assert history(tmp_path / "i") == [first.index_version]
    assert not (tmp_path / "i" / "building").exists()


def test_rollback_refuses_what_is_no_intact_generation(tmp_path: Path) -> None:
    """A path, an unknown id and a damaged generation leave CURRENT as it was."""
    index = tmp_path / "i"
    versions = [
        build_fake(index, documents_of(tmp_path / "d", {f"{n}.txt": TRAM})).index_version
        for n in range(2)
    ]
    for to in (".", "../generations", "f" * 16):
        with pytest.raises(GenerationError, match="no generation"):
            rollback(index, to=to)
    (index / "generations" / versions[0] / "sentences.npy").unlink()
    with pytest.raises(GenerationError, match="missing"):
        rollback(index, to=versions[0])
    with pytest.raises(GenerationError, match=r"no earlier generation .* whole"):
        rollback(index)
    assert history(index) == versions[::-1]


def test_rollback_passes_over_what_is_damaged(tmp_path: Path) -> None:
    """The one before the damaged one is served, though the served folder itself is gone."""
    index = tmp_path / "i"
    first, second, third = [
        build_fake(index, documents_of(tmp_path / f"d{n}", {f"{n}.txt": TRAM})).index_version
        for n in range(3)
    ]
    shutil.rmtree(index / "generations" / third)
    (index / "generations" / second / "sentences.npy").unlink()
    assert rollback(index) == (third, first)
    assert current(index) == first


def test_rollback_checks_the_encoder(tmp_path: Path) -> None:
    """What no encoder can answer from is not gone back to, and what is served stays named."""
    index = tmp_path / "i"
    for n in range(2):
        build_fake(index, documents_of(tmp_path / f"d{n}", {f"{n}.txt": TRAM}))
    [card] = (index / "encoders").glob("*/encoder.json")
    card.write_text("{}")
    known = history(index)
    with pytest.raises(GenerationError, match="no earlier generation"):
        rollback(index)
    assert history(index) == known


def test_threads_that_share_a_store_get_their_own_rows(tmp_path: Path) -> None:
    """Python 3.12 and later mix up what threads ask of one kept statement."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": f"{TRAM} " * 50}))
    store = open_fake(tmp_path / "i").generation.store
    numbers = range(store.sentence_count)
    expected = [store.sentences(number, number) for number in numbers]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(50):
            assert list(pool.map(store.sentences, numbers, numbers)) == expected


def test_a_store_closes_its_file_with_its_last_holder(tmp_path: Path) -> None:
    """Not only when Python next looks for circles: a deleted file would keep its space."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", FILES))
    store = open_fake(tmp_path / "i").generation.store
    database = store._rows._database
    store.document(0)
    gc.disable()
    try:
        del store
    finally:
        gc.enable()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        database.execute("SELECT 1")


def test_a_disk_error_is_said_and_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When writing fails, the error names the index, and what is served stays."""
    index = tmp_path / "i"
    first = build_fake(index, documents_of(tmp_path / "d", FILES))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(GenerationError, match=r"cannot be written .*No space left"):
        build_fake(index, documents_of(tmp_path / "d", {"new.txt": TRAM}))
    assert open_fake(index).index_version == first.index_version
    assert not (index / "building").exists()


def test_what_is_published_is_no_failure_whatever_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Old files that are somebody else's wait for the next build, and it is said."""
    index = tmp_path / "i"
    build_fake(index, documents_of(tmp_path / "d", FILES))

    remove = shutil.rmtree

    def refused(folder: Path, **options: bool) -> None:
        if folder.parent.name == "generations":
            raise PermissionError("not yours")
        remove(folder, **options)

    monkeypatch.setattr("index.publishing.shutil.rmtree", refused)
    for name in ("b", "c", "d", "e"):
        report = build_fake(index, documents_of(tmp_path / name, {f"{name}.txt": TRAM}))
    assert current(index) == report.index_version
    assert "cannot be removed (not yours)" in caplog.text
    assert left(index) == []  # what is left of others is nothing to go back to
    monkeypatch.undo()
    build_fake(index, documents_of(tmp_path / "f", {"f.txt": TRAM}))
    assert len(list((index / "generations").iterdir())) == 3


def test_three_generations_are_kept_and_rolled_back_through(tmp_path: Path) -> None:
    """After five builds three remain; rollback walks back through them and then refuses."""
    index = tmp_path / "i"
    versions = [
        build_fake(index, documents_of(tmp_path / "d", {f"{n}.txt": TRAM})).index_version
        for n in range(5)
    ]
    kept = [path.name for path in (index / "generations").iterdir()]
    assert sorted(kept) == sorted(versions[-KEPT:])
    assert rollback(index) == (versions[4], versions[3])
    assert rollback(index) == (versions[3], versions[2])
    assert open_fake(index).index_version == versions[2]
    with pytest.raises(GenerationError, match="no earlier generation"):
        rollback(index)
    assert rollback(index, to=versions[4])[1] == versions[4]


def test_a_generation_that_was_left_does_not_come_back(tmp_path: Path) -> None:
    """After rollback and a new build, rollback goes to what was good, not to what was left."""
    index = tmp_path / "i"
    good, bad = (
        build_fake(index, documents_of(tmp_path / name, {"a.txt": name + ". " + TRAM}))
        for name in ("good", "bad")
    )
    rollback(index)
    assert left(index) == [bad.index_version]
    build_fake(index, documents_of(tmp_path / "new", FILES))
    assert rollback(index)[1] == good.index_version
    assert bad.index_version not in history(index)


def test_a_second_build_is_refused_while_one_runs(tmp_path: Path) -> None:
    """Two builds never write to one index; the second hears of the first at once."""
    documents = documents_of(tmp_path / "d", FILES)
    fake_encoder_folder(tmp_path / "i")
    with build_lock(tmp_path / "i"), pytest.raises(GenerationError, match="Another build"):
        build_fake(tmp_path / "i", documents)
    build_fake(tmp_path / "i", documents)


def test_no_index_and_a_wrong_pointer_have_their_cure(tmp_path: Path) -> None:
    """A folder without index, or a CURRENT that names nothing, is said with what to do."""
    with pytest.raises(GenerationError, match=r"no index.*rinvio build"):
        current(tmp_path)
    (tmp_path / "CURRENT").write_text("feedfacefeedface\n")
    with pytest.raises(GenerationError, match=r"CURRENT names.*rollback"):
        current(tmp_path)


@pytest.mark.parametrize("content", [b"\0" * 17, b"garbage\n", b"a" * 400])
def test_a_pointer_that_is_none_is_told_with_what_is_there(tmp_path: Path, content: bytes) -> None:
    """As a power cut may leave it: the cure names the generations, and works."""
    index = tmp_path / "i"
    first = build_fake(index, documents_of(tmp_path / "d", FILES))
    (index / "CURRENT").write_bytes(content)
    with pytest.raises(GenerationError, match=rf"Remove it.*{first.index_version}"):
        build_fake(index, documents_of(tmp_path / "d", FILES))
    (index / "CURRENT").unlink()
    assert rollback(index, first.index_version)[1] == first.index_version


def test_a_refused_document_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    """A build that fails on its last document changes nothing that is served."""
    from fakes import write

    from corpus.errors import CorpusError
    from corpus.reading import find_files

    index = tmp_path / "i"
    first = build_fake(index, documents_of(tmp_path / "d", FILES))
    write(tmp_path / "d", {"z.txt": b"\xff"})
    with pytest.raises(CorpusError, match=r"z\.txt"):
        build_fake(index, find_files(tmp_path / "d"))
    assert open_fake(index).index_version == first.index_version
