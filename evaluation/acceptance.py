"""Reads acceptance questions: what an index has to answer, and what it has not to.

A file has one question a line: {"id", "question", "language", "kind", "document",
"evidence": [{"text"}]}; where the text stands today is looked for in the index.
"""

from pathlib import Path
from typing import Any

from corpus.errors import CorpusError, QuestionError
from evaluation.datasets import ANSWERABLE, DataSet, Query, rows
from qa.question import check_question

FIELDS = ("id", "question", "language", "kind", "document", "evidence")
WORDS = ("question", "language", "kind", "document")
KINDS = (ANSWERABLE, "absent", "swapped", "foreign", "nonsense")


def read_questions(path: Path) -> DataSet:
    """The acceptance questions in `path`; CorpusError names the line that cannot be used."""
    queries: list[Query] = []
    known: set[str] = set()
    for number, row in rows(path, *FIELDS):
        try:
            queries.append(_query(row))
            if queries[-1].id in known:
                raise ValueError(f"its id {queries[-1].id!r} is another's too")
            known.add(queries[-1].id)
        except (ValueError, QuestionError) as error:
            raise CorpusError(
                f"{path}, line {number}, is no acceptance question ({error}).",
                "Mend it: docs/operating.md says what they are.",
            ) from error
    if not queries:
        wrong = "holds no question" if path.is_file() else "is not there"
        raise CorpusError(
            f"{path} {wrong}.", "Name a file of acceptance questions, as tests/case-study.jsonl is."
        )
    return DataSet(path.stem, [], queries)


def _query(row: dict[str, Any]) -> Query:
    """The question of a row; ValueError and QuestionError say what is wrong with it."""
    if wrong := next((name for name in WORDS if not isinstance(row[name], str)), None):
        raise ValueError(f"its {wrong} is no text")
    text, kind, document = row["question"], row["kind"], row["document"]
    check_question(text, 1, None)
    if kind not in KINDS:
        raise ValueError(f"its kind {kind!r} is none of {', '.join(KINDS)}")
    if bool(row["evidence"]) != (kind == ANSWERABLE):
        raise ValueError("evidence stands with the kind answer, and with no other")
    try:
        words = tuple(str(span["text"]) for span in row["evidence"])
    except (KeyError, TypeError) as error:
        raise ValueError("its evidence is no list of objects with a text") from error
    if not all(map(str.strip, words)):
        raise ValueError("a text of its evidence is empty")
    return Query(
        id=str(row["id"]),
        text=text,
        language=str(row["language"]),
        kind=kind,
        relevant={document: 1} if words else {},
        evidence=words,
    )
