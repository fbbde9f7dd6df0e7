"""What the service counts and times, and how Prometheus reads it.

Where `PROMETHEUS_MULTIPROC_DIR` names a folder, several processes write their figures there,
and each of them shows the sum of all; `service.serving` sets it for several workers.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from qa.engine import STAGES

MEDIA_TYPE = CONTENT_TYPE_LATEST
GENERATION = "rinvio_generation"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
STAGE_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5)


class Metrics:
    """The figures of one application; `app.state.metrics` holds it."""

    def __init__(self) -> None:
        """Begin every figure at nothing."""
        disable_created_metrics()  # a time beside each counter that nobody reads
        self._registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests answered.", "route", "status")
        self._request_seconds = self._histogram(
            "request_seconds", "Seconds from request to response.", "route", REQUEST_SECONDS
        )
        self._stage_seconds = self._histogram(
            "stage_seconds", "Seconds in each stage of an answer.", "stage", STAGE_SECONDS
        )
        self._answers = self._counter("answers", "Questions answered, or why refused.", "outcome")
        self._cache = self._counter("cache", "Answers found in the cache, or not.", "result")
        self._swaps = self._counter("swaps", "Changes to another generation.", "result")
        self._closed = self._counter("connections_closed", "Connections cut off.", "reason")
        self._queue = self._gauge("queue", "Questions that wait or are being answered.")
        self._generation = self._gauge("generation", "Processes that serve it.", "id")
        self._stages = {name: self._stage_seconds.labels(name) for name in STAGES}
        self._served: str | None = None

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request by the template of its route and the class of its status."""
        self._requests.labels(route, f"{status // 100}xx").inc()
        self._request_seconds.labels(route).observe(seconds)

    def stage(self, name: str) -> AbstractContextManager[object]:
        """Time a stage of an answer, one of STAGES: `with metrics.stage("encode"): ...`."""
        return self._stages[name].time()

    def answer(self, reason: str | None) -> None:
        """Count an answer, or a refusal by its reason."""
        self._answers.labels(reason or "answered").inc()

    def cache(self, hit: bool) -> None:
        """Count a look into the cache of answers."""
        self._cache.labels("hit" if hit else "miss").inc()

    def queue(self, questions: int) -> None:
        """Say how many questions this process has in hand, those that wait included."""
        self._queue.set(questions)

    def swap(self, ok: bool) -> None:
        """Count a change to another generation that was made, or refused."""
        self._swaps.labels("ok" if ok else "refused").inc()

    def closed(self, reason: str) -> None:
        """Count a connection that was cut off, by the reason."""
        self._closed.labels(reason).inc()

    def serving(self, generation: str) -> None:
        """Say which generation this process serves from now on."""
        if self._served is not None:
            self._generation.labels(self._served).set(0)
            if FOLDER not in os.environ:  # several processes cannot take a figure back
                self._generation.remove(self._served)
        self._generation.labels(generation).set(1)
        self._served = generation

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format, of all processes where there are several."""
        if FOLDER not in os.environ:
            return generate_latest(self._registry)
        _forget_the_dead(Path(os.environ[FOLDER]))
        together = CollectorRegistry()
        together.register(_OfAllProcesses())
        return generate_latest(together)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"rinvio_{name}", what, labels, registry=self._registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(
            f"rinvio_{name}", what, labels, registry=self._registry, multiprocess_mode="livesum"
        )

    def _histogram(self, name: str, what: str, label: str, bounds: tuple[float, ...]) -> Histogram:
        return Histogram(f"rinvio_{name}", what, (label,), registry=self._registry, buckets=bounds)


class _OfAllProcesses(Collector):
    """The sums of all processes, without the generations that none of them serves any more."""

    def collect(self) -> Iterator[Metric]:
        """The figures; one series for each rebuild would otherwise stay until a restart."""
        found: Iterator[Metric] = MultiProcessCollector(None).collect()
        for figure in found:
            if figure.name == GENERATION:
                figure.samples = [sample for sample in figure.samples if sample.value]
            yield figure


@contextmanager
def shared_between(workers: int) -> Iterator[None]:
    """A folder for the figures of several processes that start inside, gone afterwards.

    Has to come before anything of this module is used in them.
    """
    if workers == 1 or FOLDER in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="rinvio-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def _forget_the_dead(folder: Path) -> None:
    """Leave out what processes that are gone were doing; what they counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        process = int(file.stem.rpartition("_")[2])
        if not _alive(process):
            with suppress(FileNotFoundError):  # another worker forgets it at the same time
                mark_process_dead(process, str(folder))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it lives, and is somebody else's
    return True
