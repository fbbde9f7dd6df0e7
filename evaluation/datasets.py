"""Reads sets of documents and questions to evaluate with, in the layout of the public sets.

It is a folder of corpus.jsonl {"id", "title", "text"}, with a "format" (one of FORMATS),
queries.jsonl {"id", "text", "lang"}, qrels.tsv (query, document, grade) and, for extractive
sets, answers.jsonl {"query_id", "passage_id", "answers": [{"text", "start"}],
"is_impossible"}, with a "kind" (one of IMPOSSIBLE) where it is known why it is impossible.
"""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.document import Document
from corpus.errors import CorpusError, QuestionError
from corpus.language import detect_language
from corpus.layout import plain_layout
from corpus.markdown import markdown_layout
from corpus.plain import blanked
from qa.question import check_question

log = logging.getLogger("rinvio.evaluation")

Spans = tuple[tuple[int, int], ...]
ANSWERABLE = "answer"
FORMATS = ("text", "markdown")  # the first where nobody says which
IMPOSSIBLE = ("unanswerable", "absent", "swapped")  # the first where nobody says why


@dataclass(frozen=True)
class Query:
    """A question with what is known of its answer.

    `kind` is "answer" for one that the documents answer, else why they do not (absent,
    swapped, foreign, nonsense, unanswerable). `relevant` maps documents to grades, `spans`
    maps a document to the places of its gold answers; both may be empty. `written_for` is the
    document that an unanswerable question was written for, empty when there is none.
    `evidence` holds the words of the gold answers of an acceptance question.
    """

    id: str
    text: str
    language: str
    kind: str
    relevant: dict[str, int] = field(default_factory=dict)
    spans: dict[str, Spans] = field(default_factory=dict)
    written_for: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataSet:
    """Questions and the documents to ask; no documents where an index is there already."""

    name: str
    documents: list[Document]
    queries: list[Query]


