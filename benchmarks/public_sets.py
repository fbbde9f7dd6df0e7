"""Writes the sets that the figures are on, from the files that their authors publish.

    python benchmarks/public_sets.py squad2 dev-v2.0.json squad2-a
    python benchmarks/public_sets.py squad-it SQuAD_it-test.json.gz squad-it-a
    python benchmarks/public_sets.py nq-open NQ-open.dev.jsonl nq-open-noise-a
    python benchmarks/public_sets.py or-sharc open_retrieval_sharc_dev.json or-sharc-dev

On GitHub: data/dev-v2.0.json in chrischute/squad (the half of SQuAD 2.0's dev set that is
Stanford CS224n's), SQuAD_it-test.json.gz in crux82/squad-it, nq_open/NQ-open.dev.jsonl in
google-research-datasets/natural-questions, data/open_retrieval_sharc_dev.json in
Yifan-Gao/open_retrieval_conversational_machine_reading, with data/id2snippet.json beside it.
squad-it2en-a has no such file: SQuAD-it numbers its questions anew, and its paragraphs were
put beside SQuAD's by their numbers, names and order.
"""

import argparse
import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from mixed_languages import ARTICLES

Row = dict[str, Any]
EVERY = 2  # question of NQ-open is taken, so that as many are left to judge with


class Rows(NamedTuple):
    """What the files of a set hold."""

    documents: list[Row]
    queries: list[Row]
    answers: list[Row]
    relevant: list[tuple[str, str]]  # a question, its document


def squad2(path: Path) -> Rows:
    """English articles of Wikipedia, with questions that they answer and that they do not."""
    rows = Rows([], [], [], [])
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            home = f"{article['title']}#{number}"
            title = article["title"].replace("_", " ")
            rows.documents.append({"id": home, "title": title, "text": paragraph["context"]})
            for asked in paragraph["qas"]:
                _add(rows, home, asked, "en", asked["answers"])
    return rows


def squad_it(path: Path) -> Rows:
    """The articles that are in `squad2` too, in Italian."""
    titles = {italian for italian, _ in ARTICLES}
    rows = Rows([], [], [], [])
    for number, article in enumerate(json.loads(gzip.decompress(path.read_bytes()))["data"]):
        if article["title"] not in titles:
            continue
        homes: dict[str, str] = {}  # of a text: some stand there twice
        for place, paragraph in enumerate(article["paragraphs"]):
            text = paragraph["context"]
            if paragraph["qas"] and text not in homes:
                homes[text] = f"it{number:02}-{place:03}"
                rows.documents.append({"id": homes[text], "title": article["title"], "text": text})
            for asked in paragraph["qas"]:
                mended = (_mended(answer, text) for answer in asked["answers"])
                _add(rows, homes[text], asked, "it", [answer for answer in mended if answer])
    return rows


def nq_open(path: Path) -> Rows:
    """Questions on anything; no documents."""
    lines = path.read_text(encoding="utf-8").splitlines()
    queries = [
        {"id": f"nqo-{number}", "text": json.loads(lines[number])["question"], "lang": "en"}
        for number in range(0, len(lines), EVERY)
    ]
    return Rows([], queries, [], [])


def or_sharc(path: Path) -> Rows:
    """Rules of public services, with questions; one asked with several histories is one."""
    texts = json.loads(path.with_name("id2snippet.json").read_text(encoding="utf-8"))
    rows = Rows([], [], [], [])
    rows.documents.extend({"id": f"s{name}", "title": "", "text": texts[name]} for name in texts)
    names: dict[str, str] = {}
    for asked in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        text, home = asked["question"].strip(), f"s{asked['gold_snippet_id']}"
        if text not in names:
            names[text] = f"os-{len(names)}"
            rows.queries.append({"id": names[text], "text": text, "lang": "en"})
        if (names[text], home) not in rows.relevant:
            rows.relevant.append((names[text], home))
    return rows


SETS = {"squad2": squad2, "squad-it": squad_it, "nq-open": nq_open, "or-sharc": or_sharc}


def _add(rows: Rows, home: str, asked: Row, language: str, given: Iterable[Row]) -> None:
    """Add one question of SQuAD on the document `home`."""
    name = str(asked["id"])
    rows.queries.append({"id": name, "text": asked["question"].strip(), "lang": language})
    places = dict.fromkeys((answer["text"], answer["answer_start"]) for answer in given)
    impossible = bool(asked.get("is_impossible"))
    if not impossible:
        rows.relevant.append((name, home))
    if places or impossible:
        answers = [{"text": text, "start": start} for text, start in places]
        row = {"query_id": name, "passage_id": home, "answers": answers}
        rows.answers.append({**row, "is_impossible": impossible})


def _mended(answer: Row, text: str) -> Row | None:
    """An answer with the nearest place where `text` has it; None for one without a word."""
    words, start = answer["text"], answer["answer_start"]
    if not any(map(str.isalnum, words)):
        return None
    places = [at for at in range(len(text)) if text.startswith(words, at)]
    if not places:
        raise SystemExit(f"{words!r} does not stand in its paragraph: {text[:80]!r}")
    return {"text": words, "answer_start": min(places, key=lambda at: abs(at - start))}


def main() -> None:
    """Write the four files of the layout."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("set", choices=SETS)
    parser.add_argument("source", type=Path, metavar="FILE")
    parser.add_argument("target", type=Path, metavar="OUT")
    options = parser.parse_args()
    rows = SETS[options.set](options.source)
    options.target.mkdir(parents=True, exist_ok=True)
    for name, part in zip(("corpus", "queries", "answers"), rows[:3], strict=True):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in part]
        (options.target / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    grades = [f"{query}\t{document}\t1\n" for query, document in rows.relevant]
    (options.target / "qrels.tsv").write_text("".join(grades), encoding="utf-8")
    print(f"{options.target}: {len(rows.documents)} documents, {len(rows.queries)} questions")


if __name__ == "__main__":
    main()
