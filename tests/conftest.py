"""What several tests share: the real index of the case study, and small worlds."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from settings import SHIPPED_DOCUMENTS

os.environ["HF_HUB_OFFLINE"] = "1"
pytest_plugins = ["byte_by_byte", "small_service", "widget_page", "browsers.drivers"]

NO_BROWSER = "These tests need Chromium. Install it: tests/browsers/install chromium"
ROOT = Path(__file__).parents[1]
QUIET = (ROOT / "tests" / "browsers" / "chromium.flags").read_text().split()
ENCODERS = (
    ROOT / "data" / "index" / "encoders"
)  # shared with `make serve`: exporting takes a minute


def real_index(folder: Path, encoder: str, documents: Path = SHIPPED_DOCUMENTS) -> Path:
    """An index of `documents`, by default those that ship, with a real encoder."""
    from corpus.reading import find_files
    from index.build import build
    from index.export import ensure_encoder

    exported = ensure_encoder(encoder, ENCODERS)
    shutil.copytree(exported, folder / "encoders" / exported.name)
    build(find_files(documents), folder, folder / "encoders" / exported.name)
    return folder


@pytest.fixture(scope="session")
def case_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the case study with the default encoder."""
    return real_index(tmp_path_factory.mktemp("e5"), "e5")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that can show a page in nearly every state."""
    from library import build_library, library_app
    from sites import served

    index = tmp_path_factory.mktemp("library") / "index"
    build_library(index)
    with served(library_app(index)) as address:
        httpx2.get(f"{address}/readyz", timeout=60)  # its models are on their way
        yield address


@pytest.fixture(scope="session")
def unready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that has no index yet."""
    from sites import served

    from api import create_app
    from settings import load_settings

    settings = load_settings(index=tmp_path_factory.mktemp("unready") / "none")
    with served(create_app(settings)) as address:
        yield address


@pytest.fixture
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder without any setting of this machine."""
    for name in [name for name in os.environ if name.startswith("RINVIO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine; Playwright's own is never downloaded."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail(NO_BROWSER, pytrace=False)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=QUIET)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a profile of its own, with nothing stored."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in the browser last: Playwright's event loop runs in this thread from then.

    A module's tests stay in one process, for its fixtures, but for those in the browser.
    """

    def in_browser(item: pytest.Item) -> bool:
        return "browser" in getattr(item, "fixturenames", ())

    items.sort(key=in_browser)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(f"{item.path.stem} {in_browser(item)}"))
