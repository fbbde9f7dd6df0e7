"""An index that is not whole, or not ours: refused by the name of the file, and mended."""

import json
from pathlib import Path

import pytest
from fakes import WordCountEncoder, build_fake, documents_of
from test_index import FILES, every_file

from corpus.errors import GenerationError
from index.generation import Generation
from index.manifest import generation_id, read_manifest
from index.publishing import current, verify


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
