"""Turns texts into unit vectors, through ONNX Runtime and nothing heavier."""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import EncoderError
from index.files import not_permitted
from index.tokens import open_tokens

Vectors = NDArray[np.float32]

MODEL_FILE = "model.onnx"
CARD_FILE = "encoder.json"
SPIN = "30"  # microseconds
CURE = "Delete that folder and build again: `rinvio build --documents FOLDER`."


@dataclass(frozen=True)
class EncoderCard:
    """What an exported encoder says of itself (`encoder.json`).

    `background` holds the mean cosine of a question with unrelated passages and with the
    passages that answer it: it puts the scores of different models on one scale.
    `files` holds the sha256 of the other files.
    """

    name: str
    fingerprint: str
    precision: str
    dimension: int
    token_limit: int
    query_prompt: str
    passage_prompt: str
    cosine_fp32: float
    cosine: float
    background: tuple[float, float]
    licence: str
    files: dict[str, str]

    def save(self, folder: Path) -> None:
        """Write the card beside the model."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "EncoderCard":
        """Read the card in `folder`; EncoderError or NotPermittedError when it cannot be read."""
        try:
            fields = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
            fields["background"] = tuple(fields["background"])
            return cls(**fields)
        except PermissionError as error:
            raise not_permitted(folder / CARD_FILE) from error
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise EncoderError(
                f"The encoder's card {folder / CARD_FILE} cannot be read ({error}).",
                CURE,
            ) from error


class Encoder(Protocol):
    """The seam between texts and vectors."""

    @property
    def card(self) -> EncoderCard:
        """The encoder's name, fingerprint, dimension, token limit and background."""

    def count_tokens(self, text: str) -> int:
        """Tokens that the passage `text` takes of the limit, prompt and special tokens included."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, float32 of shape (len(texts), dimension)."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, float32 of shape (len(texts), dimension)."""


class OnnxEncoder:
    """An encoder exported by `index.export` (or anything with the same files)."""

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`; EncoderError when a file is missing or unreadable."""
        self.card = EncoderCard.load(folder)
        try:
            self._tokens = open_tokens(folder, self.card.token_limit)
            self._session = open_session(folder / MODEL_FILE, threads=1)
        except Exception as error:  # the libraries raise bare Exception for a bad file
            raise EncoderError(
                f"The encoder in {folder} cannot be loaded ({error}).",
                CURE,
            ) from error

    def count_tokens(self, text: str) -> int:
        """Tokens of the passage `text`, prompt and special tokens included."""
        return self._tokens.count(self.card.passage_prompt + text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, float32 of shape (len(texts), dimension)."""
        return self._encode([self.card.query_prompt + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, float32 of shape (len(texts), dimension)."""
        return self._encode([self.card.passage_prompt + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        """One text a run, so that a vector never depends on its neighbours; a core for each.

        In a batch an int8 model would scale all activations together: the same text
        differed by a cosine of 0.994, and slower (`benchmarks/encoding.py`).
        """
        vectors = np.empty((len(texts), self.card.dimension), np.float32)
        for row, vector in enumerate(self._map(self._run, texts)):
            vectors[row] = vector
        return vectors

    def _map(self, run: Callable[[str], Vectors], texts: Sequence[str]) -> Iterable[Vectors]:
        if len(texts) == 1:
            return map(run, texts)
        pool = ThreadPoolExecutor(cores())
        try:
            return list(pool.map(run, texts))
        finally:  # after Ctrl-C too: a thread that still ran would abort the process at its end
            pool.shutdown(cancel_futures=True)

    def _run(self, text: str) -> Vectors:
        feeds = {"input_ids": np.array([self._tokens.ids(text)], np.int64)}
        vector: Vectors = self._session.run(None, feeds)[0][0]
        return vector


def open_session(model: Path, threads: int) -> Any:
    """ONNX Runtime with `model`, each run on `threads` threads.

    They wait for SPIN microseconds before they sleep: through the gaps between the parts of a
    run, but not between runs. ONNX Runtime's default, some hundred times as long, takes the
    cores from whatever comes next, and a question that two models read takes twice as long.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.spin_duration_us", SPIN)
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(model),
        options,
        providers=["CPUExecutionProvider"],
        # On a processor the sum and the normalisation fused are slower than one after the other.
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
