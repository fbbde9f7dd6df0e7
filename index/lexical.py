"""The lexical half of an index: BM25 over stemmed words, each in its document's language."""

import json
import logging
import math
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.importing import not_imported
from corpus.language import LANGUAGES
from index.names import canonical
from index.numbers import SPACED, alike, joined

WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
BROKEN = re.compile(r"([^\W\d_]{2,})[-‐]\s*\n\s*([^\W\d_]{2,})")
HYPHEN = re.compile(r"\u00ad\s*")  # one that is seen at the end of a line only
COUNTED = re.compile(r"([a-z]+:\d+)[^\W\d_]")  # "1970s", "15th", "120kW", behind a language
SMALL_FIGURES = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789" * 2)
ELISION = re.compile(r"['’]")
LANGUAGES_FILE = "lexical.languages.json"
LEXICAL_FOLDER = "lexical"
K1, B = 1.5, 0.75  # of BM25: bm25s' defaults
STEMS_KEPT = 1024  # texts: a question and the passages that are read for it are asked again
Scores = NDArray[np.float32]

# The question words that bm25s' Italian list lacks.
MORE_STOP_WORDS = {"it": {"qual", "quali", "quando", "cosa", "cos", "dov", "com"}}


@lru_cache(maxsize=STEMS_KEPT)
def stems(text: str, language: str) -> tuple[str, ...]:
    """The stemmed words of `text` that say something, in order.

    Stemmed by Snowball (PyStemmer) where it knows the language; the name of a city gives the
    same stem in every language. A text of stop words and punctuation only gives none.
    """
    found = words(text)
    known = stems_of(found, language)
    return tuple(known[word] for word in found if word in known)


def words(text: str) -> list[str]:
    """The words of `text`, in order, in the form in which words are compared.

    Behind them words that a line's end breaks and numbers that blanks part, whole.
    """
    composed = _composed(text)
    found = WORD.findall(composed)
    found += [joined(number) for number in SPACED.findall(composed)]
    if "\n" in composed:
        found += ["".join(parts) for parts in BROKEN.findall(composed)]
    if not ELISION.search(composed):
        return found
    return [part for word in found for part in ELISION.split(word)]


def stems_of(words: Sequence[str], language: str) -> dict[str, str]:
    """The stem of each of `words` that says something; see `stems`."""
    kept = [word for word in words if word not in stop_words(language)]
    stemmer = _stemmer(language)
    found = stemmer.stemWords(kept) if stemmer else kept
    return {word: canonical(word) or stem for word, stem in zip(kept, found, strict=True)}


