"""Answers questions off the event loop: a bounded queue, a limit of time, a cache."""

import asyncio
import hashlib
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from threading import Semaphore
from typing import NamedTuple

from cachetools import LRUCache
from starlette.concurrency import run_in_threadpool

from corpus.errors import BusyError, RinvioError
from qa.answer import Answer
from qa.engine import Engine
from qa.gaps import GapLog
from service.context import note
from service.live import Live
from service.metrics import Metrics
from views.schemas import answer_json

CACHE_BYTES = 16_000_000  # of answers in memory: some thousand of five passages
UNKEPT = 64  # refused questions that wait for their file; more are left out while it is locked
COPIES = 4  # an answer in memory takes about so many times its JSON
log = logging.getLogger("rinvio")


class Asked(NamedTuple):
    """A question with what `Engine.ask` wants to know besides."""

    question: str
    k: int = 5
    language: str | None = None
    explain: bool = False


@dataclass(frozen=True)
class Reply:
    """An answer, its JSON, and the entity tag of that JSON."""

    answer: Answer
    body: bytes
    etag: str


class Answers:
    """Asks the live engine; its methods belong to the event loop."""

    def __init__(
        self,
        live: Live,
        metrics: Metrics,
        threads: int,
        queue: int,
        seconds: float,
        gaps: GapLog | None = None,
    ) -> None:
        """Answer `threads` questions at a time, let `queue` more wait, none above `seconds`.

        What is refused is kept in `gaps`.
        """
        self._live = live
        self._metrics = metrics
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="answer")
        self._places = threads + queue
        self._seconds = seconds
        self._gaps = gaps
        self._keeping = ThreadPoolExecutor(1, thread_name_prefix="gaps")
        self._unkept = Semaphore(UNKEPT)
        self._inside = 0
        self._cache: LRUCache[tuple[str, Asked], Reply] = LRUCache(CACHE_BYTES, getsizeof=_size)

    async def reply(self, asked: Asked) -> Reply:
        """The reply to a question: at once when the same generation has given it before.

        Raises BusyError when too many wait or when it takes too long, QuestionError and
        GenerationError as the engine does.
        """
        engine = self._live.engine
        note(generation=engine.index_version, question=asked.question)
        key = (engine.index_version, asked)
        reply = self._cache.get(key)
        self._metrics.cache(hit=reply is not None)
        if reply is None:
            reply = await self._worked_out(engine, asked)
        self._metrics.answer(reply.answer.reason)
        if self._gaps and not reply.answer.answered and self._unkept.acquire(blocking=False):
            self._keeping.submit(copy_context().run, self._keep, self._gaps, reply.answer)
        return reply

    def _keep(self, gaps: GapLog, answer: Answer) -> None:
        """Keep a refused question; a fault in that is logged, as nobody waits for it."""
        try:
            gaps.keep(answer)
        except Exception:
            log.exception("a refused question was not kept")
        finally:
            self._unkept.release()

    async def _worked_out(self, engine: Engine, asked: Asked) -> Reply:
        if self._inside >= self._places:
            raise BusyError("Too many questions wait.", "Ask again in a moment.")
        self._inside += 1
        self._metrics.queue(self._inside)
        loop = asyncio.get_running_loop()
        ended = loop.create_future()
        work = self._pool.submit(copy_context().run, _reply, engine, asked)
        # One call wakes the loop for both: a second one would take Python's lock from the thread.
        work.add_done_callback(
            lambda work: loop.call_soon_threadsafe(self._leave, ended, engine, asked, work)
        )
        try:
            async with asyncio.timeout(self._seconds):
                await ended
        except TimeoutError as error:
            raise BusyError(
                f"The answer took longer than {self._seconds:g} seconds.", "Ask again later."
            ) from error
        finally:
            work.cancel()  # if it still waits for a thread
        return work.result()

    def _leave(
        self, ended: "asyncio.Future[None]", engine: Engine, asked: Asked, work: Future[Reply]
    ) -> None:
        """A place is free again: only once the work has ended, however long anybody waited.

        What came of it is kept for whoever asks again.
        """
        self._inside -= 1
        error = None if work.cancelled() else work.exception()
        if error and ended.done() and not isinstance(error, RinvioError):
            log.error("a question that nobody waits for any more failed", exc_info=error)
        if not work.cancelled() and error is None:
            reply = work.result()
            if _size(reply) <= self._cache.maxsize:
                self._cache[engine.index_version, asked] = reply
        self._metrics.queue(self._inside)
        if not ended.done():
            ended.set_result(None)

    async def close(self) -> None:
        """Let the threads end what they are at; questions that wait are not answered any more."""
        await run_in_threadpool(self._pool.shutdown, cancel_futures=True)
        await run_in_threadpool(self._keeping.shutdown)


def _reply(engine: Engine, asked: Asked) -> Reply:
    answer = engine.ask(*asked)
    body = answer_json(answer)
    return Reply(answer, body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')


def _size(reply: Reply) -> int:
    return COPIES * len(reply.body)
