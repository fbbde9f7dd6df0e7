"""Turns a text into the numbers of its tokens, as its encoder was trained to read them."""

import re
import unicodedata
from pathlib import Path
from typing import Protocol

TOKENIZER_FILE = "tokenizer.json"
UNIGRAM_FILE = "tokenizer.model"
# What the unigram models of today do with a text besides NFKC (sentencepiece's nmt_nfkc): control
# characters are nothing, and all white space, line ends too, is one space.
NOTHING = "[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]+"
SPACES = "[ \t\n\f\r\u1680\u200b-\u200f\u2028\u2029\ufeff\ufffd]+"


class Tokens(Protocol):
    """The seam between texts and the numbers that a model reads."""

    def ids(self, text: str) -> list[int]:
        """The tokens of `text`, special ones included, cut to the limit."""

    def count(self, text: str) -> int:
        """How many tokens `text` has, special ones included, beyond the limit too."""


def open_tokens(folder: Path, limit: int) -> Tokens:
    """The tokenizer in `folder`, which gives at most `limit` tokens.

    Raises whatever its library raises for a file that is missing or damaged.
    """
    if (folder / UNIGRAM_FILE).exists():
        return Unigram(folder / UNIGRAM_FILE, limit)
    return HuggingFace(folder / TOKENIZER_FILE, limit)


class HuggingFace:
    """A tokenizer of any kind, by the library tokenizers."""

    def __init__(self, file: Path, limit: int) -> None:
        """Read a tokenizer.json."""
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.enable_truncation(limit)
        self._tokenizer.no_padding()

    def ids(self, text: str) -> list[int]:
        """The tokens of `text`, special ones included, cut to the limit."""
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids

    def count(self, text: str) -> int:
        """How many tokens `text` has, special ones included, beyond the limit too."""
        encoding = self._tokenizer.encode(text)
        special = self._tokenizer.num_special_tokens_to_add(False)
        return len(encoding) + sum(len(part) - special for part in encoding.overflowing)


class Unigram:
    """A unigram model, by sentencepiece.

    For a vocabulary of 250,000 pieces tokenizers takes 290 MB and twice the time to load,
    this library 60 MB.
    """

    def __init__(self, file: Path, limit: int) -> None:
        """Read what `index.unigram` wrote."""
        from sentencepiece import SentencePieceProcessor

        self._pieces = SentencePieceProcessor(model_file=str(file))
        self._limit = limit

    def ids(self, text: str) -> list[int]:
        """The tokens of `text`, special ones included, cut to the limit."""
        ids = self._ids(text)
        return ids if len(ids) <= self._limit else [*ids[: self._limit - 1], ids[-1]]

    def count(self, text: str) -> int:
        """How many tokens `text` has, special ones included, beyond the limit too."""
        return len(self._ids(text))

    def _ids(self, text: str) -> list[int]:
        composed = re.sub(NOTHING, "", unicodedata.normalize("NFKC", text))
        spaced = re.sub(SPACES, " ", composed)
        ids: list[int] = self._pieces.encode(spaced, add_bos=True, add_eos=True)
        return ids
