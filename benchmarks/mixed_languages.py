"""Writes a set whose documents are in two languages, each article in one of them only.

    python benchmarks/mixed_languages.py ITALIAN CROSSING OUT

ITALIAN holds Italian questions on Italian documents, CROSSING Italian questions on English
ones (squad-it-a and squad-it2en-a, which share their articles and number their questions
alike). In OUT every second article is Italian and the others are English, so that the right
document of a question competes with those in the other language. Give OUT to `retrieval.py`.
"""

import json
import sys
from pathlib import Path

from evaluation.datasets import read_data_set

ARTICLES = (  # in both languages
    ("Commutazione di pacchetto", "Packet switching"),
    ("Crisi energetica (1973)", "1973 oil crisis"),
    ("Dinastia Yuan", "Yuan dynasty"),
    ("Diritto dell'Unione europea", "European Union law"),
    ("Forza", "Force"),
    ("Guerra franco-indiana", "French and Indian War"),
    ("Imperialismo", "Imperialism"),
    ("Islamismo", "Islamism"),
    ("Motore a vapore", "Steam engine"),
    ("Normanni", "Normans"),
    ("Parlamento scozzese", "Scottish Parliament"),
    ("Sistema immunitario", "Immune system"),
    ("Teoria della complessità computazionale", "Computational complexity theory"),
    ("Ugonotti", "Huguenot"),
    ("Università di Harvard", "Harvard University"),
    ("Varsavia", "Warsaw"),
)
KEYS = {
    "corpus.jsonl": "id",
    "queries.jsonl": "id",
    "answers.jsonl": "query_id",
}  # of a file's rows: a document, or a question


def lines_of(folder: Path, left_out: set[str]) -> dict[str, list[str]]:
    """The lines of each file of a set, but for those on the articles `left_out`."""
    data = read_data_set(folder)
    documents = {document.id for document in data.documents if document.title not in left_out}
    questions = {query.id for query in data.queries if documents.issuperset(query.relevant)}
    kept = {
        name: [
            line
            for line in (folder / name).read_text(encoding="utf-8").splitlines()
            if json.loads(line)[key] in (documents if name == "corpus.jsonl" else questions)
        ]
        for name, key in KEYS.items()
    }
    grades = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    return kept | {"qrels.tsv": [line for line in grades if line.split("\t")[0] in questions]}


def main() -> None:
    """Write the four files of the layout."""
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    italian, crossing, out = map(Path, sys.argv[1:])
    parts = (
        lines_of(italian, {title for title, _ in ARTICLES[::2]}),
        lines_of(crossing, {title for _, title in ARTICLES[1::2]}),
    )
    out.mkdir(parents=True, exist_ok=True)
    for name in parts[0]:
        lines = [line + "\n" for part in parts for line in part[name]]
        (out / name).write_text("".join(lines), encoding="utf-8")
        print(f"{out / name}: {len(lines)} lines")


if __name__ == "__main__":
    main()
