"""Asks a new generation the acceptance questions, and the served one, before it is published."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.document import Document
from corpus.errors import GenerationError
from corpus.quotes import pattern_of
from evaluation.acceptance import read_questions
from evaluation.datasets import ANSWERABLE, Query, Spans
from evaluation.outcomes import SHOWN, Outcome, outcome
from index.cutting import Progress
from index.files import sha256_of
from index.gate import Gate, GateFigures, GateVerdict, passes
from qa.engine import Engine, OpenEngine
from settings import Settings


def gate_of(settings: Settings, path: Path, progress: Progress) -> Gate:
    """The gate that asks the questions in `path` as the settings say; see `open_gate`."""

    def open_engine(generation: str, previous: Engine | None) -> Engine:
        return Engine.open(
            settings.index,
            settings.verifier,
            settings.threshold,
            previous=previous,
            generation_id=generation,
        )

    return open_gate(path, open_engine, progress)


def open_gate(path: Path, open_engine: OpenEngine, progress: Progress) -> Gate:
    """The gate that asks the questions in `path`; CorpusError when they cannot be read."""
    queries = read_questions(path).queries
    mark = sha256_of(path)

    def judge(new: str, served: str | None) -> GateVerdict:
        engine = open_engine(new, None)
        now = _ask(engine, queries, progress)
        before = now if served == new else _ask_served(served, engine)
        return verdict(mark, now, before)

    def _ask_served(served: str | None, engine: Engine) -> list[Outcome] | None:
        try:
            return _ask(open_engine(served, engine), queries, progress) if served else None
        except GenerationError:  # damaged or gone: there is nothing to be as good as
            return None

    return judge


def verdict(mark: str, now: Sequence[Outcome], before: Sequence[Outcome] | None) -> GateVerdict:
    """What the outcomes of a new generation are worth beside those of the served one.

    A question whose evidence is gone shuts the gate: it would test nothing, before and now.
    """
    figures = _figures(now)
    past = _figures(before) if before else None
    bar = [_worth(asked) for asked in before] if before else [2] * len(now)
    worse = [
        asked
        for asked, least in zip(now, bar, strict=True)
        if _worth(asked) < least or without_evidence(asked.query)
    ]
    passed = passes(figures, past) and not any(without_evidence(asked.query) for asked in now)
    return GateVerdict(passed, mark, figures, past, tuple(map(_said, worse)))


def _ask(engine: Engine, queries: Sequence[Query], progress: Progress) -> list[Outcome]:
    outcomes = []
    for query in queries:
        outcomes.append(outcome(placed(query, engine), engine.ask(query.text, SHOWN)))
        progress(f"asking {engine.index_version}", len(outcomes), len(queries))
    return outcomes


def placed(query: Query, engine: Engine) -> Query:
    """An acceptance question with the places where its evidence stands now: documents change."""
    spans = {name: _places(engine.document(name), query.evidence) for name in query.relevant}
    return replace(query, spans=spans)


def _places(document: Document | None, evidence: Sequence[str]) -> Spans:
    text = document.text if document else ""
    found = [match.span() for words in evidence for match in re.finditer(pattern_of(words), text)]
    return tuple(found)


def _figures(outcomes: Sequence[Outcome]) -> GateFigures:
    answerable = [asked for asked in outcomes if asked.query.kind == ANSWERABLE]
    others = [asked for asked in outcomes if asked.query.kind != ANSWERABLE]
    return GateFigures(
        answerable=len(answerable),
        evidence_first=sum(asked.right for asked in answerable),
        answered_rightly=sum(asked.right and asked.answered for asked in answerable),
        others=len(others),
        others_answered=sum(asked.answered for asked in others),
    )


def _worth(asked: Outcome) -> int:
    """2: as it should be; 1: the evidence is first, but not given as the answer; 0: wrong."""
    if asked.query.kind != ANSWERABLE:
        return 0 if asked.answered else 2
    return asked.right * (1 + asked.answered)


def without_evidence(query: Query) -> bool:
    """Whether the documents should answer it and, once `placed`, nowhere hold its evidence."""
    return query.kind == ANSWERABLE and not any(query.spans.values())


def _said(asked: Outcome) -> str:
    """A question that fared badly, and how."""
    if asked.query.kind != ANSWERABLE:
        how = "answered, though the documents do not say"
    elif without_evidence(asked.query):
        how = f"no document {' or '.join(asked.query.spans)} holds the words of its evidence"
    elif asked.right:
        how = "not answered"
    else:
        how = "the evidence is not first" + (", another sentence is given" * asked.answered)
    return f"{asked.query.id}: {asked.query.text} ({how})"
