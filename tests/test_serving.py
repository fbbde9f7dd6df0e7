"""What `rinvio serve` prepares before uvicorn runs."""

import os
import tempfile
from pathlib import Path

import pytest
import uvicorn

from service.serving import MEMORY, serve
from settings import load_settings


@pytest.fixture
def environment(no_settings: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the environment is when uvicorn is to run, filled in by `serve`."""
    for name in ("RINVIO_INDEX", "RINVIO_WORKERS", "TMPDIR"):
        monkeypatch.setenv(name, "1")  # so that all are as they were afterwards
        monkeypatch.delenv(name)
    monkeypatch.setattr(tempfile, "tempdir", None)
    found: dict[str, str] = {}
    monkeypatch.setattr(uvicorn, "run", lambda *_, **__: found.update(os.environ))
    return found


@pytest.mark.skipif(not Path(MEMORY).exists(), reason="only Linux has files in memory")
def test_a_full_disk_does_not_reach_the_processes(environment: dict[str, str]) -> None:
    """What workers share and map lies in memory, not on a disk that may be full."""
    serve(load_settings(workers=2, port=0))
    assert Path(environment["PROMETHEUS_MULTIPROC_DIR"]).parent == Path(MEMORY)


def test_another_place_can_be_named(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TMPDIR, where it is set, is where temporary files go."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    serve(load_settings(workers=2, port=0))
    assert Path(environment["PROMETHEUS_MULTIPROC_DIR"]).parent == tmp_path
