"""What /metrics shows, alone and with several processes."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from conftest import ROOT
from fakes import client_of
from prometheus_client.parser import text_string_to_metric_families

from qa.answer import Reason
from service.metrics import STAGES, Metrics, _forget_the_dead, shared_between

OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def samples(text: str) -> dict[tuple[str, ...], float]:
    """The value of every sample by its name and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def everything(metrics: Metrics) -> str:
    """The exposition after each figure was used once."""
    metrics.request("/v1/ask", 200, 0.1)
    for name in STAGES:
        with metrics.stage(name):
            pass
    for reason in (None, *get_args(Reason)):
        metrics.answer(reason)
    for yes in (True, False):
        metrics.cache(yes)
        metrics.swap(yes)
    metrics.queue(3)
    metrics.closed("slow")
    metrics.serving("g-1")
    return metrics.exposition().decode()


def test_the_documentation_lists_exactly_what_is_exposed() -> None:
    """Names, kinds and labels in docs/operating.md are those of /metrics."""
    rows = re.findall(r"^\| `(rinvio_\w+)` \| (\w+) \| (.*?) \|", OPERATING, re.MULTILINE)
    documented = {
        (name, kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows
    }
    exposed = set()
    for family in text_string_to_metric_families(everything(Metrics())):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = tuple(label for label in family.samples[0].labels if label != "le")
        exposed.add((name, family.type, labels))
    assert documented == exposed


@pytest.mark.parametrize("value", [*STAGES, "answered", *get_args(Reason)])
def test_the_documentation_names_every_label(value: str) -> None:
    """Stages and outcomes stand in docs/operating.md."""
    assert f"`{value}`" in OPERATING


def test_requests_are_counted_by_template(tmp_path: Path, no_settings: Path) -> None:
    """A document's id, a path that nobody knows and HEAD make no label of their own."""
    with client_of(tmp_path, address="127.0.0.1") as client:
        client.get("/v1/documents/tram")
        client.head("/v1/documents/tram")
        client.get("/v1/documents/nope")
        client.get("/wp-login.php")
        client.delete("/v1/ask")
        seen = samples(client.get("/metrics").text)
    counted = {key[1:]: value for key, value in seen.items() if key[0] == "rinvio_requests_total"}
    assert counted == {
        ("/v1/documents/{document_id}", "2xx"): 2,
        ("/v1/documents/{document_id}", "4xx"): 1,
        ("unmatched", "4xx"): 1,
        ("/v1/ask", "4xx"): 1,
    }
    assert seen["rinvio_request_seconds_count", "/v1/ask"] == 1


def test_the_served_generation_is_the_last_one() -> None:
    """After a swap only the new generation is shown; refused swaps are counted apart."""
    metrics = Metrics()
    metrics.serving("g-1")
    metrics.serving("g-2")
    metrics.swap(ok=False)
    seen = samples(metrics.exposition().decode())
    assert seen["rinvio_generation", "g-2"] == 1
    assert ("rinvio_generation", "g-1") not in seen
    assert seen["rinvio_swaps_total", "refused"] == 1


def test_a_stage_is_timed() -> None:
    """What happens inside `with stage(...)` is one observation of that stage, an error too."""
    metrics = Metrics()
    with pytest.raises(KeyError), metrics.stage("encode"):
        raise KeyError
    seen = samples(metrics.exposition().decode())
    assert seen["rinvio_stage_seconds_count", "encode"] == 1
    assert seen["rinvio_stage_seconds_count", "judge"] == 0


def test_several_processes_show_their_sum(no_settings: Path) -> None:
    """Each worker shows what all counted; of one that is gone only what it did remains."""
    script = """
from service.metrics import Metrics
metrics = Metrics()
metrics.serving("g-1")
metrics.serving("g-2")
metrics.request("/v1/ask", 200, 0.1)
metrics.queue(2)
print(metrics.exposition().decode())
"""
    with shared_between(workers=2):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        options: dict[str, Any] = {"capture_output": True, "text": True, "env": environment}
        ran = [subprocess.run([sys.executable, "-c", script], **options) for _ in range(2)]
        folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    seen = samples(ran[1].stdout)
    assert seen["rinvio_requests_total", "/v1/ask", "2xx"] == 2
    assert seen["rinvio_queue",] == 2
    assert seen["rinvio_generation", "g-2"] == 1
    assert ("rinvio_generation", "g-1") not in seen
    assert not folder.exists()
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ


def test_one_process_needs_no_folder(no_settings: Path) -> None:
    """With one worker nothing is shared."""
    with shared_between(workers=1):
        assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ


def test_what_another_worker_has_forgotten_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two answer /metrics at the same time after a third has died."""
    dead = 2**31 - 1
    (tmp_path / f"gauge_livesum_{dead}.db").touch()
    asked = []

    def gone(process: int, folder: str) -> None:
        asked.append(process)
        raise FileNotFoundError

    monkeypatch.setattr("service.metrics.mark_process_dead", gone)
    _forget_the_dead(tmp_path)
    assert asked == [dead]
