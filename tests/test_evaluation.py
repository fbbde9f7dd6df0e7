"""Measuring: figures that can be worked out by hand, and the command that shows them."""

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from conftest import ROOT
from typer.testing import CliRunner

from cli import _exit_code, app
from corpus.errors import CorpusError
from evaluation.datasets import Query
from evaluation.measures import expected_calibration_error, figures, risk_coverage
from evaluation.outcomes import Outcome
from evaluation.report import errors, html_report

QUESTIONS = ROOT / "tests" / "case-study.jsonl"


def outcome(kind: str, confidence: float, rank: int | None, answered: bool) -> Outcome:
    query = Query(
        f"{kind}-{confidence}",
        "<b>where?</b>",
        "en",
        kind,
        {"a": 1} if kind == "answer" else {},
        {"a": ((0, 4),)} if kind == "answer" else {},
    )
    f1 = 0.5 if kind == "answer" else None
    return Outcome(query, answered, confidence, ("a", "b"), rank, f1, "a quote")


OUTCOMES = [
    outcome("answer", 0.9, 1, True),
    outcome("answer", 0.7, 2, True),
    outcome("answer", 0.3, 1, False),
    outcome("foreign", 0.2, None, False),
]


def test_figures_are_those_worked_out_by_hand() -> None:
    """Retrieval, evidence, the threshold's effect and AUROC of a run of four questions."""
    result = figures(OUTCOMES)
    assert result["questions"] == 4
    assert result["retrieval"]["nDCG@10"] == 1
    assert result["evidence"] == {"sentence@1": 0.6667, "sentence@3": 1, "character F1": 0.5}
    refusal = result["refusal"]
    assert refusal["AUROC"] == {"foreign": 1}
    assert refusal["answered and right"] == refusal["answered and wrong"] == 0.25
    assert refusal["refused rightly"] == refusal["refused wrongly"] == 0.25
    assert refusal["wrong among answered"] == 0.5
    assert refusal["others answered"] == {"foreign": 0}
    assert refusal["Brier"] == pytest.approx((0.01 + 0.49 + 0.49 + 0.04) / 4, abs=1e-4)
    assert refusal["ECE"] == pytest.approx((0.1 + 0.7 + 0.7 + 0.2) / 4, abs=1e-4)
    assert set(result["languages"]) == {"en"}


def test_risk_grows_from_the_surest_answer() -> None:
    """The surest half has no error here, all of it one in two."""
    import numpy as np

    confidence, right = np.array([0.2, 0.9]), np.array([False, True])
    coverage, risk = risk_coverage(confidence, right)
    assert (coverage.tolist(), risk.tolist()) == ([0.5, 1], [0, 0.5])
    assert expected_calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0


@pytest.mark.parametrize(
    ("ranks", "aurc"), [([2, 2], 1), ([1, 2], 0.25), ([2, 1], 0.75), ([2], 1), ([1], 0)]
)
def test_aurc_is_the_mean_risk_of_all_coverages(ranks: list[int], aurc: float) -> None:
    """Two wrong answers give 1, a right one surer than a wrong one a quarter; one is enough."""
    outcomes = [outcome("answer", 0.9 - 0.1 * at, rank, True) for at, rank in enumerate(ranks)]
    assert figures(outcomes)["refusal"]["AURC"] == aurc


def test_the_report_is_one_safe_page() -> None:
    """Plots within, nothing loaded from elsewhere, questions shown as words."""
    run = ("a <run>", figures(OUTCOMES), OUTCOMES)
    page = html_report([run, ("another", *run[1:])])
    assert "<svg" in page
    assert "&lt;b&gt;where?" in page
    assert "<b>where" not in page
    assert "<script" not in page
    assert "src=" not in page
    assert page.count("<!doctype") == page.count("<title>") == 1
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    wrong = errors(OUTCOMES)
    assert f"The worst {len(wrong)} of {len(wrong)} errors" in page
    assert 0 < len(wrong) < len(OUTCOMES)
    assert not any(outcome.answered and outcome.right for outcome in wrong)


def test_eval_measures_an_index(case_study: Path, tmp_path: Path) -> None:
    """`rinvio eval` asks the questions, prints JSON or a table, and writes the report."""
    report = tmp_path / "report.html"
    arguments = ["eval", "--index", str(case_study), "--questions", str(QUESTIONS)]
    result = CliRunner().invoke(app, [*arguments, "--json", "--html", str(report)])
    found = json.loads(result.stdout)["case-study"]
    assert found["questions"] == 30
    assert found["evidence"]["sentence@1"] >= 17 / 18
    assert found["refusal"]["AUROC"]["foreign"] == 1
    assert report.read_text().startswith("<!doctype html>")
    assert "sentence@1" in CliRunner().invoke(app, arguments).output


def test_evidence_is_found_by_its_words(case_study: Path, tmp_path: Path) -> None:
    """Wherever in the document they stand now; without them the question measures nothing."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    answerable = next(row for row in rows if row["kind"] == "answer")
    [span, *_] = answerable["evidence"]
    path = tmp_path / "q.jsonl"
    arguments = ["eval", "--index", str(case_study), "--questions", str(path), "--json"]

    def evaluated(words: str) -> Result:
        moved = [{"text": words, "start": span["start"] + 19, "end": span["end"] + 19}]
        path.write_text(json.dumps(answerable | {"evidence": moved}), encoding="utf-8")
        return CliRunner().invoke(app, arguments)

    found = json.loads(evaluated(span["text"]).stdout)
    assert found["q"]["evidence"]["sentence@1"] == 1
    error = evaluated("No document says so.").exception
    assert isinstance(error, CorpusError)
    assert f"no document of the index holds the evidence of {answerable['id']}" in error.wrong


def test_eval_says_when_there_is_nothing_to_ask(
    no_settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without questions or data the command names both options."""
    assert _exit_code(lambda: app(["eval"], standalone_mode=False)) == 2
    assert "--questions FILE or --data DIR" in capsys.readouterr().err
