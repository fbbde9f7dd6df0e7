"""Groups of refused questions: which belong together, which are shown, and how."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import WordCountEncoder, fake_encoder_folder
from sklearn.cluster import AgglomerativeClustering
from typer.testing import CliRunner

from cli import _exit_code, app
from corpus.errors import SettingsError
from index.encoder import OnnxEncoder
from qa.answer import Answer
from qa.clusters import LEAST, Cluster, find_clusters
from qa.gaps import Gap, GapLog
from qa.linkage import joined
from views.gaps import Report, gaps_page, show_gaps

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
POOL = (
    "when does the pool open",
    "When does the pool open?",
    "when does the pool open today",
    "when does the swimming pool open",
    "does the pool open",
)


@pytest.fixture
def encoder(tmp_path: Path) -> WordCountEncoder:
    return WordCountEncoder(fake_encoder_folder(tmp_path))


def gaps(*questions: str, language: str = "en") -> list[Gap]:
    return [Gap(MARCH, language, "no_match", question, 1) for question in questions]


def unit(rows: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_those_of_average_linkage(seed: int) -> None:
    """The groups are scikit-learn's, also where vectors are equal and where rows count twice."""
    vectors = unit(120, seed)
    weights = np.where(np.arange(120) % 3, 1, 2).astype(np.float32)
    repeated = np.repeat(vectors, weights.astype(int), axis=0)
    names = np.repeat(np.arange(120), weights.astype(int))
    oracle = AgglomerativeClustering(
        None, metric="precomputed", linkage="average", distance_threshold=0.5
    ).fit_predict(1 - repeated @ repeated.T)
    expected = {frozenset(names[oracle == label].tolist()) for label in set(oracle)}
    assert {frozenset(rows.tolist()) for rows in joined(vectors, weights, 0.5)} == expected


@pytest.mark.parametrize("rows", [0, 1, 2, 600])
def test_equal_vectors_are_one_group(rows: int) -> None:
    """However many vectors are the same, each row is in one group, and there is one at most."""
    groups = joined(np.repeat(unit(1, 0), rows, axis=0), np.ones(rows, np.float32), 0.9)
    assert [sorted(group.tolist()) for group in groups] == [list(range(rows))][: rows > 0]


def test_questions_that_mean_the_same_are_one_cluster(encoder: WordCountEncoder) -> None:
    """It shows the question nearest the centre, other wordings, the count, days and reasons."""
    asked = [*gaps(*POOL), Gap(APRIL, "en", "low_confidence", POOL[0], 3), *gaps("any other?")]
    [cluster] = find_clusters(asked, encoder)
    assert cluster == Cluster(
        language="en",
        question="When does the pool open?",
        wordings=(POOL[2], POOL[3], POOL[4]),
        count=8,
        first=MARCH,
        last=APRIL,
        reasons={"no_match": 5, "low_confidence": 3},
    )


def test_fewer_than_five_are_never_shown(encoder: WordCountEncoder) -> None:
    """Four questions stay hidden, and fewer than five cannot be asked for."""
    assert find_clusters(gaps(*POOL[:4]), encoder) == []
    assert find_clusters(gaps(*POOL), encoder, least=6) == []
    with pytest.raises(ValueError, match="fewer than 5"):
        find_clusters(gaps(*POOL), encoder, least=4)
    refused = CliRunner().invoke(app, ["gaps", "--least", str(LEAST - 1)])
    assert refused.exit_code == 2


def test_languages_stay_apart_and_the_largest_comes_first(encoder: WordCountEncoder) -> None:
    """The same words in two languages are two clusters, in the order of their size."""
    asked = [*gaps(*POOL), *gaps(*POOL, POOL[0] + " domani", language="it")]
    assert [(c.language, c.count) for c in find_clusters(asked, encoder)] == [("it", 6), ("en", 5)]


def test_the_order_of_the_rows_does_not_matter(encoder: WordCountEncoder) -> None:
    """The same questions in any order give the same report."""
    asked = [*gaps(*POOL, "where is the tram", "where is the tram?"), *gaps(*POOL, language="it")]
    assert find_clusters(asked, encoder) == find_clusters(asked[::-1], encoder)


