"""The model that tells languages: unpacked once, mapped, and the package's own."""

import json
from pathlib import Path

import numpy as np
import pytest
from fakes import forbid

from corpus import language
from corpus.errors import GenerationError, NotPermittedError
from index import languages
from index.languages import (
    CARD_FILE,
    LANGUAGES_FOLDER,
    MODEL_FILE,
    check_languages,
    ensure_languages,
    map_languages,
)

TEXTS = (
    "What did Baltimore adopt from Torino City Lab?",
    "Che cosa ha ripreso Baltimora?",
    "Ein Haus am Fluss",
    "Η πόλη",
    "Turin",
    "1234",
    "",
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("index")
    ensure_languages(index)
    return index


@pytest.fixture(autouse=True)
def nothing_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_told_by", None)


def _copy(unpacked: Path, index: Path) -> Path:
    """A folder of its own with the same model."""
    folder = index / LANGUAGES_FOLDER
    folder.mkdir()
    for name in (MODEL_FILE, CARD_FILE):
        (folder / name).write_bytes((unpacked / LANGUAGES_FOLDER / name).read_bytes())
    return folder


def test_it_ranks_as_the_package_does(unpacked: Path) -> None:
    """The mapped model gives the same probabilities, to the last bit."""
    assert map_languages(unpacked)
    package = language.identifier_of_package()
    assert [language._told_by.rank(text) for text in TEXTS] == [package.rank(t) for t in TEXTS]


def test_it_is_mapped_and_unpacked_only_once(
    unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second build unpacks nothing; the weights stay in the file."""
    monkeypatch.setattr(languages, "identifier_of_package", None)  # to call it would fail
    ensure_languages(unpacked)
    weights = language._told_by.nb_ptc
    while not isinstance(weights, np.memmap):
        assert weights.base is not None, "the weights were read"
        weights = weights.base


def test_where_it_is_not_the_package_answers(tmp_path: Path) -> None:
    """An index without the model tells languages all the same."""
    assert not map_languages(tmp_path)
    assert language.detect_language("Che cosa ha ripreso Baltimora da Torino?") == "it"


@pytest.mark.parametrize(
    "harm", ["damaged", "truncated", "no card", "half a card", "other release"]
)
def test_what_is_not_whole_is_left_alone_and_made_anew(
    unpacked: Path, tmp_path: Path, harm: str
) -> None:
    """A service does without it, `verify` names it, the next build makes it again."""
    folder = _copy(unpacked, tmp_path)
    card = json.loads((folder / CARD_FILE).read_text())
    model = (folder / MODEL_FILE).read_bytes()
    if harm == "damaged":
        (folder / MODEL_FILE).write_bytes(b"\x00" + model[1:])
    elif harm == "truncated":
        (folder / MODEL_FILE).write_bytes(model[: len(model) // 2])
    elif harm == "no card":
        (folder / CARD_FILE).unlink()
    elif harm == "half a card":
        (folder / CARD_FILE).write_text(json.dumps(card)[:40])
    else:
        (folder / CARD_FILE).write_text(json.dumps(card | {"made_of": ["py3langid 0.1"]}))
    assert not map_languages(tmp_path)
    assert language._told_by is None
    if harm in {"damaged", "truncated", "half a card"}:
        with pytest.raises(GenerationError, match=f"{LANGUAGES_FOLDER}.* is damaged"):
            check_languages(tmp_path)
    ensure_languages(tmp_path)
    check_languages(tmp_path)
    assert language._told_by is not None
    assert (folder / MODEL_FILE).read_bytes() == model
    assert json.loads((folder / CARD_FILE).read_text()) == card


@pytest.mark.parametrize("name", [CARD_FILE, MODEL_FILE])
def test_what_may_not_be_read_is_not_called_damaged(
    unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The cure is to let it be read."""
    folder = _copy(unpacked, tmp_path)
    forbid(monkeypatch, folder / name)
    with pytest.raises(NotPermittedError, match=f"{name} may not be read"):
        check_languages(tmp_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The error names the folder."""
    (tmp_path / LANGUAGES_FOLDER).write_text("a file stands in the way")
    with pytest.raises(GenerationError, match=LANGUAGES_FOLDER):
        ensure_languages(tmp_path)
