"""The service takes up what is published, and lets go of what was."""

import gc
import weakref
from pathlib import Path

import pytest
from fakes import WordCountEncoder, build_fake, documents_of, open_fake
from starlette.testclient import TestClient

from api import create_app
from corpus.errors import GenerationError
from index.generation import Generation
from index.publishing import CURRENT_FILE, current
from index.rollback import rollback
from qa.confidence import Confidence
from qa.engine import Engine
from service import live as live_module
from service.live import Live
from service.metrics import Metrics
from settings import load_settings

TRAM = "The tram stops at the old harbour every morning."
FERRY = "The ferry leaves from the new pier every evening."


def publish(folder: Path, text: str) -> Path:
    build_fake(folder / "i", documents_of(folder / text[4:9], {"line.txt": text}))
    return folder / "i"


@pytest.fixture
def live(tmp_path: Path) -> Live:
    index = publish(tmp_path, TRAM)
    live = Live(index, lambda *_: open_fake(index), Metrics())
    live.refresh()
    return live


def test_what_is_published_is_served(live: Live, tmp_path: Path) -> None:
    """After a build and after a rollback the next look serves that generation."""
    first = live.engine.index_version
    publish(tmp_path, FERRY)
    assert live.engine.index_version == first
    live.refresh()
    assert live.engine.index_version == current(tmp_path / "i") != first
    rollback(tmp_path / "i")
    live.refresh()
    assert live.engine.index_version == first


def test_nothing_is_opened_while_nothing_changes(tmp_path: Path) -> None:
    """A look at an unchanged CURRENT opens no engine, and neither does the same id anew."""
    index = publish(tmp_path, TRAM)
    opened = []

    def open_engine(generation: str, previous: Engine | None) -> Engine:
        opened.append(previous)
        return open_fake(index)

    live = Live(index, open_engine, Metrics())
    for _ in range(3):
        live.refresh()
    publish(tmp_path, TRAM)
    live.refresh()
    assert opened == [None]


def test_a_repaired_generation_is_opened_again(live: Live, tmp_path: Path) -> None:
    """Its id is the same, but the files that are open are those that were damaged."""
    served = live.engine
    damaged = tmp_path / "i" / "generations" / served.index_version / "sentences.npy"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    publish(tmp_path, TRAM)
    live.refresh()
    assert live.engine is not served
    assert live.engine.index_version == served.index_version
    repaired = live.engine
    live.refresh()
    assert live.engine is repaired


def test_a_damaged_generation_is_refused(live: Live, tmp_path: Path) -> None:
    """What fails its verification is not served: the one before answers on, and it is said."""
    served = live.engine
    publish(tmp_path, FERRY)
    damaged = tmp_path / "i" / "generations" / current(tmp_path / "i") / "passages.faiss"
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-1])
    live.refresh()
    assert live.engine is served
    assert live.refused is not None
    assert str(damaged) in live.refused


