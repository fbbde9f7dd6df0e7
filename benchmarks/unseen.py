"""Writes a set with only the questions on articles that the verifier was not trained on.

    python benchmarks/unseen.py FOLDER OUT

All documents stay: what is found is found among all of them. Give OUT to `rinvio eval`.
"""

import json
import shutil
import sys
from pathlib import Path

from evaluation.datasets import read_data_set
from qa.verifier import CARD_FILE, FOLDER


def main() -> None:
    """Copy the set, leaving out questions."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    card = json.loads((FOLDER / CARD_FILE).read_text(encoding="utf-8"))
    unseen = {title for titles in card["unseen_articles"] for title in titles}
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
        (target / name).write_text("".join(chosen), encoding="utf-8")
    lines = (source / "qrels.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    chosen = [line for line in lines if line.split("\t")[0] in kept]
    (target / "qrels.tsv").write_text("".join(chosen), encoding="utf-8")
    print(f"{target}: {len(kept)} of {len(data.queries)} questions")


if __name__ == "__main__":
    main()
