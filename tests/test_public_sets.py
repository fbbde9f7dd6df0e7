"""The published files of the public sets, as the sets that the figures are on."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from evaluation.datasets import DataSet, read_data_set

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "public_sets.py"
TRAM = "The tram stops at the harbour. It stops at noon."


def article(title: str, text: str, *asked: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "paragraphs": [{"context": text, "qas": list(asked)}]}


def question(name: str, *answers: tuple[str, int], **more: bool) -> dict[str, Any]:
    given = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": name, "question": f" {name}? ", "answers": given, **more}


def run(folder: Path, name: str, content: bytes) -> CompletedProcess[str]:
    """The command, on a file of these bytes, writing into `folder`/out."""
    (folder / "published").write_bytes(content)
    command = [sys.executable, str(SCRIPT), name, str(folder / "published"), str(folder / "out")]
    return subprocess.run(command, cwd=SCRIPT.parents[1], capture_output=True, text=True)


def made(folder: Path, name: str, content: bytes) -> DataSet:
    """The set that it writes."""
    done = run(folder, name, content)
    assert done.returncode == 0, done.stderr
    return read_data_set(folder / "out")


def test_squad2_has_each_answer_once_and_what_is_unanswerable(tmp_path: Path) -> None:
    """An unanswerable question knows the paragraph that it was written for."""
    answered = question("where", ("harbour", 22), ("the harbour", 18), ("harbour", 22))
    refused = question("who", is_impossible=True)
    content = {"data": [article("The_tram", TRAM, answered, refused)]}
    data = made(tmp_path, "squad2", json.dumps(content).encode())
    assert [document.title for document in data.documents] == ["The tram"]
    where, who = data.queries
    assert (where.text, where.kind, where.relevant) == ("where?", "answer", {"The_tram#0": 1})
    assert where.spans == {"The_tram#0": ((22, 29), (18, 29))}
    assert (who.kind, who.written_for, who.relevant) == ("unanswerable", "The_tram#0", {})


def test_squad_it_keeps_the_shared_articles_and_mends_places(tmp_path: Path) -> None:
    """A paragraph that stands there twice is one document, one without a question none."""
    content = {
        "data": [
            article("Amazzonia", TRAM, question("other", ("tram", 4))),
            {
                "title": "Forza",
                "paragraphs": [
                    {"context": "No question.", "qas": []},
                    *article("", TRAM, question("when", ("stops", 30)))["paragraphs"],
                    *article("", TRAM, question("none", (".", 29)))["paragraphs"],
                ],
            },
        ]
    }
    data = made(tmp_path, "squad-it", gzip.compress(json.dumps(content).encode()))
    assert [document.id for document in data.documents] == ["it01-001"]
    when, none = data.queries
    assert when.spans == {"it01-001": ((34, 39),)}  # the second "stops" is the nearer one
    assert (none.relevant, none.spans) == ({"it01-001": 1}, {})


def test_squad_it_refuses_an_answer_that_stands_nowhere(tmp_path: Path) -> None:
    """The paragraph is named, and nothing is written."""
    content = {"data": [article("Forza", TRAM, question("where", ("station", 3)))]}
    done = run(tmp_path, "squad-it", gzip.compress(json.dumps(content).encode()))
    assert done.returncode == 1
    assert "'station' does not stand in its paragraph: 'The tram" in done.stderr
    assert not (tmp_path / "out").exists()


def test_every_second_question_of_nq_open_is_foreign(tmp_path: Path) -> None:
    """The others are left to judge with."""
    lines = [json.dumps({"question": f"q{number}", "answer": []}) for number in range(4)]
    data = made(tmp_path, "nq-open", "\n".join(lines).encode())
    assert [(query.text, query.kind) for query in data.queries] == [
        ("q0", "foreign"),
        ("q2", "foreign"),
    ]


def test_one_rule_question_with_several_histories_is_one(tmp_path: Path) -> None:
    """It has every rule that is right for any of them."""
    (tmp_path / "id2snippet.json").write_text(json.dumps({"7": "Rule A", "8": "Rule B"}))
    asked = [("May I?", "7"), ("May I? ", "7"), ("May I?", "8"), ("Must I?", "8")]
    lines = [json.dumps({"question": text, "gold_snippet_id": home}) for text, home in asked]
    data = made(tmp_path, "or-sharc", "\n".join(lines).encode())
    assert [(query.text, query.relevant) for query in data.queries] == [
        ("May I?", {"s7": 1, "s8": 1}),
        ("Must I?", {"s8": 1}),
    ]
