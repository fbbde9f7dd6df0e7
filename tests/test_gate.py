"""A gate keeps a generation from being published when it answers acceptance questions worse."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from fakes import WordCountEncoder, build_fake, documents_of, open_fake, write
from test_cli import run

from cli import _exit_code, app
from corpus.errors import CorpusError
from evaluation.datasets import ANSWERABLE, Query
from evaluation.gate import open_gate, placed
from index.gate import Gate, GateFigures, RefusedError, passes, recorded
from index.generation import Generation
from index.publishing import current, history
from index.store import STORE_FILE
from qa.confidence import Confidence
from qa.engine import Engine

TRAM = "The tram runs every ten minutes."
POOL = "The pool on Harbour Street is closed."
ROWS = [
    {
        "id": "q1",
        "question": "How often does the tram run every ten minutes?",
        "language": "en",
        "kind": "answer",
        "document": "tram",
        "evidence": [{"text": "every ten minutes"}],
    },
    {
        "id": "q2",
        "question": "xyzzy plugh?",
        "language": "en",
        "kind": "nonsense",
        "document": "tram",
        "evidence": [],
    },
]


def gate_of(index: Path, folder: Path, threshold: float = 0.0) -> Gate:
    """The questions above; with a threshold of 0 all are answered, with 1 none."""
    lines = "\n".join(map(json.dumps, ROWS[: 1 if threshold == 0 else 2]))
    path = write(folder, {"questions.jsonl": lines}) / "questions.jsonl"

    def open_engine(name: str, previous: Engine | None) -> Engine:
        generation = Generation.open(index, name, WordCountEncoder)
        confidence = replace(Confidence.load(), threshold=threshold)
        return Engine(index, generation, confidence)

    return open_gate(path, open_engine, lambda step, done, total: None)


def build_gated(tmp_path: Path, files: dict[str, str], name: str, threshold: float = 0.0) -> object:
    gate = gate_of(tmp_path / "i", tmp_path / "q", threshold)
    return build_fake(tmp_path / "i", documents_of(tmp_path / name, files), gate=gate)


def test_an_index_that_answers_as_well_is_published(tmp_path: Path) -> None:
    """Its figures stand in the report and beside it; evidence is found where it moved to."""
    report = build_gated(tmp_path, {"tram.txt": TRAM}, "a")
    again = build_gated(tmp_path, {"tram.txt": f"News. {TRAM}", "pool.txt": POOL}, "b")
    assert report.gate.figures == again.gate.figures == GateFigures(1, 1, 1, 0, 0)
    assert (report.gate.before, again.gate.before) == (None, report.gate.figures)
    assert recorded(tmp_path / "i", again.index_version) == again.gate
    assert history(tmp_path / "i") == [again.index_version, report.index_version]


def test_an_index_that_answers_worse_is_refused(tmp_path: Path) -> None:
    """Without the evidence nothing is published; the question that failed is named."""
    served = build_gated(tmp_path, {"tram.txt": TRAM}, "a")
    pointer = (tmp_path / "i" / "CURRENT").read_bytes()
    with pytest.raises(RefusedError, match=r"(?s)not published.*q1: How often") as refused:
        build_gated(tmp_path, {"tram.txt": "The tram is red.", "pool.txt": POOL}, "b")
    assert refused.value.verdict.before == served.gate.figures
    assert (tmp_path / "i" / "CURRENT").read_bytes() == pointer
    there = [path.name for path in (tmp_path / "i" / "generations").iterdir()]
    assert there == history(tmp_path / "i")
    assert recorded(tmp_path / "i", served.index_version) == served.gate


def test_a_question_without_its_evidence_is_refused(tmp_path: Path) -> None:
    """It says nothing of an index, even where the served one fares no better: nothing is tested."""
    build_fake(tmp_path / "i", documents_of(tmp_path / "a", {"pool.txt": POOL}))
    with pytest.raises(RefusedError, match=r"q1: .*no document tram holds the words"):
        build_gated(tmp_path, {"pool.txt": f"News. {POOL}"}, "b")


def test_evidence_is_no_part_of_other_words(tmp_path: Path) -> None:
    """The number 80 does not stand in 1980."""
    build_fake(
        tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": "In 1980 it had 80 members."})
    )
    query = Query("q", "How many?", "en", ANSWERABLE, {"a": 1}, evidence=("80",))
    assert placed(query, open_fake(tmp_path / "i")).spans == {"a": ((15, 17),)}


def test_what_a_refused_build_embedded_is_not_embedded_again(tmp_path: Path) -> None:
    """Mended, the next build goes on from the vectors that the refused one has made."""
    build_gated(tmp_path, {"tram.txt": TRAM}, "a")
    with pytest.raises(RefusedError):
        build_gated(tmp_path, {"pool.txt": POOL}, "b")
    report = build_gated(tmp_path, {"tram.txt": TRAM, "pool.txt": POOL}, "c")
    assert (report.embedded, report.resumed) == (0, 2)


def test_a_damaged_generation_may_be_set_aside_twice(tmp_path: Path) -> None:
    """What a refused build set aside does not stop the next one."""
    worse = {"tram.txt": "The tram is red.", "pool.txt": f"{POOL} {TRAM}"}
    report = build_fake(tmp_path / "i", documents_of(tmp_path / "b", worse))
    build_fake(tmp_path / "i", documents_of(tmp_path / "a", {"tram.txt": TRAM}))
    path = tmp_path / "i" / "generations" / report.index_version / STORE_FILE
    for _ in range(2):
        path.write_bytes(path.read_bytes() + b"?")
        with pytest.raises(RefusedError):
            build_gated(tmp_path, worse, "b")


def test_a_first_index_has_to_be_good_enough(tmp_path: Path) -> None:
    """Where nothing is served there are least figures, and a refused first build leaves none."""
    with pytest.raises(RefusedError, match="answered rightly 50%"):
        build_gated(tmp_path, {"tram.txt": TRAM}, "a", threshold=1.0)
    assert history(tmp_path / "i") == []
    assert list((tmp_path / "i" / "generations").iterdir()) == []


def test_the_gate_does_not_change_the_id(tmp_path: Path) -> None:
    """The same documents give the same generation, asked or not; asked again, it is unchanged."""
    gated = build_gated(tmp_path, {"tram.txt": TRAM}, "a")
    plain = build_fake(tmp_path / "j", documents_of(tmp_path / "a", {"tram.txt": TRAM}))
    again = build_gated(tmp_path, {"tram.txt": TRAM}, "a")
    assert gated.index_version == plain.index_version == again.index_version
    assert (again.changed, again.gate.before) == (False, again.gate.figures)


def test_a_verdict_goes_with_its_generation(tmp_path: Path) -> None:
    """What is pruned leaves no figures behind."""
    versions = [
        build_gated(tmp_path, {"tram.txt": TRAM, f"{n}.txt": POOL}, f"d{n}").index_version
        for n in range(4)
    ]
    kept = {path.stem for path in (tmp_path / "i" / "gates").iterdir()}
    assert kept == set(versions[1:])


@pytest.mark.parametrize(
    ("now", "before", "passed"),
    [
        (GateFigures(10, 8, 5, 10, 1), None, True),
        (GateFigures(10, 7, 7, 10, 0), None, False),
        (GateFigures(10, 8, 4, 10, 0), None, False),
        (GateFigures(10, 8, 5, 10, 2), None, False),
        (GateFigures(10, 2, 2, 10, 5), GateFigures(10, 2, 2, 10, 5), True),
        (GateFigures(10, 9, 9, 10, 0), GateFigures(10, 10, 9, 10, 0), False),
        (GateFigures(10, 9, 8, 10, 0), GateFigures(10, 9, 9, 10, 0), False),
        (GateFigures(10, 9, 9, 10, 1), GateFigures(10, 9, 9, 10, 0), False),
    ],
)
def test_the_bar(now: GateFigures, before: GateFigures | None, passed: bool) -> None:
    """No figure below that of the served index; 80 %, 50 % and at most 10 % without one."""
    assert passes(now, before) is passed


def test_a_file_of_questions_is_read_before_anything_is_built(tmp_path: Path) -> None:
    """A missing or broken file stops the build at once."""
    with pytest.raises(CorpusError, match="is not there"):
        open_gate(tmp_path / "none.jsonl", lambda *_: pytest.fail("asked"), lambda *_: None)


def test_a_refusal_has_its_own_exit_code(
    case_study: Path, no_settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3, the verdict as JSON, the question by name; what is served stays."""
    documents = write(no_settings / "d", {"baltimore-turin.txt": "Turin is a city in Piedmont."})
    questions = Path(__file__).with_name("case-study.jsonl")
    served = current(case_study)
    arguments = ["build", "--index", str(case_study), "--documents", str(documents)]
    arguments += ["--gate", str(questions), "--json"]
    assert _exit_code(partial(app, arguments, standalone_mode=False)) == 3
    printed = capsys.readouterr()
    said = json.loads(printed.out)
    assert (said["changed"], said["gate"]["passed"]) == (False, False)
    assert "dev-01: What did Baltimore adopt from Torino City Lab?" in printed.err
    assert current(case_study) == served


def test_info_shows_the_figures(case_study: Path, no_settings: Path) -> None:
    """A gated build of the case study passes; info says how well, in words and as JSON."""
    questions = str(Path(__file__).with_name("case-study.jsonl"))
    code, _ = run("build", "--index", str(case_study), "--gate", questions, "--json")
    assert code == 0
    about = json.loads(run("info", "--index", str(case_study), "--json")[1])
    assert about["gate"]["figures"]["evidence_first"] >= 17
    assert "answered rightly" in run("info", "--index", str(case_study))[1]
