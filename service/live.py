"""The engine that answers now, exchanged when the index publishes another generation."""

import asyncio
import logging
import time
from contextlib import suppress
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from corpus.errors import GenerationError, NotReadyError, RinvioError
from index.manifest import MANIFEST_FILE
from index.publishing import CURRENT_FILE, current, history
from qa.engine import Engine, OpenEngine
from service.memory import give_back
from service.metrics import Metrics

LOOK_EVERY = 0.5  # seconds between two looks at CURRENT
RETRY_AFTER = 30.0  # seconds until one that was refused is tried again: it may be on its way
WARM_UP = "What is written here, and where?"
log = logging.getLogger("rinvio.live")


class Live:
    """Holds the engine of one index; requests take it once and keep it until they end.

    The one before is freed by the last request that holds it: nothing else refers to it.
    """

    def __init__(self, index: Path, open_engine: OpenEngine, metrics: Metrics) -> None:
        """Serve `index`, whose generations `open_engine` opens."""
        self._index = index
        self._open_engine = open_engine
        self._metrics = metrics
        self._engine: Engine | None = None
        self._seen: object = ()  # what CURRENT looked like, so that it is read once
        self._manifest: object = ()  # what that of the engine looked like: a repair replaces it
        self._try_again = float("inf")
        self.refused: str | None = None  # why what is published is not served

    @property
    def engine(self) -> Engine:
        """The engine that answers now; NotReadyError when there is none yet."""
        if self._engine is None:
            raise NotReadyError("There is no usable index.", "Build one: rinvio build")
        return self._engine

    def refresh(self) -> None:
        """Serve what CURRENT names, if that has changed; what cannot be served is refused.

        It is opened, verified and warmed before it takes the place of the one until now. Where
        there is none until now, the one before it is served meanwhile.
        """
        stamp = _stamp(self._index / CURRENT_FILE)
        if stamp == self._seen and time.monotonic() < self._try_again:
            return
        self._seen, self._try_again = stamp, float("inf")
        try:
            published = current(self._index)
            manifest = _stamp(self._index / "generations" / published / MANIFEST_FILE)
            served = self._engine and self._engine.index_version
            if served != published or self._manifest != manifest:
                self._serve(self._open_engine(published, self._engine))
                self._manifest = manifest
            self.refused = None
        except Exception as error:  # a fault of ours must not end the watch either
            self._refuse(error)
            if self._engine is None:
                self._fall_back()

    def _refuse(self, error: Exception) -> None:
        meant = isinstance(error, RinvioError | OSError)
        why = str(error) if meant else f"a fault of the program, please report it ({error!r})"
        if why != self.refused:  # said once, however often it is tried again
            log.error("not served: %s", why, exc_info=None if meant else error)
        self.refused = why
        self._try_again = time.monotonic() + RETRY_AFTER
        self._metrics.swap(ok=False)

    def _fall_back(self) -> None:
        """Serve the last generation before that is whole: a process that starts has none yet."""
        with suppress(GenerationError):  # CURRENT cannot be read, as was said
            for earlier in history(self._index)[1:]:
                with suppress(Exception):
                    self._serve(self._open_engine(earlier, None))
                    return

    def _serve(self, engine: Engine) -> None:
        engine.ask(WARM_UP)
        give_back()
        if self._engine is not None:
            self._metrics.swap(ok=True)
        self._engine = engine
        self._metrics.serving(engine.index_version)
        log.info("serving %s", engine.index_version)

    async def watch(self) -> None:
        """Refresh for ever, off the event loop."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await run_in_threadpool(self.refresh)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes whenever a file is replaced or written; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
