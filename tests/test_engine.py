"""From a question to an answer: fusion, evidence, confidence, refusals."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import build_fake, documents_of, open_fake

from corpus.errors import QuestionError
from qa.confidence import Confidence, Logistic
from qa.engine import Engine
from qa.features import coverage
from qa.question import K_LIMIT, QUESTION_LIMIT
from qa.retrieval import fuse, min_max, top
from views.html import answer_page
from views.terminal import show_answer

FILES = {
    "tram.txt": "The tram runs every ten minutes. It stops at the old harbour.",
    "pool.txt": "The pool is closed. Its roof was found to be unsafe.",
}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", FILES))
    return open_fake(tmp_path / "i")


def test_fusion_weighs_stretched_scores() -> None:
    """Each half runs from 0 to 1 over the candidates before it is weighed."""
    dense, lexical = np.float32([0.8, 0.7, 0.9]), np.float32([0, 10, 5])
    fused = fuse(dense, lexical, np.float32([0.6, 0.6, 0.9]))
    np.testing.assert_allclose(fused, [0.3, 0.4, 0.95], rtol=1e-5)


def test_equal_scores_stretch_to_nothing() -> None:
    """Where all scores are equal they say nothing; where there are none, nothing breaks."""
    assert min_max(np.float32([2, 2])).tolist() == [0, 0]
    assert min_max(np.float32([])).tolist() == []


def test_top_leaves_out_what_scores_nothing() -> None:
    """Only scores above 0 count, at most k of them."""
    assert sorted(top(np.float32([0, 3, 1, 2, 0]), 2).tolist()) == [1, 3]
    assert sorted(top(np.float32([0, 3, 1, 2, 0]), 9).tolist()) == [1, 2, 3]


def test_coverage_weighs_words_by_rarity() -> None:
    """The share of the question's weight that the sentence holds; 0 for a question of nothing."""
    assert coverage({"tram": 3.0, "city": 1.0}, {"tram", "old"}) == 0.75
    assert coverage({}, {"tram"}) == 0


def test_the_sentence_that_answers_is_cited(engine: Engine) -> None:
    """Of the right passage, the right sentence comes first."""
    answer = engine.ask("where does the tram stop, at the harbour?")
    citation = answer.passages[0].citation
    assert (citation.document_id, citation.quote) == ("tram", FILES["tram.txt"])
    assert [passage.rank for passage in answer.passages] == [1, 2]


def test_what_the_documents_lack_is_refused(engine: Engine) -> None:
    """A foreign question has no citation, a reason, and passages all the same."""
    answer = engine.ask("which songs do people sing?")
    assert (answer.answered, answer.citation) == (False, None)
    assert answer.reason == "no_match"
    assert len(answer.passages) == 2


@pytest.mark.parametrize(
    ("question", "reason", "names"),
    [
        ("What does Bologna say of the tram?", "name_not_found", ("Bologna",)),
        ("What does Łódź say of the tram?", "name_not_found", ("Łódź",)),
        ("What does Co\u0301rdoba say of the tram?", "name_not_found", ("Córdoba",)),
        ("Which songs do people sing?", "no_match", ()),
        ("How many trams stop at the old harbour?", "low_confidence", ()),
    ],
)
def test_a_refusal_says_why(
    engine: Engine, question: str, reason: str, names: tuple[str, ...]
) -> None:
    """An unknown name is named; nothing near is told from something near that is not enough."""
    answer = engine.ask(question)
    assert (answer.answered, answer.reason, answer.names_not_found) == (False, reason, names)


def test_an_answer_says_which_name_is_nowhere(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the page and in the terminal, beside the quote."""
    first = engine.ask("What does Bologna say of the tram?").passages[0].citation
    answer = replace(
        engine.ask("What does Bologna say of the tram?"), answered=True, citation=first
    )
    show_answer(answer)
    for shown in (answer_page("en", answer), capsys.readouterr().out):
        assert "The documents do not mention Bologna." in shown
        assert first.quote in shown
    assert "do not mention" not in answer_page("en", replace(answer, names_not_found=()))


def test_exchanged_roles_are_seen(tmp_path: Path) -> None:
    """Who did what to whom is told by the order of the names, in either direction."""
    said = "In 2019 Baltimore adopted a programme from Turin."
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": said}))
    engine = open_fake(tmp_path / "i")
    reversed_share = []
    for question in (
        "What did Baltimore adopt from Torino?",
        "What did Torino adopt from Baltimore?",
    ):
        scores = engine.ask(question, explain=True).explain["confidence"][0]
        assert scores["names_in_sentence"] == 1
        reversed_share.append(scores["names_reversed"])
    assert reversed_share == [0, 1]


@pytest.mark.parametrize(
    ("question", "sentence", "missing"),
    [
        ("How many trams are there?", "There are many trams.", "number_missing"),
        ("Quanti tram ci sono?", "Ci sono molti tram.", "number_missing"),
        ("When did the tram open?", "The tram opened late.", "time_missing"),
        ("Quando ha aperto il tram?", "Il tram ha aperto tardi.", "time_missing"),
        ("Who drives the tram?", "The tram is driven well.", "name_missing"),
    ],
)
def test_what_is_asked_for_has_to_be_there(
    tmp_path: Path, question: str, sentence: str, missing: str
) -> None:
    """A number, a time or a name that is asked for and not in the sentence is a sign against it."""
    has = "In 1899 Anna Rossi said of the tram: 12. "
    for number, (text, expected) in enumerate([(sentence, 1), (has + sentence, 0)]):
        files = {"a.txt": text.replace(". ", ", ")}
        build_fake(tmp_path / f"i{number}", documents_of(tmp_path / f"d{number}", files))
        explained = open_fake(tmp_path / f"i{number}").ask(question, explain=True).explain
        assert explained["confidence"][0][missing] == expected


def test_a_number_that_the_passage_lacks_is_a_sign(tmp_path: Path) -> None:
    """The year of a question has to stand in the passage; a single digit may stand in words."""
    build_fake(
        tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "In 2019 four trams ran, no bus."})
    )
    engine = open_fake(tmp_path / "i")
    for question, unread in (
        ("How many trams ran in 2019?", 0),
        ("How many trams ran in 2018?", 1),
        ("Did 4 trams run in 2019?", 0),
    ):
        answer = engine.ask(question, explain=True)
        assert answer.explain["confidence"][0]["number_not_in_passage"] == unread
        assert answer.names_not_found == (("2018",) if unread else ())


@pytest.mark.parametrize(
    ("said", "missing"),
    [("at 22:30", 0), ("at 10.30pm", 0), ("at 10.30 in the evening", 0), ("at 9.30 p.m.", 1)],
)
def test_an_hour_of_the_afternoon_is_there_in_either_form(
    tmp_path: Path, said: str, missing: int
) -> None:
    """In 24 hours, or without "pm" as the context often makes clear."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": f"The show begins {said}."}))
    answer = open_fake(tmp_path / "i").ask("Which show begins at 10.30 pm?", explain=True)
    assert answer.explain["confidence"][0]["number_not_in_passage"] == missing


