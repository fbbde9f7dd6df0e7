"""Questions under load: cached, bounded, limited in time, revalidated."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from fakes import build_fake, client_of, documents_of, open_fake
from starlette.testclient import TestClient

from corpus.errors import BusyError
from qa.answer import Answer
from qa.engine import Engine
from qa.gaps import GapLog
from service.answers import UNKEPT, Answers, Asked
from service.live import WARM_UP, Live
from service.metrics import Metrics

TRAM = "The tram stops at the old harbour every morning."


class Held:
    """An engine that answers only when it is let."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.began = threading.Event()
        self.let = threading.Event()
        self.asked: list[str] = []

    @property
    def index_version(self) -> str:
        return self._engine.index_version

    def ask(self, question: str, *rest: object) -> Answer:
        if question != WARM_UP:
            self.asked.append(question)
            self.began.set()
            assert self.let.wait(10)
        return self._engine.ask(question, *rest)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"line.txt": TRAM}))
    held = Held(open_fake(tmp_path / "i"))
    yield held
    held.let.set()


def answers_of(held: Held, tmp_path: Path, queue: int) -> Answers:
    live = Live(tmp_path / "i", lambda *_: held, Metrics())
    live.refresh()
    return Answers(live, Metrics(), threads=1, queue=queue, seconds=10)


def test_a_repeated_question_is_not_worked_out_again(held: Held, tmp_path: Path) -> None:
    """The second reply is the first one; another k, language or explain is another question."""
    held.let.set()

    async def scenario() -> None:
        answers = answers_of(held, tmp_path, queue=0)
        first = await answers.reply(Asked("tram?"))
        assert await answers.reply(Asked("tram?")) is first
        assert held.asked == ["tram?"]
        for other in (Asked("tram?", 3), Asked("tram?", 5, "en"), Asked("tram?", explain=True)):
            assert await answers.reply(other) is not first
        assert len(held.asked) == 4
        await answers.close()

    asyncio.run(scenario())


def test_a_full_queue_refuses_at_once(held: Held, tmp_path: Path) -> None:
    """One is answered, one waits, the third is refused; both others get their answers."""

    async def scenario() -> None:
        answers = answers_of(held, tmp_path, queue=1)
        waiting = [asyncio.create_task(answers.reply(Asked(f"tram {n}?"))) for n in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="wait"):
            await answers.reply(Asked("tram 3?"))
        held.let.set()
        assert all(reply.body for reply in await asyncio.gather(*waiting))
        assert (await answers.reply(Asked("tram 4?"))).body
        await answers.close()

    asyncio.run(scenario())


async def given_up(answers: Answers, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask "tram 1?" until the limit of time, which comes while it is worked on."""
    limit = asyncio.timeout(None)
    monkeypatch.setattr(asyncio, "timeout", lambda _: limit)
    waiting = asyncio.create_task(answers.reply(Asked("tram 1?")))
    await asyncio.to_thread(held.began.wait)
    limit.reschedule(0)
    with pytest.raises(BusyError, match="longer"):
        await waiting
    monkeypatch.undo()


async def ended(answers: Answers) -> None:
    """Wait until nothing is worked on any more."""
    while answers._inside:
        await asyncio.sleep(0)


def test_a_fault_that_nobody_waits_for_is_logged(
    held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One that shows only under load would leave no trace otherwise."""

    async def scenario() -> None:
        answers = answers_of(held, tmp_path, queue=0)
        await given_up(answers, held, monkeypatch)
        held._engine = None  # type: ignore[assignment]
        held.let.set()
        await ended(answers)
        await answers.close()

    asyncio.run(scenario())
    assert "nobody waits for" in caplog.text
    assert "AttributeError" in caplog.text


def test_an_answer_that_takes_too_long_is_given_up(
    held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused after the limit; its place stays taken until the work has really ended."""

    async def scenario() -> None:
        answers = answers_of(held, tmp_path, queue=0)
        await given_up(answers, held, monkeypatch)
        with pytest.raises(BusyError, match="wait"):
            await answers.reply(Asked("tram 2?"))
        held.let.set()
        await ended(answers)
        assert (await answers.reply(Asked("tram 1?"))).body  # what was worked out in vain is kept
        await answers.close()
        assert held.asked == ["tram 1?"]

    asyncio.run(scenario())


def test_who_leaves_the_queue_is_not_answered(held: Held, tmp_path: Path) -> None:
    """A question that waits for a thread is left out when nobody waits for its answer."""

    async def scenario() -> None:
        answers = answers_of(held, tmp_path, queue=1)
        first, second = [asyncio.create_task(answers.reply(Asked(f"tram {n}?"))) for n in range(2)]
        await asyncio.to_thread(held.began.wait)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        held.let.set()
        assert (await first).body
        while answers._inside:
            await asyncio.sleep(0)
        await answers.close()
        assert held.asked == ["tram 0?"]

    asyncio.run(scenario())


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with client_of(tmp_path) as client:
        yield client


def test_an_answer_is_revalidated(client: TestClient) -> None:
    """GET has an entity tag; who shows it again gets 304 without a body, others the answer."""
    first = client.get("/v1/ask", params={"q": "where does the tram stop?"})
    tag = first.headers["etag"]
    for shown in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(
            "/v1/ask", params={"q": "where does the tram stop?"}, headers={"If-None-Match": shown}
        )
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = client.get("/v1/ask", params={"q": "which tram?"}, headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["etag"] != tag
    assert other.headers["cache-control"] == "no-cache"


def test_a_busy_service_says_when_to_come_back(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 as a problem document with Retry-After."""
    monkeypatch.setattr(client.app.state.answers, "_places", 0)
    busy = client.post("/v1/ask", json={"question": "where does the tram stop?"})
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
    assert busy.headers["content-type"] == "application/problem+json"


def test_refusals_that_cannot_be_kept_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the file is locked a few wait for it, and later ones are left out."""
    locked, came = Event(), []

    def keep(_: GapLog, answer: Answer) -> None:
        assert locked.wait(10)
        came.append(answer.question)

    monkeypatch.setattr(GapLog, "keep", keep)
    with client_of(tmp_path, rate_limit="off", gaps=tmp_path / "gaps.sqlite") as client:
        for _ in range(UNKEPT + 9):
            client.post("/v1/ask", json={"question": "Who is Zaphod?"})
        locked.set()
    assert len(came) == UNKEPT


def test_refused_questions_are_kept_where_asked_for(tmp_path: Path) -> None:
    """With the setting `gaps` a refusal is kept each time, from the cache too; without, nothing."""
    kept = tmp_path / "gaps.sqlite"
    with client_of(tmp_path, gaps=kept) as client:
        for _ in range(2):
            assert not client.post("/v1/ask", json={"question": "Who is Zaphod?"}).json()[
                "answered"
            ]
    assert [(gap.question, gap.times) for gap in GapLog(kept).read()] == [("Who is Zaphod?", 2)]


def test_a_fault_in_keeping_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever asked has the refusal by then, and nobody else would hear of it."""

    def keep(_: GapLog, answer: Answer) -> None:
        raise TypeError("a fault")

    monkeypatch.setattr(GapLog, "keep", keep)
    with client_of(tmp_path, gaps=tmp_path / "gaps.sqlite") as client:
        assert client.post("/v1/ask", json={"question": "Who is Zaphod?"}).status_code == 200
    assert "a refused question was not kept" in caplog.text
    assert "TypeError: a fault" in caplog.text
