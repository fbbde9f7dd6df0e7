"""Rinvio beside txtai: the same model, the same passages, the same questions.

    make bench-peers DATA="FOLDER ..."

txtai runs in an environment of its own, as its hybrid (vectors and keywords) and
otherwise as it comes. Passages are cut by Rinvio for both, and documents are ranked by
their best passage. txtai returns passages, not sentences, and cannot say that
the documents are silent: there is nothing to compare there.
"""

import argparse
import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from evaluation.datasets import DataSet, read_data_set
from index.generation import Generation
from index.models import load_model
from indexes import index_of
from retrieval import MEASURES, Run, cells, evaluate, ranking


def txtai_run(data: DataSet, generation: Generation, python: Path) -> Run:
    """The ranking by txtai of the documents of `data`, whose passages are those of `generation`."""
    store = generation.store
    with TemporaryDirectory() as place:
        work = Path(place)
        model = load_model(generation.encoder.card.name)
        model.save(str(work / "model"))
        card = generation.encoder.card
        prompts = {"query": card.query_prompt, "data": card.passage_prompt}
        (work / "prompts.json").write_text(json.dumps(prompts), encoding="utf-8")
        passages = [
            {"id": str(number), "text": store.indexed_text(number)} for number in range(len(store))
        ]
        queries = [{"id": q.id, "text": q.text} for q in data.queries if q.relevant]
        for name, rows in (("passages", passages), ("queries", queries)):
            lines = "".join(json.dumps(row) + "\n" for row in rows)
            (work / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        script = Path(__file__).with_name("peer_txtai.py")
        subprocess.run([python, script, work], check=True)  # noqa: S603  # both are ours
        found = json.loads((work / "run.json").read_text(encoding="utf-8"))
    ids = store.document_ids()
    home = store.document_of_passage
    return {
        query: ranking(ids[home[int(number)]] for number in numbers)
        for query, numbers in found.items()
    }


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--encoder", action="append", help="minilm (default) or e5")
    parser.add_argument("--txtai", type=Path, required=True, metavar="PYTHON")
    options = parser.parse_args()
    table = Table("encoder", "set", "who", *map(str, MEASURES))
    for encoder in options.encoder or ["minilm"]:
        for folder in options.data:
            data = read_data_set(folder)
            generation = index_of(data, encoder)
            runs, _ = evaluate(data, generation)
            both = {
                "rinvio": runs["evidence"],
                "txtai": txtai_run(data, generation, options.txtai),
            }
            for who, run in both.items():
                table.add_row(encoder, data.name, who, *cells(data, run))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
