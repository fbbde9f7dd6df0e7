"""Sets of questions: how they are read, and what in them is refused or told."""

import json
from pathlib import Path

import pytest
from fakes import write
from test_evaluation import QUESTIONS

from corpus.errors import CorpusError
from evaluation.acceptance import read_questions
from evaluation.datasets import read_data_set


def test_what_a_set_gets_wrong_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An answer that stands elsewhere, a document that is not there; a question that is none."""
    rows = {
        "corpus.jsonl": '{"id": "p", "title": "T", "text": "The tram stops."}\n',
        "queries.jsonl": '{"id": "1", "text": "What stops?", "lang": "en"}\n',
        "qrels.tsv": "1\tq\t1\n",
        "answers.jsonl": '{"query_id": "1", "passage_id": "p", "is_impossible": false, '
        '"answers": [{"text": "tram", "start": 5}]}\n',
    }
    read_data_set(write(tmp_path, dict(rows)))
    assert "qrels.tsv, line 1, names a document that is not there (1 such" in caplog.text
    assert "answers.jsonl, line 1, has an answer that does not stand where" in caplog.text
    rows["queries.jsonl"] = '{"id": "1", "text": " ", "lang": "en"}\n'
    with pytest.raises(CorpusError, match=r"queries\.jsonl: '1' cannot be asked\. The question"):
        read_data_set(write(tmp_path, dict(rows)))


def test_the_public_layout_is_read(tmp_path: Path) -> None:
    """Kinds, relevance, gold spans and the passage an unanswerable question was written for."""
    rows = {
        "corpus.jsonl": '{"id": "p", "title": "T", "text": "The tram stops."}\n',
        "queries.jsonl": '{"id": "1", "text": "What stops?", "lang": "en"}\n'
        '{"id": "2", "text": "What flies?", "lang": "en"}\n'
        '{"id": "3", "text": "What stops the tram?", "lang": "en"}\n',
        "qrels.tsv": "1\tp\t1\n",
        "answers.jsonl": '{"query_id": "1", "passage_id": "p", "is_impossible": false, '
        '"answers": [{"text": "tram", "start": 4}]}\n'
        '{"query_id": "2", "passage_id": "p", "is_impossible": true, "answers": []}\n'
        '{"query_id": "3", "passage_id": "p", "is_impossible": true, "kind": "swapped"}\n',
    }
    data = read_data_set(write(tmp_path, dict(rows)))
    first, second, third = data.queries
    assert (first.kind, first.relevant, first.spans) == ("answer", {"p": 1}, {"p": ((4, 8),)})
    assert (second.kind, second.spans, second.written_for) == ("unanswerable", {}, "p")
    assert (third.kind, third.written_for) == ("swapped", "p")
    assert data.documents[0].title == "T"


def test_what_one_passage_does_not_answer_another_may(tmp_path: Path) -> None:
    """A question with a gold span anywhere is answerable, whatever else it was written for."""
    said = '"query_id": "1", "is_impossible"'
    data = read_data_set(
        write(
            tmp_path,
            {
                "corpus.jsonl": '{"id": "p", "title": "T", "text": "The tram stops."}\n'
                '{"id": "q", "title": "T", "text": "It rained."}\n',
                "queries.jsonl": '{"id": "1", "text": "What stops?", "lang": "en"}\n',
                "qrels.tsv": "1\tp\t1\n",
                "answers.jsonl": f'{{{said}: true, "passage_id": "q", "answers": []}}\n'
                f'{{{said}: false, "passage_id": "p", "answers": '
                '[{"text": "tram", "start": 4}]}\n',
            },
        )
    )
    [query] = data.queries
    assert (query.kind, query.spans, query.written_for) == ("answer", {"p": ((4, 8),)}, "")


def test_a_text_may_be_markdown(tmp_path: Path) -> None:
    """In another format than those that are known it is refused."""
    row = '{"id": "p", "text": "# Trams\\n\\nThey **stop**.", "format": "markdown"}\n'
    question = '{"id": "1", "text": "What stops?", "lang": "en"}\n'
    folder = write(tmp_path, {"corpus.jsonl": row, "queries.jsonl": question})
    [document] = read_data_set(folder).documents
    assert [heading.text for heading in document.headings] == ["Trams"]
    assert document.plain.split() == ["#", "Trams", "They", "stop", "."]
    write(tmp_path, {"corpus.jsonl": row.replace("markdown", "html")})
    with pytest.raises(CorpusError, match=r"corpus\.jsonl, line 1: 'html' is no format"):
        read_data_set(folder)


def test_an_unknown_kind_is_named(tmp_path: Path) -> None:
    """Why nothing answers is one of three words; another is refused with its file and line."""
    row = '{"query_id": "1", "passage_id": "p", "is_impossible": true, "kind": "swaped"}\n'
    with pytest.raises(CorpusError, match=r"answers\.jsonl, line 1: 'swaped' is no kind"):
        read_data_set(write(tmp_path, {"answers.jsonl": row}))


def test_relevance_in_another_encoding_is_named(tmp_path: Path) -> None:
    """A line that is not UTF-8 is refused with its file and number."""
    (tmp_path / "qrels.tsv").write_bytes("1\tp\t1\n2\tcittà\t1\n".encode("latin-1"))
    with pytest.raises(CorpusError, match=r"qrels\.tsv, line 2"):
        read_data_set(tmp_path)


def test_a_set_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Not what would be missing in it; and blank lines of its files count for nothing."""
    with pytest.raises(CorpusError, match="none is not a folder"):
        read_data_set(tmp_path / "none")
    (tmp_path / "queries.jsonl").write_text('\n{"id": "1", "text": "Who?", "lang": "en"}\n\n')
    assert [query.text for query in read_data_set(tmp_path).queries] == ["Who?"]


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    """A line that is not JSON is refused with its file and number."""
    path = write(tmp_path, {"q.jsonl": '{"id": 1}\n{'}) / "q.jsonl"
    path.write_text(QUESTIONS.read_text().splitlines()[0] + "\n{\n")
    with pytest.raises(CorpusError, match=r"q\.jsonl, line 2"):
        read_questions(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "answers"}, "'answers' is none of answer, absent"),
        ({"evidence": []}, "evidence stands with the kind answer"),
        ({"kind": "absent"}, "evidence stands with the kind answer"),
        ({"evidence": [{"words": "tram"}]}, "no list of objects with a text"),
        ({"evidence": "tram"}, "no list of objects with a text"),
        ({"document": "\ud800"}, "surrogates not allowed"),
        ({"question": None}, "its question is no text"),
        ({"evidence": [{"text": " ", "start": 0, "end": 1}]}, "a text of its evidence is empty"),
        ({"question": " "}, "The question is empty"),
        ({}, "its id .* is another's too"),
    ],
)
def test_what_is_no_acceptance_question_is_named(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    """A line whose fields do not fit together is refused, rather than counted as something else."""
    first, *_ = QUESTIONS.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "q.jsonl"
    path.write_text(f"{first}\n\n{json.dumps(json.loads(first) | change)}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=rf"q\.jsonl, line 3.*{words}"):
        read_questions(path)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"corpus.jsonl": 2 * '{"id": "p", "text": "A tram."}\n'},
            r"has the id 'p' twice",
        ),
        (
            {"queries.jsonl": 2 * '{"id": "q", "text": "Why?", "lang": "en"}\n'},
            r"queries.jsonl has the id 'q' twice",
        ),
        (
            {"queries.jsonl": '{"id": "q", "text": "Perché?", "lang": "it"}'.encode("cp1252")},
            r"queries.jsonl, line 1, is not JSON",
        ),
        (
            {"answers.jsonl": '{"query_id": "q", "passage_id": "p", "is_impossible": false}'},
            r"answers.jsonl, line 1, has no list of answers",
        ),
    ],
)
def test_what_is_no_public_layout_is_named(
    tmp_path: Path, files: dict[str, str | bytes], words: str
) -> None:
    """The file, and the line or the id: nothing is counted once, or read as other letters."""
    with pytest.raises(CorpusError, match=words):
        read_data_set(write(tmp_path, files))