def read_data_set(folder: Path) -> DataSet:
    """The set in `folder`; without corpus.jsonl its questions are foreign to any corpus.

    CorpusError names the file and line that cannot be read; what only spoils the figures is logged.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder} is not a folder.", "Name the folder of a data set.")
    corpus = folder / "corpus.jsonl"
    documents = [_document(f"{corpus}, line {n}", row) for n, row in rows(corpus, "id", "text")]
    _check_ids(corpus, [document.id for document in documents])
    texts = {document.id: document.text for document in documents}
    relevant = _relevance(folder / "qrels.tsv", texts)
    spans, impossible = _answers(folder / "answers.jsonl", texts)
    possible = (ANSWERABLE if documents else "foreign", "")
    queries = [
        Query(
            name := str(row["id"]),
            str(row["text"]),
            str(row["lang"]),
            impossible.get(name, possible)[0],
            relevant.get(name, {}),
            spans.get(name, {}),
            impossible.get(name, possible)[1],
        )
        for _, row in rows(folder / "queries.jsonl", "id", "text", "lang")
    ]
    if not queries:
        raise CorpusError(f"{folder / 'queries.jsonl'} holds no question.", "See evaluation/.")
    _check_ids(folder / "queries.jsonl", [query.id for query in queries])
    for query in queries:
        _check_question(folder / "queries.jsonl", query)
    return DataSet(folder.name, documents, queries)


def _relevance(path: Path, texts: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """By question, the documents that are relevant with their grades."""
    found: dict[str, dict[str, int]] = {}
    unknown = []
    lines = path.read_bytes().splitlines() if path.is_file() else []  # text has more line ends
    for number, line in enumerate(lines, 1):
        try:
            query, document, grade = line.decode("utf-8-sig").split("\t")
            found.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            raise CorpusError(
                f"{path}, line {number}, is not query, document, grade.",
                "Put tabs between them, without a header.",
            ) from error
        if document not in texts:
            unknown.append(number)
    _complain(path, unknown, "names a document that is not there")
    return found


def _answers(
    path: Path, texts: Mapping[str, str]
) -> tuple[dict[str, dict[str, Spans]], dict[str, tuple[str, str]]]:
    """By question: where the answers stand in each document; why it has none, and whose it is."""
    spans: dict[str, dict[str, Spans]] = {}
    impossible: dict[str, tuple[str, str]] = {}
    elsewhere = []
    for number, row in rows(path, "query_id", "passage_id", "is_impossible"):
        name, document = str(row["query_id"]), str(row["passage_id"])
        if row["is_impossible"]:
            kind = row.get("kind", IMPOSSIBLE[0])
            if kind not in IMPOSSIBLE:
                raise CorpusError(
                    f"{path}, line {number}: {kind!r} is no kind of question.",
                    f"Write one of {', '.join(IMPOSSIBLE)}, or leave it out.",
                )
            impossible[name] = (kind, document)
            continue
        try:
            said = [(answer["start"], answer["text"]) for answer in row["answers"]]
            places = tuple((start, start + len(words)) for start, words in said)
        except (KeyError, TypeError) as error:
            raise CorpusError(
                f"{path}, line {number}, has no list of answers with text and start.",
                "Write it, or is_impossible: true where nothing answers.",
            ) from error
        spans.setdefault(name, {})[document] = places
        text = texts.get(document, "")
        if any(not text.startswith(words, start) for start, words in said):
            elsewhere.append(number)
    _complain(path, elsewhere, "has an answer that does not stand where it says")
    # What one passage does not answer, another may
    return spans, {name: why for name, why in impossible.items() if name not in spans}


def _complain(path: Path, lines: Sequence[int], what: str) -> None:
    if lines:
        log.warning("%s, line %d, %s (%d such lines)", path, lines[0], what, len(lines))


def _check_question(path: Path, query: Query) -> None:
    try:
        check_question(query.text, 1, None)
    except QuestionError as error:
        raise CorpusError(
            f"{path}: {query.id!r} cannot be asked. {error.wrong}", error.cure
        ) from error


def rows(path: Path, *fields: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line and object of each line of a file that may be absent, but for empty ones.

    CorpusError names the line that lacks one of `fields`.
    """
    needed = set(fields)
    if not path.is_file():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig"))
                json.dumps(row, ensure_ascii=False).encode()  # half a character is none
            except ValueError as error:
                raise CorpusError(
                    f"{path}, line {number}, is not JSON ({error}).",
                    "Write one object a line, in UTF-8.",
                ) from error
            if not isinstance(row, dict) or not needed <= row.keys():
                raise CorpusError(
                    f"{path}, line {number}, has not all of {', '.join(sorted(needed))}.",
                    "Write one object a line, with these fields.",
                )
            yield number, row


def _check_ids(path: Path, ids: list[str]) -> None:
    """CorpusError when one stands twice: it would be counted once, or stop the build."""
    twice = [name for name, times in Counter(ids).items() if times > 1]
    if twice:
        raise CorpusError(f"{path} has the id {twice[0]!r} twice.", "Give each its own.")


def _document(line: str, row: dict[str, Any]) -> Document:
    name, title, text = str(row["id"]), str(row.get("title", "")), str(row["text"])
    if (written := row.get("format", "text")) not in FORMATS:
        raise CorpusError(
            f"{line}: {written!r} is no format of a text.",
            f"Write one of {', '.join(FORMATS)}, or leave it out.",
        )
    markdown = written == "markdown"
    headings, blocks = (markdown_layout if markdown else plain_layout)(text, 0)
    named = [name, title, text, *(["markdown"] if markdown else [])]
    language = detect_language(text)
    return Document(
        id=name,
        title=title,
        text=text,
        language=language,
        url=None,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        origin=hashlib.sha256(json.dumps(named).encode()).hexdigest(),
        headings=headings,
        blocks=blocks,
        blanked=blanked(text, headings, blocks, markdown, language=language),
    )
