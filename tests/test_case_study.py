"""The acceptance questions, on the real document with the real encoder."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, real_index

from qa.answer import Answer
from qa.engine import Engine

LINES = (ROOT / "tests" / "case-study.jsonl").read_text(encoding="utf-8").splitlines()
ROWS = [json.loads(line) for line in LINES]
QUOTE = (
    "As a result of the IUC exchange, Baltimore adopted a focus on social innovation "
    "based on the “Torino City Lab”."
)

ITALIAN = """L'innovazione sociale a Torino

La città di Torino ha adottato un programma di innovazione sociale e mette a disposizione i suoi
spazi per provare soluzioni nuove. Nel 2019 più di trenta aziende hanno provato i loro servizi nei
quartieri.

L'innovazione sociale nasce dall'incontro fra imprese, cittadini e amministrazione. Altre città
hanno adottato programmi dello stesso genere.
"""


@pytest.fixture(scope="module")
def answers(case_study: Path) -> dict[str, Answer]:
    engine = Engine.open(case_study, threads=4)
    return {row["id"]: engine.ask(row["question"]) for row in ROWS}


def holds(answer: Answer, evidence: dict) -> bool:
    citation = answer.passages[0].citation
    return citation.start <= evidence["start"] and evidence["end"] <= citation.end


def test_a_document_in_the_question_s_language_does_not_hide_the_answer(tmp_path: Path) -> None:
    """Beside an Italian text on the same matters, an Italian question finds the English answer."""
    documents = tmp_path / "documents"
    shutil.copytree(ROOT / "corpus" / "documents", documents)
    (documents / "torino.txt").write_text(ITALIAN, encoding="utf-8")
    engine = Engine.open(real_index(tmp_path / "index", "e5", documents))
    answer = engine.ask("che cosa ha adottato Baltimora dal Torino City Lab?")
    assert answer.passages[0].citation.quote == QUOTE
    answer = engine.ask("quante aziende hanno provato i loro servizi a Torino?")
    assert answer.passages[0].document_id == "torino"


def test_the_first_question_is_answered_in_both_languages(case_study: Path) -> None:
    """English and Italian find the same sentence, word for word, at its place."""
    engine = Engine.open(case_study)
    for question in (
        "what did Baltimore adopt from Torino City Lab?",
        "che cosa ha adottato Baltimora dal Torino City Lab?",
    ):
        answer = engine.ask(question)
        assert answer.answered
        assert answer.citation.quote == QUOTE
        assert answer.citation.headings == ("Social Innovation",)
        assert engine.document("baltimore-turin").text[168:279] == QUOTE


def test_the_number_of_threads_changes_nothing(
    case_study: Path, answers: dict[str, Answer]
) -> None:
    """Alone on one core, each question gets the answer that four gave, to the last digit."""
    alone = Engine.open(case_study, threads=1)
    for row in ROWS:
        assert alone.ask(row["question"]) == answers[row["id"]]


def test_the_evidence_comes_first(answers: dict[str, Answer]) -> None:
    """At least 17 of the 18 answerable questions have their evidence at rank 1."""
    rows = [row for row in ROWS if row["kind"] == "answer"]
    right = [any(holds(answers[row["id"]], span) for span in row["evidence"]) for row in rows]
    assert len(rows) == 18
    assert sum(right) >= 17


def test_foreign_and_nonsense_questions_are_refused(answers: dict[str, Answer]) -> None:
    """What has nothing to do with the document is never answered."""
    rows = [row for row in ROWS if row["kind"] in {"foreign", "nonsense"}]
    assert len(rows) == 4
    assert [row["id"] for row in rows if answers[row["id"]].answered] == []


def test_minilm_serves_english(tmp_path: Path) -> None:
    """The other packaged encoder goes the same way, and answers English questions."""
    engine = Engine.open(real_index(tmp_path, "minilm"))
    assert engine.ask("what did Baltimore adopt from Torino City Lab?").citation.quote == QUOTE


def test_the_examples_of_the_home_page_show_what_it_can(case_study: Path) -> None:
    """In both languages all are answered but the last, which the document does not say."""
    engine = Engine.open(case_study)
    metadata = engine.document("baltimore-turin").metadata
    for language in ("en", "it"):
        answered = [engine.ask(each).answered for each in metadata[f"questions_{language}"]]
        assert answered == [True, True, True, False]