def test_the_size_of_the_index_is_a_sign(tmp_path: Path) -> None:
    """Likeness says less where there is much to be like; as a power of ten, from ten on."""
    for count, power in ((1, 1), (100, 2)):
        files = {f"{number}.txt": f"Tram {number} is red." for number in range(count)}
        build_fake(tmp_path / f"i{count}", documents_of(tmp_path / f"d{count}", files))
        answer = open_fake(tmp_path / f"i{count}").ask("which tram is red?", explain=True)
        assert answer.explain["confidence"][0]["index_size"] == power


def test_capitals_change_nothing(engine: Engine) -> None:
    """A question all in capitals is read as if it were in small letters."""
    question = "where does the tram stop, at the old harbour?"
    loud = engine.ask(question.upper())
    assert loud.question == question.upper()
    assert replace(loud, question=question) == engine.ask(question)


def test_a_word_that_begins_a_sentence_is_no_name(engine: Engine) -> None:
    """What follows a question mark has a capital for another reason, and asks nothing."""
    answer = engine.ask("Where does the tram to Bologna stop? Please be brief, dear Padua.")
    assert answer.names_not_found == ("Bologna",)


def test_confidence_is_a_probability_of_the_first_citation(engine: Engine) -> None:
    """The model adds up its features, and answered follows the threshold."""
    model = Logistic(-2, (1, 3))
    assert model.probability((0, 0)) < model.probability((1, 0)) < model.probability((1, 1)) < 1
    for question in ("where does the tram stop, at the harbour?", "which songs do people sing?"):
        answer = engine.ask(question)
        assert answer.answered == (answer.confidence >= Confidence.load().threshold)


@pytest.mark.parametrize(
    ("question", "k", "language", "words"),
    [
        ("", 5, None, "empty"),
        (" \n", 5, None, "empty"),
        ("x" * (QUESTION_LIMIT + 1), 5, None, "1001 characters"),
        ("tram \ud800?", 5, None, "Unicode"),
        ("tram?", 0, None, "k is 0"),
        ("tram?", K_LIMIT + 1, None, "k is 101"),
        ("tram?", 5, "klingon", "klingon"),
    ],
)
def test_a_question_out_of_bounds_is_refused(
    engine: Engine, question: str, k: int, language: str | None, words: str
) -> None:
    """The error says what is wrong with the question, the number or the language."""
    with pytest.raises(QuestionError, match=words):
        engine.ask(question, k, language)


@pytest.mark.parametrize("question", ["???", "who is it?", "🚋🚋", "\u202e\u200b."])
def test_a_question_without_words_asks_for_nothing(engine: Engine, question: str) -> None:
    """Stop words, emoji and punctuation are refused, not an error."""
    answer = engine.ask(question)
    assert (answer.answered, answer.confidence, answer.reason) == (False, 0, "no_match")


def test_stop_words_of_another_language_than_the_text_are_refused_too(engine: Engine) -> None:
    """There they are words like any other, which nothing answers."""
    assert engine.ask("il la lo").answered is False


def test_confidence_does_not_depend_on_k(engine: Engine) -> None:
    """Asking for fewer passages changes neither the answer nor its confidence."""
    question = "where does the tram stop, at the harbour?"
    one, many = (engine.ask(question, k) for k in (1, 100))
    assert (one.confidence, one.citation) == (many.confidence, many.citation)


def test_explain_shows_every_step(engine: Engine) -> None:
    """With explain, each passage has the scores that placed it; without, nothing of it."""
    explained = engine.ask("where is the tram?", explain=True)
    assert explained.explain is not None
    assert [set(scores) for scores in explained.explain["passages"]] == [
        {"dense", "lexical", "fused", "similarity", "coverage", "score"}
    ] * len(explained.passages)
    assert engine.ask("where is the tram?").explain is None
