"""Reads the public sets' layout: corpus.jsonl, queries.jsonl, qrels.tsv, answers.jsonl."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from corpus.language import detect_language
from corpus.layout import plain_layout


@dataclass(frozen=True)
class Query:
    """A question of a set, and its language."""

    id: str
    text: str
    language: str


@dataclass(frozen=True)
class DataSet:
    """One folder of the layout.

    `relevant` maps a query to its relevant documents; `spans` maps (query, document) to
    the spans of its gold answers; `impossible` holds the queries that have none.
    """

    name: str
    documents: list[Document]
    queries: list[Query]
    relevant: dict[str, dict[str, int]]
    spans: dict[tuple[str, str], list[tuple[int, int]]]
    impossible: set[str]


def read_data_set(folder: Path) -> DataSet:
    """The set in `folder`; a file that the set does not have counts as empty."""
    relevant: dict[str, dict[str, int]] = {}
    if (folder / "qrels.tsv").is_file():
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
            query, document, grade = line.split("\t")
            relevant.setdefault(query, {})[document] = int(grade)
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    impossible = set()
    for row in _rows(folder / "answers.jsonl"):
        if row["is_impossible"]:
            impossible.add(str(row["query_id"]))
        else:
            places = [(a["start"], a["start"] + len(a["text"])) for a in row["answers"]]
            spans[str(row["query_id"]), str(row["passage_id"])] = places
    queries = [
        Query(str(row["id"]), str(row["text"]), str(row["lang"]))
        for row in _rows(folder / "queries.jsonl")
    ]
    documents = [_document(row) for row in _rows(folder / "corpus.jsonl")]
    return DataSet(folder.name, documents, queries, relevant, spans, impossible)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _document(row: dict[str, object]) -> Document:
    text = str(row["text"])
    headings, blocks = plain_layout(text)
    return Document(
        id=str(row["id"]),
        title=str(row.get("title", "")),
        text=text,
        language=detect_language(text),
        url=None,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        headings=headings,
        blocks=blocks,
    )
