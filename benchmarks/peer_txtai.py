"""txtai's side of `peers.py` and `service.py`: run by the Python of txtai's own environment.

    python benchmarks/peer_txtai.py WORK

WORK holds `model/` (a sentence-transformers folder), `passages.jsonl` ({"id", "text"} a
line) and `prompts.json`. With `queries.jsonl` it writes `run.json`, for each query the ids
of its best passages; without, what txtai's API serves: `plain.yml`, vectors only, as txtai
comes, and `hybrid.yml`, vectors and keywords, whose answers have the passages' text.
"""

import json
import sys
from pathlib import Path

from txtai import Embeddings

DEPTH = 300


def main() -> None:
    """Index the passages, and ask all queries or save."""
    work = Path(sys.argv[1]).absolute()
    if (work / "queries.jsonl").is_file():
        _ask(_indexed(work, hybrid=True), work)
    else:
        _save(_indexed(work), work, "plain")
        _save(_indexed(work, hybrid=True, content=True), work, "hybrid")


def _indexed(work: Path, **options: bool) -> Embeddings:
    prompts = json.loads((work / "prompts.json").read_text(encoding="utf-8"))
    instructions = {"instructions": prompts} if any(prompts.values()) else {}
    embeddings = Embeddings(path=str(work / "model"), **options, **instructions)
    embeddings.index((row["id"], row["text"], None) for row in _rows(work / "passages.jsonl"))
    return embeddings


def _save(embeddings: Embeddings, work: Path, name: str) -> None:
    embeddings.save(str(work / name))
    settings = {"path": str(work / name), "embeddings": {"path": str(work / "model")}}
    (work / f"{name}.yml").write_text(json.dumps(settings), encoding="utf-8")


def _ask(embeddings: Embeddings, work: Path) -> None:
    queries = _rows(work / "queries.jsonl")
    found = embeddings.batchsearch([row["text"] for row in queries], DEPTH)
    run = {row["id"]: [name for name, _ in best] for row, best in zip(queries, found, strict=True)}
    (work / "run.json").write_text(json.dumps(run), encoding="utf-8")


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
