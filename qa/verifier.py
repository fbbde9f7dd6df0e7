"""Reads the best passage with the question, to say whether it answers and where.

A small cross-encoder for English and Italian, trained by `benchmarks/train_verifier.py`
(docs/verifier.md says on what, and how well it does) and run by ONNX Runtime. Each language
has a tokenizer of its own: "come" is one word in English and another in Italian.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from corpus.document import Span
from corpus.errors import EncoderError, GenerationError
from index.encoder import cores, open_session
from index.manifest import check_files

FOLDER = Path(__file__).with_name("models")
CARD_FILE, MODEL_FILE = "verifier.json", "verifier.onnx"
TOKENIZER_FILES = {"en": "english.tokenizer.json", "it": "italian.tokenizer.json"}
WORD = re.compile(r"(\w{3,})")
REINSTALL = "Install rinvio again (in a clone: git checkout qa/)."
Languages = tuple[str, str]  # of a question, and of the text that is read with it


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

    def __init__(self, folder: Path = FOLDER, threads: int | None = None) -> None:
        """Load the model in `folder`; EncoderError when a file is missing or was altered.

        A text is read by `threads`, by default by one for each core.
        """
        card = read_card(folder)
        try:
            self._tokenizers = open_tokenizers(folder, card["token_limit"])
            self._session = open_session(folder / MODEL_FILE, threads or cores())
        except Exception as error:  # both libraries raise bare Exception for a bad file
            raise _unusable(folder, error) from error

    def reads(self, languages: Languages) -> bool:
        """Whether it knows both."""
        return set(languages) <= set(TOKENIZER_FILES)

    def judge(
        self, question: str, text: str, spans: Sequence[Span], languages: Languages
    ) -> Verdict:
        """Whether `text` answers `question`, and how much of the answer each span holds.

        `spans` are places in `text`. What is beyond the card's token limit is not read.
        """
        encoding = encoded(self._tokenizers, question, text, languages)
        feeds = {
            "input_ids": np.array([encoding.ids], np.int64),
            "of_text": np.array([encoding.type_ids], np.int64),
        }
        logit, weights = self._session.run(None, feeds)
        middles = np.array([(start + end) / 2 for start, end in encoding.offsets])
        of_text = feeds["of_text"][0] == 1
        return Verdict(float(logit[0]), tuple(_share(weights[0], middles, of_text, spans)))


def open_tokenizers(folder: Path, token_limit: int) -> dict[str, Any]:
    """The tokenizers in `folder` by language, which cut pairs to `token_limit` tokens."""
    from tokenizers import Tokenizer

    opened = {
        code: Tokenizer.from_file(str(folder / name)) for code, name in TOKENIZER_FILES.items()
    }
    for tokenizer in opened.values():
        tokenizer.enable_truncation(token_limit, strategy="longest_first")
    return opened


def encoded(tokenizers: Mapping[str, Any], question: str, text: str, languages: Languages) -> Any:
    """The tokens of a pair, each text's by the tokenizer of its language.

    In another language the names of `text` are read in the question as they are there: an
    English text's "Torino" is not the word that Italian has for it.
    """
    from tokenizers import Encoding

    of_question, of_text = (tokenizers[code] for code in languages)
    read = of_text.encode(text, add_special_tokens=False)
    names = _names_in(text) if languages[0] != languages[1] else set()
    asked = [
        (of_text if shared else of_question).encode("".join(words), add_special_tokens=False)
        for shared, words in groupby(WORD.split(question), lambda word: word.lower() in names)
    ]
    return of_question.post_process(Encoding.merge(asked), read)


def _names_in(text: str) -> set[str]:
    """Its words with a capital, in small letters."""
    return {word.lower() for word in WORD.findall(text) if word[0].isupper()}


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