class Lexical:
    """BM25 (bm25s, Lucene's variant, k1 1.5, b 0.75) over the passages of a generation.

    Stems carry their language, so that one index serves a corpus in several: a question
    is stemmed once for each language that the documents are in.
    """

    def __init__(self, folder: Path) -> None:
        """Read what `index.words.write_lexical` wrote, the scores memory-mapped."""
        about = json.loads((folder / LANGUAGES_FILE).read_text(encoding="utf-8"))
        self._languages: list[str] = about["languages"]
        self._count: int = about["passages"]
        self._vocabulary: dict[str, int] = {}
        if (folder / LEXICAL_FOLDER).is_dir():
            bm25 = bm25s_quietly().BM25
            self._bm25 = bm25.load(folder / LEXICAL_FOLDER, mmap=True, show_progress=False)
            self._vocabulary = self._bm25.vocab_dict
            self._bm25.scores = {
                name: np.asarray(values) if isinstance(values, np.ndarray) else values
                for name, values in self._bm25.scores.items()
            }  # still memory-mapped, without the cost of numpy's memmap class at every slice

    def __len__(self) -> int:
        """How many passages there are."""
        return int(self._count)

    def scores(self, question: str) -> Scores:
        """BM25 of every passage, float32 of shape (passages,); zeros when no word is known."""
        ids = [
            self._vocabulary[token]
            for language in self._languages
            for stem in stems(question, language)
            if (token := tagged(stem, language)) in self._vocabulary
        ]
        if not ids:
            return np.zeros(self._count, np.float32)
        scores: Scores = self._bm25.get_scores_from_ids(ids)
        return scores

    def weights(self, question: str, language: str) -> dict[str, float]:
        """The question's stems in `language`, each with its rarity in the passages.

        BM25's inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5)); a word that no
        passage has weighs the most.
        """
        return {stem: self._rarity(stem, language) for stem in stems(question, language)}

    def share(self, text: str, language: str) -> float | None:
        """How many of the stems of `text` the passages in `language` hold, 0 to 1; None: none."""
        if language not in self._languages:
            return None
        found = stems(text, language)
        known = [stem for stem in found if self.number(stem, language) is not None]
        return len(known) / len(found) if found else 0.0

    def knows(self, word: str, language: str) -> bool:
        """Whether every stem of `word` stands in some passage; a word without stems does.

        With accents or without; a number with letters behind it or without.
        """
        found = (tagged(_bare(stem), language) for stem in stems(word, language))
        return all(token in self._vocabulary or token in self._bared for token in found)

    @cached_property
    def _bared(self) -> frozenset[str]:
        """The words of the passages that have accents, and numbers that have letters, without."""
        counted = (found[1] for found in map(COUNTED.match, self._vocabulary) if found)
        accented = (_bare(token) for token in self._vocabulary if not token.isascii())
        return frozenset((*counted, *accented))

    def number(self, stem: str, language: str) -> int | None:
        """The number of `stem` in `language`, None when no passage has it."""
        return self._vocabulary.get(tagged(stem, language))

    def holders(self, stem: str, language: str) -> NDArray[np.int32]:
        """The numbers of the passages in `language` that hold `stem`."""
        token = self.number(stem, language)
        if token is None:
            return np.empty(0, np.int32)
        begin, end = self._bm25.scores["indptr"][token : token + 2]
        rows: NDArray[np.int32] = self._bm25.scores["indices"][begin:end]
        return rows

    def stands_in(self, stem: str, language: str, numbers: NDArray[np.int64]) -> bool:
        """Whether any of the passages `numbers` is in `language` and holds `stem`."""
        holders = self.holders(stem, language)
        if not len(holders):
            return False
        nearest = holders.take(holders.searchsorted(numbers), mode="clip")  # holders are sorted
        return bool((nearest == numbers).any())

    def _rarity(self, stem: str, language: str) -> float:
        holders = len(self.holders(stem, language))
        return math.log(1 + (self._count - holders + 0.5) / (holders + 0.5))


@cache
def bm25s_quietly() -> Any:
    """bm25s, without its debugging messages and without SciPy, which it does not need."""
    with not_imported("scipy"):
        import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s


def _composed(text: str) -> str:
    """Letters with their marks as one, as they are typed; only to compare, never to quote.

    CO₂ is CO2. The Turkish capital İ has its small letter, not that and a dot on its own.
    """
    composed = unicodedata.normalize("NFC", text).casefold().replace("i\u0307", "i")
    return alike(HYPHEN.sub("", composed).translate(SMALL_FIGURES))


def _bare(word: str) -> str:
    """A word without accents, as who cannot type them writes it."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def tagged(stem: str, language: str) -> str:
    """The word under which `stem` of `language` is counted."""
    return f"{language}:{stem}"


@cache  # as many entries as languages
def stop_words(language: str) -> frozenset[str]:
    """Words of `language` that say nothing on their own (bm25s' lists, from NLTK's); often none."""
    stopwords = bm25s_quietly().stopwords
    lists = {
        "da": stopwords.STOPWORDS_DANISH,
        "de": stopwords.STOPWORDS_GERMAN,
        "en": stopwords.STOPWORDS_EN_PLUS,
        "es": stopwords.STOPWORDS_SPANISH,
        "fr": stopwords.STOPWORDS_FRENCH,
        "it": stopwords.STOPWORDS_ITALIAN,
        "nl": stopwords.STOPWORDS_DUTCH,
        "no": stopwords.STOPWORDS_NORWEGIAN,
        "pt": stopwords.STOPWORDS_PORTUGUESE,
        "ru": stopwords.STOPWORDS_RUSSIAN,
        "sv": stopwords.STOPWORDS_SWEDISH,
        "tr": stopwords.STOPWORDS_TURKISH,
    }
    return frozenset(lists.get(language, ())) | MORE_STOP_WORDS.get(language, set())


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    name = LANGUAGES.get(language)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None
