"""An encoder as it serves: vectors that depend on their text alone, threads that end."""

import threading
from pathlib import Path

import pytest
from conftest import ENCODERS

from index.encoder import OnnxEncoder, Vectors


def test_a_vector_does_not_depend_on_its_neighbours(case_study: Path) -> None:
    """A text has the same vector alone and among others, to the bit; so has a question."""
    [folder] = (case_study / "encoders").iterdir()
    encoder = OnnxEncoder(folder)
    texts = ["tram", "The tram stops at the old harbour. " * 9, "Il ponte è chiuso."]
    together = encoder.encode_passages(texts)
    for text, vector in zip(texts, together, strict=True):
        assert (encoder.encode_passages([text])[0] == vector).all()
    for text, vector in zip(texts, encoder.encode_queries(texts), strict=True):
        assert (encoder.encode_queries([text])[0] == vector).all()


def test_an_interrupted_encoder_leaves_no_thread_running(
    case_study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ends it, what waits is not begun, and what runs has ended when it is let out."""
    [folder] = (case_study / "encoders").iterdir()
    encoder = OnnxEncoder(folder)
    begun = []

    def interrupted(text: str) -> Vectors:
        begun.append(text)
        raise KeyboardInterrupt

    monkeypatch.setattr(encoder, "_run", interrupted)
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        encoder.encode_passages(["a text"] * 10_000)
    assert threading.active_count() == before
    assert len(begun) < 10_000


def test_the_default_encoder_is_proved(case_study: Path) -> None:
    """multilingual-e5-small agrees with sentence-transformers: 0.999 in fp32, 0.99 in int8."""
    [folder] = (case_study / "encoders").iterdir()
    card = OnnxEncoder(folder).card
    assert (card.name, card.dimension, card.token_limit) == ("e5", 384, 512)
    assert card.cosine_fp32 >= 0.999
    assert card.cosine >= 0.99
    assert (ENCODERS / card.fingerprint).is_dir()