def test_a_refused_one_is_tried_again(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that was not complete yet is served once it is, though CURRENT stays the same."""
    publish(tmp_path, FERRY)
    late = tmp_path / "i" / "generations" / current(tmp_path / "i") / "passages.faiss"
    whole = late.read_bytes()
    late.unlink()
    live.refresh()
    late.write_bytes(whole)
    live.refresh()
    assert live.refused
    monkeypatch.setattr(live_module, "RETRY_AFTER", 0)
    live._seen = None
    live.refresh()
    assert live.refused is None
    assert live.engine.index_version == current(tmp_path / "i")


@pytest.mark.parametrize("content", [None, b"", b"\xff", b"0123456789abcdef\n"])
def test_a_lost_pointer_changes_nothing(live: Live, tmp_path: Path, content: bytes | None) -> None:
    """CURRENT deleted, emptied, unreadable or wrong: what is served stays, and it is said."""
    served = live.engine
    pointer = tmp_path / "i" / CURRENT_FILE
    pointer.unlink()
    if content is not None:
        pointer.write_bytes(content)
    live.refresh()
    assert live.engine is served
    assert live.refused


def test_a_fault_while_opening_is_a_refusal(tmp_path: Path) -> None:
    """Whatever goes wrong with the next generation, the one before answers on, and it is said."""
    index = publish(tmp_path, TRAM)

    def open_engine(generation: str, previous: Engine | None) -> Engine:
        if previous:
            raise MemoryError("no room for two")
        return open_fake(index)

    live = Live(index, open_engine, Metrics())
    live.refresh()
    served = live.engine
    publish(tmp_path, FERRY)
    live.refresh()
    assert live.engine is served
    assert live.refused
    assert "no room for two" in live.refused


def test_one_that_starts_on_a_damaged_generation_serves_the_one_before(tmp_path: Path) -> None:
    """Newly started there is nothing to stay with: the last whole one answers, and it is said."""
    whole = current(publish(tmp_path, TRAM))
    index = publish(tmp_path, FERRY)
    damaged = index / "generations" / current(index) / "passages.faiss"
    bytes_before = damaged.read_bytes()
    damaged.write_bytes(b"")
    live = Live(index, lambda name, _: open_fake(index, generation_id=name), Metrics())
    live.refresh()
    assert live.engine.index_version == whole
    assert live.refused is not None
    assert str(damaged) in live.refused
    damaged.write_bytes(bytes_before)
    live._seen = None
    live.refresh()
    assert live.engine.index_version == current(index)


def test_a_refusal_is_logged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """However often it is tried again, and however many ask meanwhile: one line says why."""
    monkeypatch.setattr(live_module, "RETRY_AFTER", 0)
    app = create_app(load_settings(index=tmp_path / "none"))
    with TestClient(app) as client:
        for _ in range(3):
            app.state.live.refresh()
            assert client.get("/v1/ask", params={"q": "tram?"}).status_code == 503
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1
    assert "There is no index in" in errors[0]


def test_without_an_index_there_is_no_engine_until_one_is_built(tmp_path: Path) -> None:
    """GenerationError first; served as soon as a first build is published."""
    live = Live(tmp_path / "i", lambda *_: open_fake(tmp_path / "i"), Metrics())
    live.refresh()
    with pytest.raises(GenerationError, match="rinvio build"):
        live.engine  # noqa: B018
    publish(tmp_path, TRAM)
    live.refresh()
    assert live.engine.ask("tram harbour").passages[0].citation.quote == TRAM


def test_the_one_before_is_freed_by_its_last_holder(live: Live, tmp_path: Path) -> None:
    """While a question holds the old engine it answers; afterwards nothing of it is left."""
    gc.disable()  # nothing but the last reference frees it
    try:
        held = live.engine
        parts = [weakref.ref(held.generation), weakref.ref(held.generation.store)]
        publish(tmp_path, FERRY)
        live.refresh()
        assert held.ask("tram harbour").passages[0].citation.quote == TRAM
        assert all(part() for part in parts)
        del held
        assert not any(part() for part in parts)
    finally:
        gc.enable()


def test_models_are_shared_between_generations(tmp_path: Path) -> None:
    """The same encoder is not loaded twice: the next engine has the one before it."""
    index = publish(tmp_path, TRAM)
    generation = Generation.open(index, open_encoder=WordCountEncoder)
    previous = Engine(index, generation, Confidence.load())
    publish(tmp_path, FERRY)
    following = Engine.open(index, verified=False, previous=previous)
    assert following.index_version != previous.index_version
    assert following.generation.encoder is generation.encoder


def test_the_service_looks_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any request to do so, a running service comes to answer from the next build."""
    monkeypatch.setattr(live_module, "LOOK_EVERY", 0)
    index = publish(tmp_path, TRAM)
    app = create_app(load_settings(index=index), lambda *_: open_fake(index))
    with TestClient(app) as client:
        first = client.get("/readyz").json()["index_version"]
        publish(tmp_path, FERRY)
        while (seen := client.get("/readyz").json()["index_version"]) == first:
            pass
        answer = client.get("/v1/ask", params={"q": "ferry pier"}).json()
    assert answer["index_version"] == seen == current(index)
    assert answer["passages"][0]["citation"]["quote"] == FERRY


def test_readiness_tells_of_a_refusal_without_its_words(tmp_path: Path) -> None:
    """/readyz stays ready and says that something newer is refused; the log says what."""
    index = publish(tmp_path, TRAM)
    app = create_app(load_settings(index=index), lambda *_: open_fake(index))
    with TestClient(app) as client:
        assert client.get("/readyz").json()["refused"] is False
        (index / CURRENT_FILE).unlink()
        app.state.live.refresh()
        ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["refused"]) == (200, True)
    assert str(tmp_path) not in ready.text
