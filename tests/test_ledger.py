"""The file of every citation that was ever given out."""

from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordCountEncoder, build_fake, documents_of, fake_encoder_folder, open_fake

from corpus.errors import GenerationError
from index.build import build
from index.encoder import EncoderCard
from index.ledger import LEDGER_FILE, check_ledger
from index.publishing import CURRENT_FILE
from index.rollback import rollback


def test_citations_cut_for_another_encoder_are_known(tmp_path: Path) -> None:
    """One that reads fewer tokens cuts long sentences shorter: what either cites stands."""
    documents = documents_of(tmp_path / "d", {"a.txt": "the tram " * 40 + "stops at noon."})
    index = tmp_path / "i"
    build_fake(index, documents)
    before = open_fake(index).ask("when does the tram stop?").passages[0].citation
    folder = fake_encoder_folder(index)
    other = replace(EncoderCard.load(folder), fingerprint="short", token_limit=20)
    (index / "encoders" / "short").mkdir()
    other.save(index / "encoders" / "short")
    build(documents, index, index / "encoders" / "short", WordCountEncoder)
    after = open_fake(index).ask("when does the tram stop?").passages[0].citation
    assert before.id != after.id
    for known in (before, after):
        proof = open_fake(index).prove(known.id)
        assert (proof.status, proof.now) == ("unchanged", known)


def test_who_reads_the_ledger_keeps_a_whole_file(tmp_path: Path) -> None:
    """A build puts a new file in its place, and never writes in the one that is being read."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "It rained."}))
    with (tmp_path / "i" / LEDGER_FILE).open("rb") as reading:
        before = reading.read()
        build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "It snowed."}))
        reading.seek(0)
        assert reading.read() == before
    assert (tmp_path / "i" / LEDGER_FILE).read_bytes() != before


def test_a_damaged_ledger_is_named(tmp_path: Path) -> None:
    """A file of citations that cannot be read is an error with its cure, not a crash."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "It rained."}))
    (tmp_path / "i" / LEDGER_FILE).write_bytes(b"?" * 8192)
    with pytest.raises(GenerationError, match=r"citations\.sqlite cannot be used"):
        open_fake(tmp_path / "i").prove("c-0000000000000000")


def test_an_empty_file_is_no_ledger(tmp_path: Path) -> None:
    """A copy onto a full disk: to begin a new one in silence would lose every earlier citation."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "It rained."}))
    (tmp_path / "i" / LEDGER_FILE).write_bytes(b"")
    with pytest.raises(GenerationError, match="holds no citations"):
        check_ledger(tmp_path / "i")
    with pytest.raises(GenerationError, match="holds no citations"):
        build_fake(tmp_path / "i", documents_of(tmp_path / "e", {"b.txt": "It snowed."}))


def test_a_lost_file_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """By the check, and once by the build that begins a new one; never by the first build."""
    index, documents = tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "It rained."})
    build_fake(index, documents)
    assert not caplog.text
    (index / LEDGER_FILE).unlink()
    with pytest.raises(GenerationError, match=r"citations\.sqlite is missing\. Restore it"):
        check_ledger(index)
    build_fake(index, documents)
    build_fake(index, documents)
    assert caplog.text.count("citations.sqlite is missing") == 1
    check_ledger(index)


def test_what_a_killed_build_left_can_be_served_with_its_citations(tmp_path: Path) -> None:
    """It may have been killed before it noted them: going to it does so."""
    first = build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "It rained."}))
    noted = (tmp_path / "i" / LEDGER_FILE).read_bytes()
    later = build_fake(tmp_path / "i", documents_of(tmp_path / "e", {"b.txt": "It snowed."}))
    (tmp_path / "i" / LEDGER_FILE).write_bytes(noted)
    (tmp_path / "i" / CURRENT_FILE).write_text(f"{first.index_version}\n")
    rollback(tmp_path / "i", later.index_version)
    engine = open_fake(tmp_path / "i")
    assert engine.prove(engine.ask("did it snow?").passages[0].citation.id)


def test_a_damaged_ledger_does_not_keep_from_serving(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """To go to a generation that is whole matters more than to note its citations."""
    first = build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "It rained."}))
    later = build_fake(tmp_path / "i", documents_of(tmp_path / "e", {"b.txt": "It snowed."}))
    (tmp_path / "i" / CURRENT_FILE).write_text(f"{first.index_version}\n")
    (tmp_path / "i" / LEDGER_FILE).write_bytes(b"?" * 8192)
    assert rollback(tmp_path / "i", later.index_version)[1] == later.index_version
    assert "are not noted" in caplog.text
    assert not (tmp_path / "i" / "building").exists()


def test_links_work_without_the_ledger(tmp_path: Path) -> None:
    """What stands in the document today is found there, whatever became of the file."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "It rained."}))
    (tmp_path / "i" / LEDGER_FILE).write_bytes(b"?" * 8192)
    engine = open_fake(tmp_path / "i")
    given = engine.ask("did it rain?").passages[0].citation
    document = engine.document(given.document_id)
    assert document
    assert engine.cited(document, given.id) == given


def test_every_page_of_the_ledger_is_checked(tmp_path: Path) -> None:
    """No build can make it again: damage is told before a citation is asked for."""
    build_fake(tmp_path, documents_of(tmp_path / "d", {"a.txt": "It rained. " * 3000}))
    check_ledger(tmp_path)
    ledger = tmp_path / LEDGER_FILE
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:8192] + b"?" * (len(whole) - 8192))
    with pytest.raises(GenerationError, match=r"citations.sqlite cannot be used .*a backup"):
        check_ledger(tmp_path)
