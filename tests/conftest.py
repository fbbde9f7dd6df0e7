"""What several tests share: the real index of the case study, and small worlds."""

import os
import shutil
from pathlib import Path

import pytest

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


@pytest.fixture
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder without any setting of this machine."""
    for name in [name for name in os.environ if name.startswith("RINVIO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path
