"""What several tests share: the real index of the case study, and small worlds."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

os.environ["HF_HUB_OFFLINE"] = "1"

ROOT = Path(__file__).parents[1]
ENCODERS = (
    ROOT / "data" / "index" / "encoders"
)  # shared with `make serve`: exporting takes a minute


def real_index(folder: Path, encoder: str) -> Path:
    """An index of the documents that ship, with a real encoder."""
    from corpus.reading import read_corpus
    from index.build import build
    from index.export import ensure_encoder
    from settings import SHIPPED_DOCUMENTS

    exported = ensure_encoder(encoder, ENCODERS)
    shutil.copytree(exported, folder / "encoders" / exported.name)
    build(read_corpus(SHIPPED_DOCUMENTS), folder, folder / "encoders" / exported.name)
    return folder


@pytest.fixture(scope="session")
def case_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the case study with the default encoder."""
    return real_index(tmp_path_factory.mktemp("e5"), "e5")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the library's service."""
    from browser import serving
    from library import build_library, library_app

    index = tmp_path_factory.mktemp("library") / "index"
    build_library(index)
    with serving(library_app(index)) as address:
        yield address


@pytest.fixture(scope="session")
def unready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that has no index yet."""
    from browser import serving

    from api import create_app
    from settings import load_settings

    settings = load_settings(index=tmp_path_factory.mktemp("unready") / "none")
    with serving(create_app(settings)) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One browser for all tests."""
    from browser import launched

    with launched() as chromium:
        yield chromium


@pytest.fixture
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder without any setting of this machine."""
    for name in [name for name in os.environ if name.startswith("RINVIO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path
