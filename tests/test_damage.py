"""An index that is not whole, or not ours: refused by the name of the file, and mended."""

import json
from pathlib import Path

import pytest
from fakes import WordCountEncoder, build_fake, documents_of, forbid
from test_index import FILES, every_file

from commands.keeping import info
from corpus.errors import GenerationError, NotPermittedError
from index.generation import Generation
from index.manifest import generation_id, read_manifest
from index.planning import plan
from index.publishing import current, place, verify
from index.rollback import rollback


def test_one_flipped_byte_is_refused_by_name(tmp_path: Path) -> None:
    """Whatever file of the generation or its encoder is altered, opening names it."""
    index = tmp_path / "i"
    build_fake(index, documents_of(tmp_path / "d", FILES))
    generation = index / "generations" / current(index)
    files = [path for path in generation.rglob("*") if path.is_file()]
    files += list((index / "encoders" / "fake").iterdir())
    assert len(files) > 8
    for path in files:
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        with pytest.raises(GenerationError) as caught:
            Generation.open(index, open_encoder=WordCountEncoder)
        assert str(path) in str(caught.value)
        path.write_bytes(whole)
    Generation.open(index, open_encoder=WordCountEncoder)


@pytest.mark.parametrize(
    "change",
    [
        {"files": {"../../x": ""}},
        {"encoder_files": {"/dev/zero": ""}},
        {"encoder": "../x"},
        {"files": []},
        {"surplus": 1},
    ],
)
def test_a_manifest_that_leads_elsewhere_is_refused(
    tmp_path: Path, change: dict[str, object]
) -> None:
    """Although its name is its sha256: an index may come from somebody else."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", FILES))
    manifest = tmp_path / "i" / "generations" / current(tmp_path / "i") / "manifest.json"
    raw = json.dumps(json.loads(manifest.read_bytes()) | change).encode()
    (tmp_path / "manifest.json").write_bytes(raw)
    with pytest.raises(GenerationError, match="is no manifest of an index"):
        read_manifest(tmp_path, generation_id(raw))


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    """A generation without one of its files is not served."""
    index = tmp_path / "i"
    build_fake(index, documents_of(tmp_path / "d", FILES))
    (index / "generations" / current(index) / "sentences.npy").unlink()
    with pytest.raises(GenerationError, match=r"sentences.npy is missing"):
        verify(index, current(index))


@pytest.mark.parametrize("name", ["manifest.json", "sentences.npy"])
def test_what_may_not_be_read_is_not_taken_for_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Neither a build nor a plan goes on without a generation that may well be whole."""
    index = tmp_path / "i"
    documents = documents_of(tmp_path / "d", FILES)
    build_fake(index, documents_of(tmp_path / "e", {"a.txt": "Another."}))
    build_fake(index, documents)
    generation = index / "generations" / current(index)
    forbid(monkeypatch, generation / name)
    for deed in (
        lambda: build_fake(index, documents),
        lambda: plan(documents, index, index / "encoders" / "fake", WordCountEncoder),
        lambda: place(index, tmp_path, generation.name),
    ):
        with pytest.raises(NotPermittedError, match=f"{name} may not be read. Change its perm"):
            deed()
    assert generation.is_dir()


def test_the_folder_that_bars_the_way_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the first file below it that was looked for."""
    index = tmp_path / "i"
    build_fake(index, documents_of(tmp_path / "d", FILES))
    forbid(monkeypatch, index / "CURRENT")
    monkeypatch.setattr("index.files.os.access", lambda path, _: index not in {path, *path.parents})
    with pytest.raises(NotPermittedError, match=f"{index} may not be read"):
        current(index)


def test_going_back_says_what_it_passes_over_and_what_there_is(tmp_path: Path) -> None:
    """Each that is not whole, by its file; the cure names those that were left and are whole."""
    index = tmp_path / "i"
    first, second, third = [
        build_fake(index, documents_of(tmp_path / word, {"a.txt": word})).index_version
        for word in ("Rain.", "Snow.", "Ice.")
    ]
    (index / "CURRENT").write_text(f"{third}\n{first}\n")
    missing = index / "generations" / first / "sentences.npy"
    missing.unlink()
    with pytest.raises(GenerationError, match=f"whole. {missing} is missing") as caught:
        rollback(index)
    assert f"rinvio rollback --to ID`: {second})" in caught.value.cure


def test_no_cure_leads_back_where_that_cannot_help(tmp_path: Path) -> None:
    """Generations share their encoder; of an older format are the earlier ones too."""
    index = tmp_path / "i"
    build_fake(index, documents_of(tmp_path / "d", FILES))
    manifest = index / "generations" / current(index) / "manifest.json"
    raw = json.dumps(json.loads(manifest.read_bytes()) | {"format": 4}).encode()
    (tmp_path / "manifest.json").write_bytes(raw)
    (index / "encoders" / "fake" / "encoder.json").unlink()
    with pytest.raises(GenerationError, match="has format 4") as format_of:
        read_manifest(tmp_path, generation_id(raw))
    with pytest.raises(GenerationError, match=r"encoder.json is missing") as encoder:
        verify(index, current(index))
    for error in (format_of.value, encoder.value):
        assert "rinvio build" in error.cure
        assert "rollback" not in error.cure


def test_info_marks_what_cannot_be_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as generations of another format, with the reason beside."""
    index = tmp_path / "i"
    first = build_fake(index, documents_of(tmp_path / "a", {"a.txt": "Rain."})).index_version
    build_fake(index, documents_of(tmp_path / "b", {"a.txt": "Snow."}))
    (index / "generations" / first / "manifest.json").unlink()
    info(index)
    said = capsys.readouterr()
    assert f"{first} (cannot be served)" in said.out
    assert "manifest.json cannot be read" in said.err


def test_building_again_mends_a_damaged_generation(tmp_path: Path) -> None:
    """Whatever file is damaged, building again ends in the bytes of the first build."""
    index = tmp_path / "i"
    documents = documents_of(tmp_path / "d", FILES)
    build_fake(index, documents)
    whole = every_file(index / "generations")
    for name in whole:
        path = index / "generations" / name
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        report = build_fake(index, documents)
        assert (report.changed, report.repaired) == (False, True)
        assert every_file(index / "generations") == whole
    assert not build_fake(index, documents).repaired
