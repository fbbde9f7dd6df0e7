"""How well documents are found: nDCG@10, MRR and recall for each part of the ranking.

    python benchmarks/retrieval.py --data FOLDER [FOLDER ...] [--encoder e5] [--encoder minilm]

FOLDER holds one set in the public layout (see README.md). Documents are ranked by
their best passage; `dense`, `lexical` and `fused` rank passages, `evidence` is the
order by their best sentences. `sentence@1` is the share of questions whose
first citation holds a gold answer (sets with answer spans only). All of it without the verifier.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import ir_measures
import numpy as np
from rich.console import Console
from rich.table import Table

from corpus.passages import PASSAGE_WORDS
from evaluation.datasets import DataSet, Query, read_data_set
from evaluation.measures import MEASURES
from evaluation.outcomes import holds
from index.export import Precision
from index.generation import Generation
from index.store import Store
from indexes import generation_of
from qa.evidence import Evidence, find_evidence, quoted
from qa.retrieval import retrieve, top

DEPTH = 100
Run = dict[str, dict[str, float]]


def evaluate(data: DataSet, generation: Generation) -> tuple[dict[str, Run], list[bool]]:
    """The run of each ranking; for each question with gold spans, whether sentence 1 is right."""
    runs: dict[str, Run] = {name: {} for name in ("dense", "lexical", "fused", "evidence")}
    right: list[bool] = []
    queries = [query for query in data.queries if query.relevant]
    vectors = generation.encoder.encode_queries([query.text for query in queries])
    ids = np.array(generation.store.document_ids())
    documents = generation.store.document_of_passage
    for query, vector in zip(queries, vectors, strict=True):
        lexical = generation.lexical.scores(query.text)
        nearest, _ = generation.vectors.search(vector, DEPTH * 3)
        runs["dense"][query.id] = ranking(ids[documents[nearest]])
        matching = top(lexical, DEPTH * 3)
        matching = matching[np.argsort(-lexical[matching], kind="stable")]
        runs["lexical"][query.id] = ranking(ids[documents[matching]])
        found = retrieve(generation, vector, lexical, query.language)
        runs["fused"][query.id] = ranking(ids[documents[found.numbers]])
        evidence = find_evidence(generation, found, vector, query.text)
        shown = {item.number for item in evidence}
        rest = [number for number in found.numbers.tolist() if number not in shown]
        order = [item.number for item in evidence] + rest
        runs["evidence"][query.id] = ranking(ids[documents[order]])
        right += _judged(query, evidence[0], generation.store)
    return runs, right


def ranking(ids: Iterable[str]) -> dict[str, float]:
    """Scores that put documents in the order in which `ids` first names them."""
    distinct = list(dict.fromkeys(str(name) for name in ids))[:DEPTH]
    return {name: float(DEPTH - place) for place, name in enumerate(distinct)}


def cells(data: DataSet, run: Run) -> list[str]:
    """MEASURES of a run, as a table shows them."""
    relevant = {query.id: query.relevant for query in data.queries if query.relevant}
    figures = ir_measures.calc_aggregate(MEASURES, relevant, run)
    return [f"{figures[measure]:.3f}" for measure in MEASURES]


def _judged(query: Query, evidence: Evidence, store: Store) -> list[bool]:
    """Empty when the query has no gold span, else whether the quote holds one."""
    if not query.spans:
        return []
    spans = query.spans.get(evidence.passage.document_id, ())
    return [holds(quoted(store, evidence.number, evidence.sentence_number), spans)]


def main() -> None:
    """Print one table for each encoder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--encoder", action="append", help="e5 (default), minilm, name or path")
    parser.add_argument("--words", type=int, default=PASSAGE_WORDS, help="words in a passage")
    parser.add_argument("--precision", choices=get_args(Precision), default="int8")
    options = parser.parse_args()
    for encoder in options.encoder or ["e5"]:
        table = Table(
            "set",
            "ranking",
            *map(str, MEASURES),
            "sentence@1",
            title=f"{encoder}, {options.precision}",
        )
        for folder in options.data:
            data = read_data_set(folder)
            runs, right = evaluate(
                data, generation_of(data, encoder, options.precision, options.words)
            )
            for name, run in runs.items():
                share = f"{np.mean(right):.3f}" if right and name == "evidence" else ""
                table.add_row(data.name, name, *cells(data, run), share)
        Console(width=110).print(table)


if __name__ == "__main__":
    main()