def test_meaning_decides_with_the_real_encoder(case_study: Path) -> None:
    """Wordings that share few words meet; two mayors and two languages stay apart."""
    topics = [
        ("en", "Is there a bike sharing scheme?", "where can people hire shared bikes",
         "Does the city offer bicycle sharing?", "How do I use the bike share system?",
         "Can I rent a public bicycle in the city?"),
        ("en", "Who is the mayor of Turin?", "name of Turin's mayor",
         "who's the current mayor in Turin", "Who was mayor of Torino at the time?",
         "Who leads the city government of Turin?"),
        ("en", "Who is the mayor of Baltimore?", "name of Baltimore's mayor",
         "who's the current mayor in Baltimore", "Who was mayor of Baltimore at the time?",
         "Who leads the city government of Baltimore?"),
        ("it", "Dove si butta il vetro?", "Dove posso riciclare le bottiglie di vetro?",
         "campane per il vetro dove sono", "Dove si trovano i contenitori per il vetro?",
         "Come smaltire i vasetti di vetro?"),
    ]  # fmt: skip
    asked = [gap for language, *words in topics for gap in gaps(*words, language=language)]
    asked += gaps("Is tap water safe to drink?", "When was the castle rebuilt?")
    [folder] = (case_study / "encoders").iterdir()
    found = find_clusters(asked, OnnxEncoder(folder))
    assert all(cluster.count == 5 for cluster in found)
    shown = [{cluster.question, *cluster.wordings} for cluster in found]
    assert len(shown) == len(topics)
    for _, *words in topics:
        assert sum(questions <= set(words) for questions in shown) == 1


HOSTILE = ("<i>e dove\x9b?\u202e",)
CLUSTER = Cluster("it", "<b>dove?</b>\x1b", HOSTILE, 1234, MARCH, APRIL, {"no_match": 1234})


@pytest.mark.parametrize(
    ("language", "words"), [("en", "asked 1234 times"), ("it", "posta 1234 volte")]
)
def test_the_page_is_safe_and_whole(language: str, words: str) -> None:
    """Questions are shown as words, in a page of its language that loads nothing."""
    page = gaps_page(Report(2000, 5, [CLUSTER, replace(CLUSTER, wordings=())]), language)
    assert f'<html lang="{language}">' in page
    assert words in page
    assert "&lt;b&gt;dove?" in page
    assert "2026-03-01 – 2026-04-01" in page
    assert not any(part in page for part in ("<b>", "<i>", "<script", "src=", "href=", "url("))
    assert not {*page} & {"\x1b", "\x9b", "\u202e"}


def test_nobody_s_question_commands_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences could clear it, set its title or write into the clipboard."""
    asked = "\x1b]0;gone\x07\x1b[2JWhere\x9b31m is :tram: [red]it?"
    show_gaps(Report(9, 5, [replace(CLUSTER, question=asked, wordings=(asked, asked))]), "en")
    shown = capsys.readouterr().out
    assert ":tram:" in shown
    assert "[red]it?" in shown
    assert not {*shown} & {"\x1b", "\x07", "\x9b"}


def test_gaps_are_shown_in_the_terminal_as_json_and_as_a_page(
    case_study: Path, tmp_path: Path
) -> None:
    """The command reads the file of the setting, groups it with the index's encoder, and shows."""
    log = GapLog(tmp_path / "gaps", day=lambda: MARCH)
    for question in (*POOL, "Who was Dante?"):
        log.keep(Answer(question, "en", False, 0.1, "no_match", (), None, (), "v"))
    command = ["gaps", "--gaps", str(tmp_path / "gaps"), "--index", str(case_study)]
    run = CliRunner().invoke
    assert "5 of 6 refused questions are shown" in run(app, command).stdout
    report = json.loads(run(app, [*command, "--json"]).stdout)
    assert (report["kept"], report["clusters"][0]["count"]) == (6, 5)
    assert (report["clusters"][0]["first"], report["clusters"][0]["language"]) == (str(MARCH), "en")
    run(app, [*command, "--html", str(tmp_path / "page.html"), "--language", "it"])
    assert "Che cosa si chiede invano" in (tmp_path / "page.html").read_text()
    assert json.loads(run(app, [*command, "--json", "--since", str(APRIL)]).stdout)["kept"] == 0
    assert run(app, [*command, "--delete-before", str(APRIL)]).stdout == "Deleted 6 questions.\n"
    assert log.read() == []


def test_without_the_setting_nothing_is_kept(
    no_settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says how to switch it on."""
    for path, wrong in ((None, "names no file"), (no_settings, "is a folder")):
        with pytest.raises(SettingsError, match=wrong):
            GapLog.of(path)
    assert _exit_code(lambda: app(["gaps"], standalone_mode=False)) == 2
    assert "RINVIO_GAPS" in capsys.readouterr().err
