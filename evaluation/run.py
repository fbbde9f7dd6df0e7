"""Runs an evaluation from the command line: asks, measures, shows."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import CorpusError, SettingsError
from evaluation.acceptance import read_questions
from evaluation.datasets import DataSet, read_data_set
from evaluation.gate import placed, without_evidence
from evaluation.indexes import index_of
from evaluation.outcomes import Outcome, ask_all
from qa.engine import Engine
from settings import Settings


def evaluate(
    settings: Settings,
    questions: Path | None,
    folders: Sequence[Path],
    html: Path | None,
    as_json: bool,
) -> None:
    """Ask the questions and show the figures.

    A folder without documents asks its questions of the set before it: they are foreign there.
    SettingsError when nothing is named to ask, or two sets of one name.
    """
    try:
        from evaluation.measures import figures
        from evaluation.report import html_report, show
    except ImportError as error:
        raise SettingsError(
            f"The package {error.name} is not installed; evaluating needs it.",
            "Install it, in the clone: make setup, or pip install '.[eval]' -c constraints.txt.",
        ) from error
    runs = _runs(settings, questions, folders)
    results = {name: figures(outcomes) for name, outcomes in runs}
    if as_json:
        print(json.dumps(results))
    else:
        for name, result in results.items():
            show(name, result)
    if html:
        page = html_report([(name, results[name], outcomes) for name, outcomes in runs])
        html.write_text(page, encoding="utf-8")


def _runs(
    settings: Settings, questions: Path | None, folders: Sequence[Path]
) -> list[tuple[str, list[Outcome]]]:
    """The outcomes of each run, by name; the sets are read before anything is built."""
    sets = [(folder, read_data_set(folder)) for folder in folders]
    _check_names([(path, data) for path, data in sets if data.documents], questions)
    runs: list[tuple[str, list[Outcome]]] = []
    engine: Engine | None
    if questions:
        asked = read_questions(questions)
        engine = Engine.open(settings.index, settings.verifier, settings.threshold)
        runs.append((asked.name, _asked(engine, _with_evidence(asked, engine, questions))))
    engine = None
    for folder, data in sets:
        if data.documents:
            index = index_of(data, settings.encoder, settings.precision)
            engine = Engine.open(index, settings.verifier, settings.threshold)
            runs.append((data.name, _asked(engine, data)))
        elif engine is None:
            raise SettingsError(f"{folder} has no documents.", "Name a set with documents first.")
        else:
            name, outcomes = runs[-1]
            runs[-1] = (f"{name} + {data.name}", outcomes + _asked(engine, data))
    if not runs:
        raise SettingsError("There is nothing to ask.", "Name --questions FILE or --data DIR.")
    return runs


def _check_names(sets: Sequence[tuple[Path, DataSet]], questions: Path | None) -> None:
    """SettingsError where two have one name: results and indexes go by it."""
    known = {questions.stem: questions} if questions else {}
    for folder, data in sets:
        if data.name in known:
            raise SettingsError(
                f"{known[data.name]} and {folder} have one name, by which results and indexes go.",
                "Rename one of them, or evaluate each by itself.",
            )
        known[data.name] = folder


def _with_evidence(asked: DataSet, engine: Engine, path: Path) -> DataSet:
    """The questions, their evidence where it stands now; CorpusError for one whose is gone."""
    queries = [placed(query, engine) for query in asked.queries]
    lost = [query.id for query in queries if without_evidence(query)]
    if lost:
        raise CorpusError(
            f"{path}: no document of the index holds the evidence of {', '.join(lost)}.",
            "Ask an index of the documents that they are about, or mend them.",
        )
    return replace(asked, queries=queries)


def _asked(engine: Engine, data: DataSet) -> list[Outcome]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(data.name, total=len(data.queries))
        return ask_all(engine, data.queries, lambda: bars.advance(task))
