"""The service of two documents, one of them hostile, that tests of the API ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import build_fake, documents_of, open_fake
from starlette.testclient import TestClient

from api import create_app
from settings import load_settings

EVIL = '<script>alert(1)</script> <img src=x onerror="alert(2)"> \u202eharbour & "tram" stop.'
FILES = {
    "lines/tram.md": "# Trams\n\nThe tram runs every ten minutes. It stops at the old harbour.",
    "evil.txt": EVIL,
    "evil.yaml": 'title: "<b>Evil</b>"',
}
ASKED = {"question": "where does the tram stop, at the harbour?"}


@pytest.fixture
def client(tmp_path: Path, no_settings: Path) -> Iterator[TestClient]:
    """Asks a service that knows one partner, and sees its faults as responses."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", FILES))
    settings = load_settings(index=tmp_path / "i", cors_origins="https://www.comune.example")
    app = create_app(settings, lambda *_: open_fake(tmp_path / "i"))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
