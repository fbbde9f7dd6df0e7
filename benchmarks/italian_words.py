"""Writes what English words mean each Italian one, for the verifier to read Italian with.

    pip install wordfreq==3.1.1 simplemma==2.0.0
    python benchmarks/italian_words.py it-en-enwiktionary.dsl.dz WORDS.json

The dictionary is Wiktionary's, of github.com/open-dsl-dict/wiktionary-dict (CC BY-SA 3.0);
how frequent a word is, wordfreq says (CC BY-SA 4.0); what it is a form of, simplemma (MIT).
Of several translations those count most that the encoder puts nearest: it knows both
languages. Writes {word: [[translation, weight], ...]}, the most frequent words first.
"""

import argparse
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.progress import track

from evaluation.indexes import KEPT_IN
from index.encoder import OnnxEncoder, Vectors
from index.export import ensure_encoder

WORDS = 32_000
RANKED = 80_000  # words of the frequency list that are looked up
LONGEST = 3  # words of a translation
NEAR = 0.03  # by how much farther away (cosine) a translation counts e times less
ITALIAN = re.compile(r"[a-zàèéìíòóùúî]+")
ENGLISH = re.compile(r"[a-z' -]+")
NOT_MEANT = re.compile(r"\\\[.*?\\\]|\([^)]*\)|\[/?[a-z0-9 ]*\]")  # notes, and the file's marks
PARTICLE = re.compile(r"^(?:to|the|an?) ")


def translations(dictionary: Path) -> dict[str, list[str]]:
    """The short English translations of each headword, in small letters."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    head = ""
    with gzip.open(dictionary, "rt", encoding="utf-16-le") as lines:
        for line in lines:
            if line[:1].strip() and not line.startswith("#"):
                head = line.strip().lower()
            elif line.strip().startswith("[m1]"):
                found[head] |= dict.fromkeys(_meant(line.strip()))
    return {word: list(meant) for word, meant in found.items()}


def _meant(line: str) -> Iterator[str]:
    for part in re.split("[,;/]", NOT_MEANT.sub("", line)):
        meant = PARTICLE.sub("", part.strip(" ?!.…\"'").lower())
        if ENGLISH.fullmatch(meant) and len(meant.split()) <= LONGEST:
            yield meant


def of_forms(known: dict[str, list[str]]) -> dict[str, list[str]]:
    """The translations of the most frequent words, those of what they are forms of included."""
    from simplemma import lemmatize
    from wordfreq import top_n_list

    found = {}
    for word in filter(ITALIAN.fullmatch, top_n_list("it", RANKED)):
        lemma = lemmatize(word, "it").lower()
        meant = dict.fromkeys([*known.get(word, []), *known.get(lemma, [])])
        if meant:
            found[word] = list(meant)
    return dict(list(found.items())[:WORDS])


def weighed(
    words: dict[str, list[str]], encoder: OnnxEncoder
) -> dict[str, list[tuple[str, float]]]:
    """Each translation with its share of the meaning."""
    everything = sorted({*words, *(meant for found in words.values() for meant in found)})
    parts = [everything[n : n + 1000] for n in range(0, len(everything), 1000)]
    encoded: list[Vectors] = [encoder.encode_queries(part) for part in track(parts)]
    vectors = dict(zip(everything, np.concatenate(encoded), strict=True))
    result = {}
    for word, found in words.items():
        near = np.array([vectors[word] @ vectors[meant] for meant in found])
        shares = np.exp((near - near.max()) / NEAR)
        shares = np.round(shares / shares.sum(), 4)
        result[word] = list(zip(found, shares.tolist(), strict=True))
    return result


def main() -> None:
    """Look up, weigh and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("dictionary", type=Path, metavar="DICTIONARY")
    parser.add_argument("out", type=Path, metavar="WORDS.json")
    options = parser.parse_args()
    words = of_forms(translations(options.dictionary))
    encoder = OnnxEncoder(ensure_encoder("e5", KEPT_IN / "encoders"))
    text = json.dumps(weighed(words, encoder), ensure_ascii=False, indent=0)
    options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
