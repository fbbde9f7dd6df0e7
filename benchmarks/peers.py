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
from evaluation.measures import MEASURES
from index.generation import Generation
from index.models import load_model
from indexes import generation_of
from retrieval import Run, cells, evaluate, ranking


def prepare(work: Path, generation: Generation) -> None:
    """Write to `work` the model and the passages of `generation`, for txtai."""
    card, store = generation.encoder.card, generation.store
    load_model(card.name).save(str(work / "model"))
    prompts = {"query": card.query_prompt, "data": card.passage_prompt}
    (work / "prompts.json").write_text(json.dumps(prompts), encoding="utf-8")
    passages = [(str(number), store.indexed_text(number)) for number in range(len(store))]
    _write(work / "passages.jsonl", passages)


def run_txtai(work: Path, python: Path) -> None:
    """Let txtai index what `prepare` wrote, and answer `queries.jsonl` or save its index."""
    script = Path(__file__).with_name("peer_txtai.py")
    subprocess.run([python, script, work], check=True)  # noqa: S603  # both are ours


def txtai_run(data: DataSet, generation: Generation, python: Path) -> Run:
    """The ranking by txtai of the documents of `data`, whose passages are those of `generation`."""
    with TemporaryDirectory() as place:
        work = Path(place)
        prepare(work, generation)
        _write(work / "queries.jsonl", [(q.id, q.text) for q in data.queries if q.relevant])
        run_txtai(work, python)
        found = json.loads((work / "run.json").read_text(encoding="utf-8"))
    ids = generation.store.document_ids()
    home = generation.store.document_of_passage
    return {
        query: ranking(ids[home[int(number)]] for number in numbers)
        for query, numbers in found.items()
    }


def _write(path: Path, rows: list[tuple[str, str]]) -> None:
    lines = "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in rows)
    path.write_text(lines, encoding="utf-8")


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
            generation = generation_of(data, encoder)
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
