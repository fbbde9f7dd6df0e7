"""A rebuild costs what changed, goes on where one was killed, and ends in the same bytes."""

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordCountEncoder, build_fake, documents_of, fake_encoder_folder, write

from corpus.reading import find_files
from index.build import build
from index.embedded import KEPT_FILE
from index.encoder import EncoderCard, Vectors
from index.ledger import LEDGER_FILE, recall
from index.publishing import current, history

WORDS = ["tram", "harbour", "pool", "roof", "bridge", "night", "bicycle", "mayor", "city", "bus"]
FILES = {f"{number}.txt": f"{word} {number}. It is late." for number, word in enumerate(WORDS)}


class ListeningEncoder(WordCountEncoder):
    """Keeps what it is asked; stops the build after `allowed` calls, as a kill would."""

    def __init__(self, folder: Path, allowed: int = 1000) -> None:
        super().__init__(folder)
        self.counted: list[str] = []
        self.embedded: list[str] = []
        self.allowed = allowed

    def count_tokens(self, text: str) -> int:
        self.counted.append(text)
        return super().count_tokens(text)

    def encode_passages(self, texts: list[str]) -> Vectors:
        self.allowed -= 1
        if self.allowed < 0:
            raise KeyboardInterrupt
        self.embedded += texts
        return super().encode_passages(texts)


def build_with(index: Path, folder: Path, encoder: ListeningEncoder | None = None) -> object:
    encoder = encoder or ListeningEncoder(fake_encoder_folder(index))
    return build(find_files(folder), index, fake_encoder_folder(index), lambda _: encoder)


def generation(index: Path) -> dict[str, bytes]:
    folder = index / "generations" / current(index)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_only_what_changed_is_cut_and_embedded(tmp_path: Path) -> None:
    """One changed document of ten: no text of the other nine is looked at again."""
    folder = write(tmp_path / "d", FILES)
    build_with(tmp_path / "i", folder)
    write(folder, {"3.txt": "A new roof. It is late."})
    encoder = ListeningEncoder(fake_encoder_folder(tmp_path / "i"))
    build_with(tmp_path / "i", folder, encoder)
    text = "A new roof. It is late."
    assert encoder.embedded == [f"{text}\n{text}", "A new roof."]
    assert all("new roof" in counted or counted == "It is late." for counted in encoder.counted)


def test_nothing_is_asked_of_the_encoder_when_nothing_changed(tmp_path: Path) -> None:
    """Building the same documents again does not even load the encoder."""
    folder = write(tmp_path / "d", FILES)
    build_with(tmp_path / "i", folder)
    encoders = fake_encoder_folder(tmp_path / "i")
    report = build(find_files(folder), tmp_path / "i", encoders, lambda _: pytest.fail("loaded"))
    assert not report.changed


def test_any_change_ends_in_the_bytes_of_a_fresh_build(tmp_path: Path) -> None:
    """Ten random edits, each adding, changing and removing: built upon or from nothing, equal."""
    chance = random.Random(4)
    for step in range(10):
        names = chance.sample(range(40), 12)
        files = {f"{n}.txt": f"{' '.join(chance.choices(WORDS, k=9))}. Late." for n in names}
        folder = write(tmp_path / f"d{step}", files)
        build_with(tmp_path / "grown", folder)
        build_with(tmp_path / f"fresh{step}", folder)
        assert generation(tmp_path / "grown") == generation(tmp_path / f"fresh{step}")


def test_another_recipe_cuts_everything_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the code that cuts is another, no earlier cut is taken; vectors of equal texts are."""
    folder = write(tmp_path / "d", FILES)
    build_with(tmp_path / "i", folder)
    monkeypatch.setattr("index.cutting.recipe", lambda: "another")
    encoder = ListeningEncoder(fake_encoder_folder(tmp_path / "i"))
    build_with(tmp_path / "i", folder, encoder)
    assert (len(encoder.embedded), encoder.counted != []) == (0, True)


def test_equal_texts_are_embedded_once(tmp_path: Path) -> None:
    """A sentence that stands in ten documents has one vector to make."""
    encoder = ListeningEncoder(fake_encoder_folder(tmp_path / "i"))
    build_with(tmp_path / "i", write(tmp_path / "d", FILES), encoder)
    assert encoder.embedded.count("It is late.") == 1


@pytest.mark.parametrize("allowed", range(6))
def test_a_build_goes_on_where_one_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    """Stopped after any chunk, the next build embeds the rest only, and ends in the same bytes."""
    monkeypatch.setattr("index.embedding.CHUNK", 4)
    folder = write(tmp_path / "d", FILES)
    stopped = ListeningEncoder(fake_encoder_folder(tmp_path / "i"), allowed)
    with pytest.raises(KeyboardInterrupt):
        build_with(tmp_path / "i", folder, stopped)
    again = ListeningEncoder(fake_encoder_folder(tmp_path / "i"))
    report = build_with(tmp_path / "i", folder, again)
    whole = ListeningEncoder(fake_encoder_folder(tmp_path / "whole"))
    build_with(tmp_path / "whole", folder, whole)
    assert report.resumed == len(stopped.embedded)
    assert sorted(stopped.embedded + again.embedded) == sorted(whole.embedded)
    assert generation(tmp_path / "i") == generation(tmp_path / "whole")
    assert not (tmp_path / "i" / KEPT_FILE).exists()


def test_what_a_killed_build_left_may_be_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off or overwritten, the vectors that were kept are made again, not believed."""
    monkeypatch.setattr("index.embedding.CHUNK", 4)
    folder = write(tmp_path / "d", FILES)
    whole = build_with(tmp_path / "whole", folder)
    for damage in (lambda raw: raw[:5000], lambda raw: b"x" * len(raw), lambda raw: b""):
        with pytest.raises(KeyboardInterrupt):
            build_with(
                tmp_path / "i", folder, ListeningEncoder(fake_encoder_folder(tmp_path / "i"), 4)
            )
        kept = tmp_path / "i" / KEPT_FILE
        kept.write_bytes(damage(kept.read_bytes()))
        report = build_with(tmp_path / "i", folder)
        assert (report.resumed, report.index_version) == (0, whole.index_version)
        (tmp_path / "i" / "CURRENT").unlink()
        for path in (tmp_path / "i" / "generations").iterdir():
            (path / "manifest.json").unlink()


