"""`--dry-run` says what a build would do, and does nothing."""

import json
import sqlite3
from pathlib import Path

import pytest
from fakes import WordCountEncoder, build_fake, documents_of, fake_encoder_folder, write
from test_cli import run

from cli import app
from corpus.errors import CorpusError, GenerationError
from corpus.reading import find_files
from index import planning
from index.planning import Plan, plan

TRAM = "The tram runs every ten minutes. It stops at the harbour."
FILES = {"tram.txt": TRAM, "pool.txt": "The pool is closed. Its roof is unsafe.", "bus.txt": "Bus."}


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def plan_fake(index: Path, documents: Path) -> Plan:
    folder = index / "encoders" / "fake"
    return plan(find_files(documents), index, folder, WordCountEncoder)


def test_a_plan_is_what_the_build_then_does(tmp_path: Path) -> None:
    """Added, changed and removed documents by name, and exactly the texts that are embedded."""
    index, folder = tmp_path / "i", write(tmp_path / "d", FILES)
    first = build_fake(index, find_files(folder))
    (folder / "bus.txt").unlink()
    write(folder, {"pool.txt": "The pool is open. Its roof is unsafe.", "new.txt": "A ferry."})
    planned = plan_fake(index, folder)
    report = build_fake(index, find_files(folder))
    changes = planned.changes
    assert (changes.added, changes.changed, changes.removed) == (("new",), ("pool",), ("bus",))
    assert (changes.unchanged, planned.index_version) == (1, first.index_version)
    assert planned.to_embed == report.embedded == 4
    assert planned.texts == report.passages + report.sentences
    counted = (report.documents_added, report.documents_changed, report.documents_removed)
    assert counted == (1, 1, 1)


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    """Neither into an index that is there nor where there is none; no encoder is exported."""
    folder = write(tmp_path / "d", FILES)
    build_fake(tmp_path / "i", documents_of(tmp_path / "e", {"tram.txt": TRAM}))
    before = everything(tmp_path)
    plan_fake(tmp_path / "i", folder)
    planned = plan_fake(tmp_path / "none", folder)
    assert everything(tmp_path) == before
    assert not (tmp_path / "none").exists()
    assert (planned.index_version, planned.exact, planned.seconds) == (None, False, None)
    assert planned.to_embed == planned.texts == 8


def test_a_plan_knows_what_a_stopped_build_has_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors that the next build will find are not counted as work."""
    monkeypatch.setattr("index.embedding.CHUNK", 3)
    index, folder = tmp_path / "i", write(tmp_path / "d", FILES)
    fake_encoder_folder(index)
    encode, calls = WordCountEncoder.encode_passages, []

    def stop(self: WordCountEncoder, texts: list[str]) -> object:
        calls.append(texts)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return encode(self, texts)

    monkeypatch.setattr(WordCountEncoder, "encode_passages", stop)
    with pytest.raises(KeyboardInterrupt):
        build_fake(index, find_files(folder))
    monkeypatch.setattr(WordCountEncoder, "encode_passages", encode)
    assert plan_fake(index, folder).to_embed == 8 - 3


def test_a_plan_refuses_what_a_build_would_refuse(tmp_path: Path) -> None:
    """An unusable document is named before anything is built."""
    with pytest.raises(CorpusError, match="empty"):
        plan_fake(tmp_path / "i", write(tmp_path / "d", {"a.txt": "Good.", "b.txt": ""}))


def test_dry_run_in_a_terminal_and_for_scripts(no_settings: Path) -> None:
    """Exit code 0, the plan in words or as JSON, and no folder left behind."""
    folder = write(no_settings / "d", FILES)
    code, output = run("build", "--dry-run", "--documents", str(folder))
    assert (code, "added" in output, "bus, pool, tram" in output) == (0, True, True)
    code, output = run("build", "--dry-run", "--documents", str(folder), "--json")
    assert code == 0
    planned = json.loads(output)
    assert planned["changes"]["added"] == ["bus", "pool", "tram"]
    assert not (no_settings / "data").exists()


def test_dry_run_refuses_a_gate_that_a_build_would_refuse(no_settings: Path) -> None:
    """A file of questions that is not there is named before anything is planned."""
    folder = write(no_settings / "d", FILES)
    missing = no_settings / "missing.jsonl"
    options = ("build", "--dry-run", "--documents", str(folder), "--gate", str(missing))
    with pytest.raises(CorpusError, match=r"missing\.jsonl is not there"):
        app(options, standalone_mode=False)


@pytest.mark.parametrize("error", [OSError(28, "full"), sqlite3.OperationalError("full")])
def test_a_full_temporary_folder_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """No space for what is cut: the error names the folder and how to choose another."""

    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(planning, "write_store", full)
    with pytest.raises(GenerationError, match=r"cannot be used .*full.*TMPDIR"):
        plan_fake(tmp_path / "i", write(tmp_path / "d", FILES))
