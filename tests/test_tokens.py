"""Texts in tokens: sentencepiece gives what the tokenizer that came with the model gives."""

import json
import re
import stat
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from conftest import ENCODERS
from hypothesis import given
from hypothesis import strategies as st

from index.models import load_model
from index.tokens import TOKENIZER_FILE, UNIGRAM_FILE, HuggingFace, Tokens, Unigram, open_tokens
from index.unigram import SHAPE, SPECIAL, unigram_model

LIMIT = 12
# Characters that Unicode has had for long: each library orders marks by tables of its own age.
OLD = [
    character
    for character in map(chr, range(0x3000))
    if unicodedata.ucd_3_2_0.category(character) not in {"Cn", "Co", "Cs"}
]
TEXTS = (
    "",
    " ",
    "query: Who adopted what from Torino City Lab?",
    "passage: Title / Heading\nTwo  words,   many    spaces ",
    "perché l'acqua è 50 m² ﬁne Ⅳ … ①",
    "東京タワー \U0001f600 \u200b\u00ad e\u0301",
    "a" * 300,
    "▁ ▁▁ <unknown>",
    "one\ntwo\r\n\tthree\x07\x7f\u200bfour\u2028 \ufeff ",
)

AS_LIKELY = re.compile(r"(.)\1\1", re.DOTALL)  # two and one, or one and two: rounding decides


def decided(text: str) -> bool:
    """Whether both have to read it alike; a special token is read as such by one of them."""
    composed = unicodedata.normalize("NFKC", text)
    return not AS_LIKELY.search(composed) and not any(word in composed for word in SPECIAL)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tokenizer of the default encoder, as it comes and as sentencepiece reads it."""
    folder = tmp_path_factory.mktemp("tokens")
    text = load_model("e5").tokenizer.backend_tokenizer.to_str()
    (folder / TOKENIZER_FILE).write_text(text, encoding="utf-8")
    model = unigram_model(json.loads(text))
    assert model is not None
    (folder / UNIGRAM_FILE).write_bytes(model)
    return folder


@pytest.fixture(scope="module")
def both(written: Path) -> tuple[Tokens, Tokens]:
    """Both ways of reading it."""
    return (
        HuggingFace(written / TOKENIZER_FILE, LIMIT),
        Unigram(written / UNIGRAM_FILE, LIMIT),
    )


@pytest.mark.parametrize("text", TEXTS)
def test_both_give_the_same_tokens(both: tuple[Tokens, Tokens], text: str) -> None:
    """Of every kind of text, cut to the limit, and counted beyond it."""
    theirs, ours = both
    prompted = "query: " + text
    assert ours.ids(prompted) == theirs.ids(prompted)
    assert ours.count(prompted) == theirs.count(prompted)
    assert len(ours.ids(prompted)) == min(LIMIT, ours.count(prompted))


@given(text=st.text(st.sampled_from(OLD)).filter(decided))
def test_they_agree_on_texts_that_nobody_thought_of(both: tuple[Tokens, Tokens], text: str) -> None:
    """Whatever stands in a document: characters of any script, marks, control characters."""
    theirs, ours = both
    assert ours.ids("passage: " + text) == theirs.ids("passage: " + text)


def test_special_tokens_in_a_text_are_words(both: tuple[Tokens, Tokens]) -> None:
    """Whoever writes `</s>` into a question does not end it."""
    ids = both[1].ids("a </s> b")
    assert ids.count(ids[-1]) == 1


def _without(name: str, value: Any) -> dict[str, Any]:
    pieces = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["▁a", -1.0]]
    frame = [
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
    ]
    whole = {
        **SHAPE,
        "post_processor": {"type": "TemplateProcessing", "single": frame},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": pieces, "byte_fallback": False},
    }
    return whole | {name: value}


def test_other_tokenizers_stay_as_they_are() -> None:
    """Where anything differs from what is read alike, the tokenizer's own library reads it."""
    pieces: Any = _without("", None)["model"]
    assert unigram_model(_without("", None)) is not None
    assert unigram_model(_without("normalizer", None)) is None
    assert unigram_model(_without("pre_tokenizer", {"type": "Whitespace"})) is None
    assert unigram_model(_without("post_processor", None)) is None
    assert unigram_model(_without("model", {"type": "WordPiece", "vocab": {}})) is None
    assert unigram_model(_without("model", pieces | {"byte_fallback": True})) is None
    assert unigram_model(_without("model", pieces | {"unk_id": 0})) is None
    assert unigram_model(_without("model", pieces | {"vocab": pieces["vocab"][1:]})) is None


def test_the_default_encoder_is_kept_small(case_study: Path) -> None:
    """Its pieces are read by sentencepiece; its table is a file that others may read and map."""
    [folder] = (case_study / "encoders").iterdir()
    assert isinstance(open_tokens(folder, LIMIT), Unigram)
    model, tables = folder / "model.onnx", folder / "tables.bin"
    assert model.stat().st_size < tables.stat().st_size
    assert stat.S_IMODE(tables.stat().st_mode) == stat.S_IMODE(model.stat().st_mode)
    assert (ENCODERS / folder.name / "tables.bin").exists()
