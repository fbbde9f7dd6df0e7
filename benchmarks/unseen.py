"""Writes a set with only the questions on articles that the verifier was not trained on.

    python benchmarks/unseen.py FOLDER OUT
    python benchmarks/unseen.py FOLDER OUT --lower

All documents stay: what is found is found among all of them. `--lower` has the questions in
small letters, as many people type them. Give OUT to `rinvio eval`.
"""

import argparse
import json
import shutil
from pathlib import Path

from evaluation.datasets import read_data_set
from verifier_recipe import UNSEEN


def main() -> None:
    """Copy the set, leaving out questions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source", type=Path, metavar="FOLDER")
    parser.add_argument("target", type=Path, metavar="OUT")
    parser.add_argument("--lower", action="store_true", help="questions in small letters")
    options = parser.parse_args()
    source, target = options.source, options.target
    unseen = {title for titles in UNSEEN for title in titles}
    data = read_data_set(source)
    titles = {document.id: document.title for document in data.documents}
    kept = {
        query.id
        for query in data.queries
        if titles.get(query.written_for or next(iter(query.relevant), "")) in unseen
    }
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "corpus.jsonl", target)
    for name, field in (("queries.jsonl", "id"), ("answers.jsonl", "query_id")):
        lines = (source / name).read_text(encoding="utf-8").splitlines(keepends=True)
        chosen = [line for line in lines if str(json.loads(line)[field]) in kept]
        if options.lower and name == "queries.jsonl":
            chosen = [_in_small_letters(line) for line in chosen]
        (target / name).write_text("".join(chosen), encoding="utf-8")
    lines = (source / "qrels.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    chosen = [line for line in lines if line.split("\t")[0] in kept]
    (target / "qrels.tsv").write_text("".join(chosen), encoding="utf-8")
    print(f"{target}: {len(kept)} of {len(data.queries)} questions")


def _in_small_letters(line: str) -> str:
    query = json.loads(line)
    return json.dumps({**query, "text": query["text"].lower()}, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