def test_a_lost_pointer_costs_no_vector(tmp_path: Path) -> None:
    """Without CURRENT, a build takes its vectors from the generations that are still there."""
    documents = documents_of(tmp_path / "d", FILES)
    first = build_fake(tmp_path / "i", documents)
    (tmp_path / "i" / "CURRENT").unlink()
    again = build_fake(tmp_path / "i", documents)
    assert (again.embedded, again.changed) == (0, True)
    assert again.index_version == first.index_version


def test_a_lost_pointer_costs_no_generation(tmp_path: Path) -> None:
    """The next build goes on with those that are whole, the newest first, the others go."""
    index = tmp_path / "i"
    texts = ("It rained.", "It snowed.", "It froze.")
    ids = []
    for number, text in enumerate(texts):
        built = build_fake(index, documents_of(tmp_path / text, {"a.txt": text}))
        ids.append(built.index_version)
        os.utime(index / "generations" / built.index_version, (number, number))
    (index / "CURRENT").unlink()
    (index / "generations" / ids[1] / "sentences.npy").unlink()
    new = build_fake(index, documents_of(tmp_path / "d", FILES)).index_version
    assert history(index) == [new, ids[2], ids[0]]
    assert {path.name for path in (index / "generations").iterdir()} == {new, ids[2], ids[0]}


def test_of_lost_generations_one_of_this_encoder_is_taken(tmp_path: Path) -> None:
    """A newer one of another encoder has no vector that is of use."""
    index, documents = tmp_path / "i", documents_of(tmp_path / "d", FILES)
    build_fake(index, documents)
    other = index / "encoders" / "other"
    other.mkdir()
    replace(EncoderCard.load(index / "encoders" / "fake"), fingerprint="other").save(other)
    build(documents, index, other, WordCountEncoder)
    (index / "CURRENT").unlink()
    assert build_fake(index, documents).embedded == 0
    (index / "CURRENT").unlink()
    assert build(documents, index, other, WordCountEncoder).embedded == 0


def test_the_ledger_is_written_for_new_documents_only(tmp_path: Path) -> None:
    """It stays as it is when nothing is new; lost, it comes back whole from what is served."""
    index, ledger = tmp_path / "i", tmp_path / "i" / LEDGER_FILE
    documents = documents_of(tmp_path / "d", FILES)
    build_fake(index, documents)
    before = (ledger.stat().st_ino, ledger.read_bytes())
    build_fake(index, documents[1:])
    assert (ledger.stat().st_ino, ledger.read_bytes()) == before
    ledger.unlink()
    build_fake(index, documents)
    assert ledger.read_bytes() == before[1]
    assert recall(index, "c-0") == []


def test_an_origin_names_all_that_a_document_is_read_from(tmp_path: Path) -> None:
    """The text, its metadata, the format and the id each change it; reading again does not."""

    def origin(name: str, files: dict[str, str]) -> str:
        (file,) = find_files(write(tmp_path / name, files))
        assert file.origin == file.read().origin
        return file.origin

    plain = origin("a", {"tram.txt": "The tram."})
    assert origin("b", {"tram.txt": "The tram."}) == plain
    others = [
        origin("c", {"tram.txt": "The trams."}),
        origin("d", {"tram.md": "The tram."}),
        origin("e", {"bus.txt": "The tram."}),
        origin("f", {"tram.txt": "The tram.", "tram.yaml": "title: Trams"}),
        origin("g", {"tram.txt": "The tram.", "tram.yaml": "title: Buses"}),
    ]
    assert len({plain, *others}) == 6
