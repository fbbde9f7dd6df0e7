"""Turns a sentence-transformers model into an ONNX folder, and proves that it is the same model."""

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from filelock import FileLock

from corpus.errors import EncoderError, GenerationError, NotPermittedError
from index.agreement import agreement, background
from index.attention import plain_attention, without_detours
from index.encoder import CARD_FILE, MODEL_FILE, EncoderCard, OnnxEncoder
from index.files import sha256_of, sync, sync_folder
from index.manifest import check_files
from index.models import licence, load_model, missing_extra, weights_digest
from index.quantising import INT8_AGREEMENT, quantise
from index.tokens import TOKENIZER_FILE, UNIGRAM_FILE
from index.unigram import unigram_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Precision = Literal["int8", "fp32"]

ASIDE = ".export-"
TABLES_FILE = "tables.bin"
LARGE = 4_000_000  # bytes of an array from which on it goes there
RECIPE = 7  # raise it whenever the same weights would give other files
OPSET = 17
AGREEMENT = {"fp32": 0.999, "int8": INT8_AGREEMENT}  # the least cosine with sentence-transformers


def fingerprint(name: str, precision: Precision) -> str:
    """What names the encoder's folder: its weights, the precision and this recipe."""
    return hashlib.sha256(f"{weights_digest(name)} {precision} {RECIPE}".encode()).hexdigest()[:16]


def ensure_encoder(
    name: str,
    folder: Path,
    precision: Precision = "int8",
    say: Callable[[str], None] = lambda message: None,
) -> Path:
    """The exported encoder in `folder/<fingerprint>`, exported now unless it is there, intact.

    `say` hears of the export, which takes about a minute. Raises EncoderError when the
    result differs from sentence-transformers, NotPermittedError when one that is there may not
    be read.
    """
    mark = fingerprint(name, precision)
    if is_exported(folder / mark):
        if any(folder.glob(f"{ASIDE}*")):
            with suppress(OSError), FileLock(folder / ".lock", timeout=0):  # unless one is running
                _clean(folder)
        return folder / mark
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):  # a second export waits, and then finds it done
            _clean(folder)
            if not is_exported(folder / mark):
                say(f"exporting the encoder {name} (once, about a minute) ...")
                export(name, folder / mark, mark, precision)
    except OSError as error:
        raise EncoderError(
            f"{folder} cannot be written ({error.strerror or error}).",
            "Check the folder, its permissions and the disk's free space.",
        ) from error
    return folder / mark


def _clean(folder: Path) -> None:
    """Remove what exports that were killed have left; an encoder's size each."""
    for rubbish in folder.glob(f"{ASIDE}*"):
        shutil.rmtree(rubbish, ignore_errors=True)


def is_exported(folder: Path) -> bool:
    """Whether an encoder is there, intact; NotPermittedError where that cannot be known."""
    try:
        check_files(folder, EncoderCard.load(folder).files)
    except NotPermittedError:
        raise
    except (EncoderError, GenerationError):
        return False
    return True


def export(name: str, target: Path, mark: str, precision: Precision) -> None:
    """Write model, tokenizer and card to `target`, which appears only when all is proved."""
    _require_onnx()
    model = load_model(name)
    with TemporaryDirectory(dir=target.parent, prefix=ASIDE) as place:
        aside = Path(place) / mark
        aside.mkdir()
        _save_tokenizer(model, aside)
        _save_model(model, aside / MODEL_FILE)
        card = EncoderCard(
            name=name,
            fingerprint=mark,
            precision=precision,
            dimension=int(model.get_embedding_dimension() or 0),
            token_limit=int(model.max_seq_length or 512),
            query_prompt=_prompt(model, "query"),
            passage_prompt=_prompt(model, "document", "passage", "corpus"),
            cosine_fp32=0.0,
            cosine=0.0,
            background=(0.0, 1.0),
            licence=licence(name),
            files={},
        )
        card.save(aside)
        fp32 = final = agreement(model, aside)
        _refuse_below(fp32, "fp32", name)
        if precision == "int8":
            final = quantise(model, aside, len(model.tokenizer))
            _refuse_below(final, "int8", name)
        _set_tables_aside(aside / MODEL_FILE)
        replace(
            card,
            cosine_fp32=round(fp32, 4),
            cosine=round(final, 4),
            background=background(OnnxEncoder(aside)),
            files={
                file.name: sha256_of(file)
                for file in sorted(aside.iterdir())
                if file.name != CARD_FILE
            },
        ).save(aside)
        sync_folder(aside)
        shutil.rmtree(target, ignore_errors=True)
        os.replace(aside, target)
        sync(target.parent)


def _refuse_below(cosine: float, precision: Precision, name: str) -> None:
    if cosine >= AGREEMENT[precision]:
        return
    cure = (
        "Build with --precision fp32."
        if precision == "int8"
        else "Choose another model: this one does something that the export does not carry over."
    )
    raise EncoderError(
        f"The {precision} export of {name} differs from sentence-transformers: "
        f"cosine {cosine:.4f}, at least {AGREEMENT[precision]} is needed.",
        cure,
    )


def _require_onnx() -> None:
    try:
        import onnx  # noqa: F401  # only asked whether it is there
        import torch  # noqa: F401
    except ImportError as error:
        raise missing_extra(f"The package {error.name} is not installed") from error


def _prompt(model: "SentenceTransformer", *names: str) -> str:
    prompts: dict[str, str] = model.prompts
    return next((prompts[name] for name in names if prompts.get(name)), "")


def _save_tokenizer(model: "SentenceTransformer", folder: Path) -> None:
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise EncoderError(
            "This model has no fast tokenizer, so it cannot be served without transformers.",
            "Choose a model that has a tokenizer.json.",
        )
    written = backend.to_str(pretty=True)
    if (unigram := unigram_model(json.loads(written))) is not None:
        (folder / UNIGRAM_FILE).write_bytes(unigram)
    else:
        (folder / TOKENIZER_FILE).write_text(written, encoding="utf-8")


def _save_model(model: "SentenceTransformer", path: Path) -> None:
    """Write the whole pipeline (transformer, pooling and what follows): ids of one text, vector.

    One text needs no mask, and its shapes leave less to work out than those of a batch.
    """
    import torch

    class Pipeline(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.steps = torch.nn.ModuleList(model)

        def forward(self, ids: Any) -> Any:
            features = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
            for step in self.steps:
                features = step(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)

    sample = model.preprocess(["a text of one row"])["input_ids"]
    with warnings.catch_warnings(), torch.no_grad(), plain_attention(model, OPSET):
        warnings.simplefilter("ignore")  # the tracer warns of every Python branch it freezes
        torch.onnx.export(
            Pipeline().eval(),
            (sample,),
            str(path),
            input_names=["input_ids"],
            output_names=["vectors"],
            dynamic_axes={"input_ids": {1: "tokens"}},
            opset_version=OPSET,
            dynamo=False,
        )
    without_detours(path)


def _set_tables_aside(path: Path) -> None:
    """Move what is large, the embedding table above all, to a file that is mapped, not read.

    A question needs a few of its rows, and several processes share them.
    """
    import onnx

    onnx.save_model(
        onnx.load(path),
        path,
        save_as_external_data=True,
        location=TABLES_FILE,
        size_threshold=LARGE,
    )
    if (tables := path.with_name(TABLES_FILE)).exists():
        shutil.copymode(path, tables)  # onnx lets nobody else read it
