"""`rinvio eval` of several sets: none gets lost, whatever they are called."""

import json
from pathlib import Path

import pytest
from fakes import write
from test_evaluation import OUTCOMES, QUESTIONS
from typer.testing import CliRunner

from cli import app
from corpus.errors import SettingsError


@pytest.mark.parametrize(
    "named",
    [
        ("--data", "a/set", "--data", "b/set"),
        ("--questions", "set.jsonl", "--data", "a/set"),
    ],
)
def test_eval_loses_no_set_of_the_same_name(
    named: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results and indexes go by the name: both are named, with the cure, and nothing is built."""
    rows = {
        "corpus.jsonl": '{"id": "p", "title": "T", "text": "The tram stops."}\n',
        "queries.jsonl": '{"id": "1", "text": "What stops?", "lang": "en"}\n',
    }
    write(tmp_path, {f"{folder}/set/{name}": rows[name] for folder in "ab" for name in rows})
    write(tmp_path, {"set.jsonl": QUESTIONS.read_text(encoding="utf-8")})
    monkeypatch.chdir(tmp_path)
    error = CliRunner().invoke(app, ["eval", *named]).exception
    assert isinstance(error, SettingsError)
    assert f"{named[1]} and {named[3]} have one name" in error.wrong
    assert "Rename one of them" in error.cure
    assert not (tmp_path / "data").exists()


def test_eval_asks_foreign_questions_of_several_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A set without documents may be named after each: it goes by the name of the one before."""
    query = '{"id": "1", "text": "What stops?", "lang": "en"}\n'
    files = {f"{name}/queries.jsonl": query for name in ("a", "b", "foreign")}
    files |= {f"{name}/corpus.jsonl": '{"id": "p", "text": "The tram stops."}\n' for name in "ab"}
    write(tmp_path, dict(files))
    monkeypatch.setattr("evaluation.run.index_of", lambda data, *_: tmp_path / data.name)
    monkeypatch.setattr("evaluation.run.Engine.open", lambda index, *_: index)
    monkeypatch.setattr("evaluation.run.ask_all", lambda *_: list(OUTCOMES))
    names = [f"--data={tmp_path / name}" for name in ("a", "foreign", "b", "foreign")]
    found = json.loads(CliRunner().invoke(app, ["eval", "--json", *names]).stdout)
    assert [*found] == ["a + foreign", "b + foreign"]
