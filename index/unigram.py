"""Writes a tokenizer for sentencepiece, where it is of the kind that `index.tokens` reads so."""

from typing import Any

from index.tokens import NOTHING, SPACES

SHAPE = {  # what a tokenizer.json has to say besides its pieces
    "normalizer": {
        "type": "Sequence",
        "normalizers": [
            {"type": "NFKC"},
            {"type": "Replace", "pattern": {"Regex": NOTHING}, "content": ""},
            {"type": "Replace", "pattern": {"Regex": SPACES}, "content": " "},
        ],
    },
    "pre_tokenizer": {
        "type": "Metaspace",
        "replacement": "▁",
        "prepend_scheme": "always",
        "split": True,
    },
}
SPECIAL = {"<s>": "bos", "</s>": "eos", "<unk>": "unk", "<pad>": "pad"}


def unigram_model(tokenizer: dict[str, Any]) -> bytes | None:
    """The model file for a tokenizer.json that was read, None where it is of another kind.

    The tokens of every text are the same, but for special tokens that somebody writes into it,
    which are words there; marks that are newer than the Unicode of one of the libraries, which
    each may order otherwise; and a text of which two cuts are as likely.
    """
    model = tokenizer["model"]
    if model["type"] != "Unigram" or model.get("byte_fallback"):
        return None
    if any(tokenizer[key] != value for key, value in SHAPE.items()) or not _framed(tokenizer):
        return None
    from sentencepiece.sentencepiece_model_pb2 import ModelProto

    written = ModelProto()
    kinds = ModelProto.SentencePiece
    places = {piece: number for number, (piece, _) in enumerate(model["vocab"])}
    if not places.keys() >= SPECIAL.keys() or places["<unk>"] != model["unk_id"]:
        return None
    for piece, score in model["vocab"]:
        kind = kinds.CONTROL if piece in SPECIAL else kinds.NORMAL
        written.pieces.add(
            piece=piece, score=score, type=kinds.UNKNOWN if piece == "<unk>" else kind
        )
    about = written.trainer_spec
    about.model_type = about.UNIGRAM
    about.vocab_size = len(written.pieces)
    for piece, name in SPECIAL.items():
        setattr(about, f"{name}_id", places[piece])
        setattr(about, f"{name}_piece", piece)
    shape = written.normalizer_spec
    shape.name = "identity"  # `index.tokens` composes characters and spaces itself
    shape.add_dummy_prefix = shape.escape_whitespaces = True
    shape.remove_extra_whitespaces = False
    return bytes(written.SerializeToString())


def _framed(tokenizer: dict[str, Any]) -> bool:
    """Whether a text gets `<s>` before it and `</s>` behind, and nothing else."""
    parts = (tokenizer.get("post_processor") or {}).get("single", [])
    named = [part["SpecialToken"]["id"] if "SpecialToken" in part else None for part in parts]
    return named == ["<s>", None, "</s>"]
