"""Reads the best passage with the question, to say whether it answers and where.

A small cross-encoder, trained by `benchmarks/train_verifier.py` (docs/verifier.md says on
what, and how well it does) and run by ONNX Runtime.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import EncoderError, GenerationError
from index.encoder import cores, open_session
from index.manifest import check_files

CARD_FILE, MODEL_FILE, TOKENIZER_FILE = "verifier.json", "verifier.onnx", "verifier.tokenizer.json"
REINSTALL = "Install rinvio again (in a clone: git checkout qa/)."
Span = tuple[int, int]


@dataclass(frozen=True)
class Verdict:
    """What the verifier says of a text.

    `logit` is the log odds, not calibrated, that the text answers; `shares` holds, for each
    span it was asked about, how much of the answer stands there: 0 to 1, at most 1 in all.
    `exchanged` is the logit of the question with two names in each other's place, where
    there are two.
    """

    logit: float
    shares: tuple[float, ...]
    exchanged: float | None = None


class Verifier:
    """Judges pairs of a question and a text; safe to share between threads."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Load the model in `folder`; EncoderError when a file is missing or was altered.

        A text is read by `threads`, by default by one for each core.
        """
        from tokenizers import Tokenizer

        card = read_card(folder)
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._tokenizer.enable_truncation(card["token_limit"], strategy="longest_first")
            self._session = open_session(folder / MODEL_FILE, threads or cores())
        except Exception as error:  # both libraries raise bare Exception for a bad file
            raise _unusable(folder, error) from error

    def judge(self, question: str, text: str, spans: Sequence[Span]) -> Verdict:
        """Whether `text` answers `question`, and how much of the answer each span holds.

        `spans` are places in `text`. What is beyond the card's token limit is not read.
        """
        encoding = self._tokenizer.encode(question, text)
        feeds = {
            "input_ids": np.array([encoding.ids], np.int64),
            "of_text": np.array([encoding.type_ids], np.int64),
        }
        logit, weights = self._session.run(None, feeds)
        middles = np.array([(start + end) / 2 for start, end in encoding.offsets])
        of_text = feeds["of_text"][0] == 1
        return Verdict(float(logit[0]), tuple(_share(weights[0], middles, of_text, spans)))


def read_card(folder: Path) -> dict[str, Any]:
    """What the verifier in `folder` says of itself; EncoderError unless its files are intact."""
    try:
        card: dict[str, Any] = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        check_files(folder, card["files"])
    except GenerationError as error:
        raise EncoderError(f"The verifier: {error.wrong}", REINSTALL) from error
    except (OSError, ValueError, KeyError) as error:
        raise _unusable(folder, error) from error
    return card


def _unusable(folder: Path, error: Exception) -> EncoderError:
    return EncoderError(f"The verifier {folder} cannot be used ({error}).", REINSTALL)


def _share(weights: Any, middles: Any, of_text: Any, spans: Sequence[Span]) -> list[float]:
    return [
        float(weights[of_text & (start <= middles) & (middles < end)].sum()) for start, end in spans
    ]
