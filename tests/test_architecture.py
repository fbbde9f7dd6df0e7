"""The shape of the project: arrows, names, what serving loads."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

ALLOWED = {
    "corpus": {"corpus"},
    "index": {"corpus", "index"},
    "qa": {"corpus", "index", "qa"},
    "views": {"corpus", "index", "qa", "embed", "views"},
    "service": {"corpus", "index", "qa", "embed", "views", "settings", "service"},
    "widget": set(),
    "embed": {"corpus", "embed"},
    "evaluation": {"corpus", "index", "qa", "settings", "evaluation"},
}
ALLOWED["commands"] = {*ALLOWED, "settings", "commands"}
OWN = {*ALLOWED, "api", "cli", "settings"}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_go_one_way(package: str) -> None:
    """No module imports from a package above its own."""
    for path in (ROOT / package).glob("*.py"):
        upward = imports_of(path) & OWN - ALLOWED[package]
        assert not upward, f"{path.name} imports {upward}"


def test_the_wheel_holds_exactly_these_names() -> None:
    """The wheel's top-level names are listed, and are these."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert {*listed["py-modules"], *listed["packages"]} == OWN


def test_only_the_exporter_imports_torch() -> None:
    """Torch's family is named where encoders are exported only, onnx in quantising.py too."""
    heavy = {"torch", "transformers", "sentence_transformers"}
    for package in ALLOWED:
        for path in (ROOT / package).glob("*.py"):
            if path.name not in {"attention.py", "export.py", "models.py"}:
                allowed = {"onnx"} if path.name == "quantising.py" else set()
                assert not imports_of(path) & {*heavy, "onnx"} - allowed, path.name


def test_serving_loads_nothing_heavy(case_study: Path) -> None:
    """A fresh process answers over HTTP without torch, transformers or nltk."""
    script = f"""
import sys, warnings
from pathlib import Path
from starlette.testclient import TestClient
from api import create_app
from settings import load_settings
with TestClient(create_app(load_settings(index=Path({str(case_study)!r})))) as client:
    asked = {{"q": "Who sponsored the Open Innovation Summit?"}}
    assert client.get("/v1/ask", params=asked).json()["answered"]
heavy = {{"torch", "transformers", "sentence_transformers", "onnx", "nltk", "sklearn"}}
print(sorted(heavy & set(sys.modules)))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]", ran.stderr


def test_a_question_in_the_terminal_loads_nothing_heavy(case_study: Path) -> None:
    """`rinvio ask` comes to its answer without torch and its family, and without the server."""
    script = f"""
import sys
import cli
asked = ["ask", "--index", {str(case_study)!r}, "Who sponsored the Open Innovation Summit?"]
cli.app(asked, standalone_mode=False)
heavy = {{"torch", "transformers", "sentence_transformers", "onnx", "nltk", "sklearn", "uvicorn"}}
print(sorted(heavy & set(sys.modules)))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.splitlines()[-1:] == ["[]"], ran.stderr


def test_cutting_sentences_imports_no_scientific_library() -> None:
    """NLTK would import SciPy and scikit-learn where they are; afterwards both can be imported."""
    script = """
import sys
from corpus.document import Block
from corpus.sentences import sentence_spans
spans = sentence_spans("It rains. It pours.", Block(0, 19), "en")
print(len(spans), sorted({"scipy", "sklearn"} & set(sys.modules)))
import scipy, sklearn
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert (ran.stdout.strip(), ran.returncode) == ("2 []", 0), ran.stderr


def test_nothing_happens_at_import(no_settings: Path) -> None:
    """Importing every module opens no file of ours, reads no setting, makes no application."""
    script = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import api, cli, settings, corpus.reading, index.build, index.export, qa.engine, views.html
ours = [name for name in opened if name.endswith((".onnx", ".toml", ".json", ".sqlite", ".css"))]
print([name for name in ours if "site-packages" not in name], "app" in vars(api))
"""
    environment = {"PYTHONPATH": str(ROOT), "RINVIO_PORT": "not a port"}
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment
    )
    assert ran.stdout.strip() == "[] False", ran.stderr
